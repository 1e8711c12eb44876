-- For psql, as a superuser, before a dump is restored: the database steps aside under a name with the time, and an empty one
-- takes its place. storage/roles.sql follows it. Nothing may be signed in meanwhile: stop the program first.
\set ON_ERROR_STOP on
SELECT format('ALTER DATABASE yijue RENAME TO %I', 'yijue_' || to_char(now(), 'YYYYMMDD_HH24MISS')) \gexec
CREATE DATABASE yijue;
\connect yijue

-- For psql, after storage/roles.sql: the roles' passwords, out of the environment so that no process list shows them.
\getenv owner YIJUE_OWNER_PASSWORD
\getenv app YIJUE_APP_PASSWORD
ALTER ROLE yijue_owner PASSWORD :'owner';
ALTER ROLE yijue_app PASSWORD :'app';

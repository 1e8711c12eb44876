-- The roles of a server, and the present database as theirs: run by a superuser, as often as one likes.
-- The owner migrates and owns the tables; the program signs in as yijue_app, which owns nothing and only connects.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['yijue_owner', 'yijue_app'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION', role);
    END LOOP;
    -- Statements contain the secrets of sessions: no other sign-in can read them in pg_stat_activity or turn that on.
    ALTER ROLE yijue_app SET track_activities = off;
    EXECUTE format('ALTER DATABASE %I OWNER TO yijue_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO yijue_app', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

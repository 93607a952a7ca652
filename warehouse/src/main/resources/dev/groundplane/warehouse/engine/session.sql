-- The system and the session, whose variables are set when it begins.
CREATE MACRO version() AS
    'PostgreSQL 8.0.2 on x86_64-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.12103';
CREATE MACRO pg_backend_pid() AS getvariable('session_process')::INTEGER;
CREATE MACRO "current_schema"() AS main.current_schema();
CREATE MACRO current_schemas(implicit) AS
    '{' || CASE WHEN implicit THEN 'pg_catalog,' ELSE '' END
    || array_to_string(list_filter(main.current_schemas(false), lambda its_name: its_name NOT IN ('functions', 'catalog')), ',') || '}';

-- The standard's views of the session's database: of what the user owns or has a privilege on, unless it is a superuser.
-- "Redshift Database Developer Guide, System catalog tables".

CREATE VIEW schemata AS
    SELECT database_name AS catalog_name, schema_name, NULL::VARCHAR AS schema_owner
    FROM sys.catalog.svv_all_schemas WHERE database_name = current_database();
CREATE VIEW tables AS
    SELECT database_name AS table_catalog, schema_name AS table_schema, table_name,
        CASE table_type WHEN 'TABLE' THEN 'BASE TABLE' ELSE table_type END AS table_type
    FROM sys.catalog.svv_all_tables WHERE database_name = current_database();
CREATE VIEW columns AS
    SELECT database_name AS table_catalog, schema_name AS table_schema, table_name, column_name,
        ordinal_position::INTEGER AS ordinal_position, column_default, is_nullable, data_type,
        character_maximum_length, numeric_precision, numeric_scale, data_type AS udt_name
    FROM sys.catalog.svv_all_columns WHERE database_name = current_database();
CREATE VIEW views AS
    SELECT current_database() AS table_catalog, schemaname AS table_schema, viewname AS table_name,
        CASE WHEN sys.functions.sees_all() OR viewowner = sys.functions."current_user"() THEN definition END
            AS view_definition, 'NONE' AS check_option, 'NO' AS is_updatable
    FROM sys.catalog.pg_views WHERE sys.functions.may_see(current_database(), schemaname, viewname);
CREATE VIEW table_constraints AS
    SELECT database_name AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name,
        database_name AS table_catalog, schema_name AS table_schema, table_name,
        replace(kind, '_', ' ') AS constraint_type, 'NO' AS is_deferrable, 'NO' AS initially_deferred
    FROM sys.catalog.key_details
    WHERE database_name = current_database() AND sys.functions.may_see(database_name, schema_name, table_name);
CREATE VIEW key_column_usage AS
    SELECT database_name AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name,
        database_name AS table_catalog, schema_name AS table_schema, table_name,
        column_name, place AS ordinal_position
    FROM sys.catalog.key_columns
    WHERE database_name = current_database() AND sys.functions.may_see(database_name, schema_name, table_name);

-- Redshift's system views over the engine's own. All tell of the session's database alone, unless their names say otherwise.

CREATE VIEW svv_redshift_databases AS
    SELECT database_name, 100 AS database_owner, 'local' AS database_type, NULL::VARCHAR AS database_acl,
        NULL::VARCHAR AS database_options, 'Snapshot Isolation' AS database_isolation_level
    FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('sys', 'memory', 'load_history');
CREATE VIEW svv_all_schemas AS
    SELECT database_name, schema_name, sys.functions.owner_of(database_name, 'schema', schema_name, '') AS schema_owner, 'local' AS schema_type, NULL::VARCHAR AS schema_acl,
        NULL::VARCHAR AS source_database, NULL::VARCHAR AS schema_option
    FROM duckdb_schemas()
    WHERE database_name IN (SELECT database_name FROM sys.catalog.svv_redshift_databases) AND schema_name NOT IN ('main', 'groundplane');
CREATE VIEW svv_redshift_schemas AS
    SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM sys.catalog.svv_all_schemas;
CREATE VIEW svv_all_tables AS
    SELECT database_name, schema_name, table_name, NULL::VARCHAR AS table_acl,
        CASE kind WHEN 'r' THEN 'TABLE' ELSE 'VIEW' END AS table_type, comment->>'$.comment' AS remarks
    FROM sys.catalog.relation_details
    WHERE NOT temporary AND sys.functions.may_see(database_name, schema_name, table_name);
CREATE VIEW svv_redshift_tables AS
    SELECT database_name, schema_name, table_name, table_type, table_acl, remarks FROM sys.catalog.svv_all_tables;
CREATE VIEW svv_all_columns AS
    SELECT database_name, schema_name, table_name, column_name, column_index AS ordinal_position, column_default,
        CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, type_name AS data_type,
        CASE WHEN type_name <> 'numeric' THEN length END AS character_maximum_length,
        CASE type_name WHEN 'numeric' THEN numeric_precision WHEN 'smallint' THEN 16 WHEN 'integer' THEN 32
            WHEN 'bigint' THEN 64 WHEN 'real' THEN 24 WHEN 'double precision' THEN 53 END AS numeric_precision,
        CASE type_name WHEN 'numeric' THEN numeric_scale WHEN 'smallint' THEN 0 WHEN 'integer' THEN 0
            WHEN 'bigint' THEN 0 END AS numeric_scale, remarks
    FROM sys.catalog.column_details
    WHERE database_name <> 'temp' AND sys.functions.may_see(database_name, schema_name, table_name);
CREATE VIEW svv_redshift_columns AS SELECT * FROM sys.catalog.svv_all_columns;
CREATE VIEW svv_tables AS
    SELECT database_name AS table_catalog, schema_name AS table_schema, table_name, table_type, remarks
    FROM sys.catalog.svv_all_tables WHERE database_name = current_database();
CREATE VIEW svv_columns AS
    SELECT database_name AS table_catalog, schema_name AS table_schema, * EXCLUDE (database_name, schema_name)
    FROM sys.catalog.svv_all_columns WHERE database_name = current_database();
CREATE VIEW svv_external_schemas AS
    SELECT NULL::INTEGER AS esoid, NULL::INTEGER AS eskind, NULL::VARCHAR AS schemaname, NULL::INTEGER AS esowner,
        NULL::VARCHAR AS databasename, NULL::VARCHAR AS esoptions WHERE false;
CREATE VIEW svv_external_tables AS
    SELECT NULL::VARCHAR AS redshift_database_name, NULL::VARCHAR AS schemaname, NULL::VARCHAR AS tablename,
        NULL::VARCHAR AS tabletype, NULL::VARCHAR AS location WHERE false;
CREATE VIEW pg_database AS
    SELECT row_number() OVER ()::UINTEGER AS oid, database_name AS datname, 100 AS datdba, 6 AS encoding,
        false AS datistemplate, true AS datallowconn, 'C' AS datcollate, 'C' AS datctype, NULL::VARCHAR[] AS datacl,
        -1 AS datconnlimit, 1663::BIGINT AS dattablespace
    FROM sys.catalog.svv_redshift_databases;
-- What psql asks for.
CREATE MACRO sys.functions.pg_encoding_to_char(encoding) AS CASE encoding WHEN 6 THEN 'UTF8' END;
CREATE MACRO sys.functions.pg_table_is_visible(relation) AS
    relation IN (SELECT visible.oid FROM sys.catalog.pg_class visible
        JOIN sys.catalog.pg_namespace place ON place.oid = visible.relnamespace
        WHERE list_contains(main.current_schemas(false), place.nspname));

-- Redshift's system views over the engine's own. All tell of the session's database alone, unless their names say otherwise.

CREATE MACRO redshift_type(engine_type) AS CASE
    WHEN engine_type LIKE 'DECIMAL%' THEN 'numeric'
    WHEN engine_type LIKE 'STRUCT%' OR engine_type LIKE 'MAP%' OR engine_type LIKE '%[]' OR engine_type = 'JSON' THEN 'super'
    ELSE CASE engine_type
        WHEN 'BOOLEAN' THEN 'boolean' WHEN 'SMALLINT' THEN 'smallint' WHEN 'TINYINT' THEN 'smallint'
        WHEN 'INTEGER' THEN 'integer' WHEN 'BIGINT' THEN 'bigint' WHEN 'HUGEINT' THEN 'numeric'
        WHEN 'FLOAT' THEN 'real' WHEN 'DOUBLE' THEN 'double precision'
        WHEN 'DATE' THEN 'date' WHEN 'TIME' THEN 'time without time zone'
        WHEN 'TIME WITH TIME ZONE' THEN 'time with time zone'
        WHEN 'TIMESTAMP' THEN 'timestamp without time zone'
        WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone'
        WHEN 'BLOB' THEN 'binary varying' WHEN 'INTERVAL' THEN 'interval'
        ELSE 'character varying' END END;
CREATE VIEW svv_redshift_databases AS
    SELECT database_name, 100 AS database_owner, 'local' AS database_type, NULL::VARCHAR AS database_acl,
        NULL::VARCHAR AS database_options, 'Snapshot Isolation' AS database_isolation_level
    FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('sys', 'memory');
CREATE VIEW svv_all_schemas AS
    SELECT database_name, schema_name, 100 AS schema_owner, 'local' AS schema_type, NULL::VARCHAR AS schema_acl,
        NULL::VARCHAR AS source_database, NULL::VARCHAR AS schema_option
    FROM duckdb_schemas()
    WHERE database_name IN (SELECT database_name FROM sys.catalog.svv_redshift_databases) AND schema_name <> 'main';
CREATE VIEW svv_redshift_schemas AS
    SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM sys.catalog.svv_all_schemas;
CREATE VIEW svv_all_tables AS
    SELECT database_name, schema_name, table_name, NULL::VARCHAR AS table_acl,
        CASE WHEN temporary THEN 'TEMPORARY TABLE' ELSE 'TABLE' END AS table_type, comment AS remarks
    FROM duckdb_tables() WHERE NOT internal AND database_name IN (SELECT database_name FROM sys.catalog.svv_redshift_databases)
    UNION ALL
    SELECT database_name, schema_name, view_name, NULL, 'VIEW', comment
    FROM duckdb_views() WHERE NOT internal AND database_name IN (SELECT database_name FROM sys.catalog.svv_redshift_databases);
CREATE VIEW svv_redshift_tables AS
    SELECT database_name, schema_name, table_name, table_type, table_acl, remarks FROM sys.catalog.svv_all_tables;
CREATE VIEW svv_all_columns AS
    SELECT database_name, schema_name, table_name, column_name, column_index AS ordinal_position, column_default,
        CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable,
        sys.catalog.redshift_type(data_type) AS data_type,
        CASE WHEN data_type = 'VARCHAR' THEN 65535 END AS character_maximum_length,
        numeric_precision, numeric_scale, comment AS remarks
    FROM duckdb_columns()
    WHERE NOT internal AND database_name IN (SELECT database_name FROM sys.catalog.svv_redshift_databases);
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
CREATE VIEW pg_table_def AS
    SELECT schema_name AS schemaname, table_name AS tablename, column_name AS "column", data_type AS "type",
        'none' AS encoding, false AS distkey, 0 AS sortkey, is_nullable = 'NO' AS "notnull"
    FROM sys.catalog.svv_all_columns WHERE database_name = current_database();
CREATE VIEW pg_database AS
    SELECT row_number() OVER ()::UINTEGER AS oid, database_name AS datname, 100 AS datdba, 6 AS encoding,
        false AS datistemplate, true AS datallowconn
    FROM sys.catalog.svv_redshift_databases;
CREATE VIEW pg_namespace AS
    SELECT oid, schema_name AS nspname, 100 AS nspowner, NULL::VARCHAR AS nspacl
    FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name <> 'main';
CREATE VIEW pg_class AS
    SELECT c.* FROM system.pg_catalog.pg_class c JOIN sys.catalog.pg_namespace n ON n.oid = c.relnamespace;
CREATE VIEW pg_attribute AS
    SELECT a.* FROM system.pg_catalog.pg_attribute a JOIN sys.catalog.pg_class c ON c.oid = a.attrelid;
CREATE VIEW pg_type AS SELECT * FROM system.pg_catalog.pg_type;
CREATE VIEW pg_attrdef AS SELECT * FROM system.pg_catalog.pg_attrdef;
CREATE VIEW pg_description AS SELECT * FROM system.pg_catalog.pg_description;
CREATE VIEW pg_constraint AS SELECT * FROM system.pg_catalog.pg_constraint;
CREATE VIEW pg_index AS SELECT * FROM system.pg_catalog.pg_index;
CREATE VIEW pg_tables AS SELECT * FROM system.pg_catalog.pg_tables;
CREATE VIEW pg_views AS SELECT * FROM system.pg_catalog.pg_views;
-- Filled when a query names it.
CREATE TABLE sys_serverless_usage(start_time TIMESTAMP, end_time TIMESTAMP, compute_seconds DOUBLE, compute_capacity DOUBLE,
    data_storage INTEGER, cross_region_transferred_data INTEGER, charged_seconds INTEGER);

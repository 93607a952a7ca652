-- Tables of PostgreSQL's catalog that drivers and tools ask for besides those of tables.sql. What the warehouse has none of is
-- empty, in views, into which nobody can write.

-- A view depends on what its query names. As in PostgreSQL it does so by its rule.
CREATE VIEW view_dependencies AS
    SELECT DISTINCT v.table_oid AS view_oid, r.table_oid AS named_oid
    FROM (SELECT table_oid, comment->>'$.view.query' AS query FROM sys.catalog.relation_details
            WHERE database_name = current_database() AND kind = 'v' AND NOT (comment->'$.view.lateBinding')::BOOLEAN) v,
        json_tree(json_serialize_sql(v.query)) part
    JOIN sys.catalog.relation_details r ON r.database_name = current_database()
        AND r.schema_name = part.value->>'$.schema_name' AND r.table_name = part.value->>'$.table_name'
    WHERE part.value->>'$.type' = 'BASE_TABLE';
CREATE VIEW pg_rewrite AS
    SELECT 2618::BIGINT AS tableoid, (900000000 + table_oid)::BIGINT AS oid, '_RETURN' AS rulename, table_oid::BIGINT AS ev_class,
        0::SMALLINT AS ev_attr, '1' AS ev_type, true AS is_instead, NULL::VARCHAR AS ev_qual, NULL::VARCHAR AS ev_action
    FROM sys.catalog.relation_details WHERE kind = 'v' AND database_name = current_database();
CREATE VIEW pg_depend AS
    SELECT 2618::BIGINT AS classid, (900000000 + view_oid)::BIGINT AS objid, 0 AS objsubid, 1259::BIGINT AS refclassid,
        named_oid::BIGINT AS refobjid, 0 AS refobjsubid, 'n' AS deptype
    FROM sys.catalog.view_dependencies
    UNION ALL
    SELECT 2618, oid, 0, 1259, ev_class, 0, 'i' FROM sys.catalog.pg_rewrite
    UNION ALL
    SELECT 2606, oid, 0, 1259, conrelid, 0, 'a' FROM sys.catalog.pg_constraint
    UNION ALL
    SELECT 2606, oid, 0, 1259, confrelid, 0, 'n' FROM sys.catalog.pg_constraint WHERE contype = 'f'
    UNION ALL
    SELECT 2606, f.oid, 0, 1259, k.conindid, 0, 'n' FROM sys.catalog.pg_constraint f
    JOIN sys.catalog.pg_constraint k ON k.conrelid = f.confrelid AND k.conkey = f.confkey WHERE f.contype = 'f' AND k.contype <> 'f';
CREATE VIEW pg_am AS SELECT 403::BIGINT AS oid, 'btree' AS amname, 'i' AS amtype;
CREATE VIEW pg_tablespace AS
    SELECT 1663::BIGINT AS oid, 'pg_default' AS spcname, 100 AS spcowner, NULL::VARCHAR AS spclocation,
        NULL::VARCHAR[] AS spcacl, NULL::VARCHAR[] AS spcoptions;
CREATE VIEW pg_roles AS
    SELECT id::BIGINT AS oid, name AS rolname, superuser AS rolsuper, true AS rolinherit, superuser AS rolcreaterole,
        create_database AS rolcreatedb, false AS rolcatupdate, true AS rolcanlogin, false AS rolreplication,
        connection_limit AS rolconnlimit, '********' AS rolpassword, nullif(valid_until, 'infinity') AS rolvaliduntil,
        NULL::VARCHAR[] AS rolconfig, false AS rolbypassrls
    FROM sys.groundplane.users;
-- What drivers look for among the settings; SHOW tells the session's.
CREATE VIEW pg_settings AS
    SELECT name, setting, NULL::VARCHAR AS unit, 'Preset Options' AS category, description AS short_desc,
        NULL::VARCHAR AS extra_desc, 'internal' AS context, 'integer' AS vartype, 'default' AS source,
        NULL::VARCHAR AS min_val, NULL::VARCHAR AS max_val
    FROM (VALUES ('max_index_keys', '32', 'Shows the maximum number of index keys.'),
        ('max_identifier_length', '127', 'Shows the maximum identifier length.')) settings(name, setting, description);
CREATE VIEW pg_proc AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::VARCHAR AS proname, NULL::BIGINT AS pronamespace,
        NULL::INTEGER AS proowner, NULL::BIGINT AS prolang, NULL::BOOLEAN AS proisagg, NULL::BOOLEAN AS proiswindow,
        NULL::BOOLEAN AS prosecdef, NULL::BOOLEAN AS proisstrict, NULL::BOOLEAN AS proretset, NULL::VARCHAR AS provolatile,
        NULL::SMALLINT AS pronargs, NULL::BIGINT AS prorettype, NULL::BIGINT[] AS proargtypes,
        NULL::BIGINT[] AS proallargtypes, NULL::VARCHAR[] AS proargmodes, NULL::VARCHAR[] AS proargnames,
        NULL::VARCHAR AS prosrc, NULL::VARCHAR AS probin, NULL::VARCHAR[] AS proacl, NULL::VARCHAR AS prokind,
        NULL::BIGINT AS provariadic
    WHERE false;
CREATE VIEW pg_proc_info AS
    SELECT oid AS prooid, proname, pronamespace, proowner, prolang, proisagg, prosecdef, proisstrict, proretset, provolatile,
        pronargs, prorettype, proargtypes, proargnames, prosrc, probin, proacl, prokind, proargmodes, proallargtypes
    FROM sys.catalog.pg_proc;
CREATE VIEW pg_auth_members AS
    SELECT NULL::BIGINT AS roleid, NULL::BIGINT AS member, NULL::BIGINT AS grantor, NULL::BOOLEAN AS admin_option
    WHERE false;
CREATE VIEW pg_inherits AS
    SELECT NULL::BIGINT AS inhrelid, NULL::BIGINT AS inhparent, NULL::INTEGER AS inhseqno, NULL::BOOLEAN AS inhdetachpending
    WHERE false;
CREATE VIEW pg_trigger AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::BIGINT AS tgrelid, NULL::VARCHAR AS tgname,
        NULL::BIGINT AS tgfoid, NULL::SMALLINT AS tgtype, NULL::VARCHAR AS tgenabled, NULL::BOOLEAN AS tgisinternal,
        NULL::BOOLEAN AS tgisconstraint, NULL::BIGINT AS tgconstraint, NULL::BIGINT AS tgconstrrelid,
        NULL::BOOLEAN AS tgdeferrable
    WHERE false;
CREATE VIEW pg_statistic_ext AS
    SELECT NULL::BIGINT AS oid, NULL::BIGINT AS stxrelid, NULL::VARCHAR AS stxname, NULL::BIGINT AS stxnamespace,
        NULL::INTEGER AS stxowner
    WHERE false;
CREATE VIEW pg_extension AS
    SELECT NULL::BIGINT AS oid, NULL::VARCHAR AS extname, NULL::INTEGER AS extowner, NULL::BIGINT AS extnamespace,
        NULL::BOOLEAN AS extrelocatable, NULL::VARCHAR AS extversion
    WHERE false;
CREATE VIEW pg_enum AS
    SELECT NULL::BIGINT AS oid, NULL::BIGINT AS enumtypid, NULL::REAL AS enumsortorder, NULL::VARCHAR AS enumlabel
    WHERE false;
CREATE VIEW pg_range AS
    SELECT NULL::BIGINT AS rngtypid, NULL::BIGINT AS rngsubtype
    WHERE false;
CREATE VIEW pg_aggregate AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS aggfnoid, NULL::BIGINT AS aggtransfn, NULL::BIGINT AS aggfinalfn,
        NULL::BIGINT AS aggtranstype
    WHERE false;
CREATE VIEW pg_operator AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::VARCHAR AS oprname, NULL::BIGINT AS oprnamespace,
        NULL::INTEGER AS oprowner, NULL::VARCHAR AS oprkind, NULL::BIGINT AS oprleft, NULL::BIGINT AS oprright,
        NULL::BIGINT AS oprresult, NULL::BIGINT AS oprcode
    WHERE false;
CREATE VIEW pg_opclass AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::VARCHAR AS opcname, NULL::BIGINT AS opcmethod,
        NULL::BIGINT AS opcnamespace, NULL::INTEGER AS opcowner, NULL::BIGINT AS opcintype, NULL::BOOLEAN AS opcdefault
    WHERE false;
CREATE VIEW pg_language AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::VARCHAR AS lanname, NULL::INTEGER AS lanowner,
        NULL::BOOLEAN AS lanispl, NULL::BOOLEAN AS lanpltrusted, NULL::BIGINT AS lanplcallfoid, NULL::BIGINT AS laninline,
        NULL::BIGINT AS lanvalidator, NULL::VARCHAR[] AS lanacl
    WHERE false;
CREATE VIEW pg_cast AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::BIGINT AS castsource, NULL::BIGINT AS casttarget,
        NULL::BIGINT AS castfunc, NULL::VARCHAR AS castcontext, NULL::VARCHAR AS castmethod
    WHERE false;
CREATE VIEW pg_conversion AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::VARCHAR AS conname, NULL::BIGINT AS connamespace,
        NULL::INTEGER AS conowner, NULL::INTEGER AS conforencoding, NULL::INTEGER AS contoencoding, NULL::BIGINT AS conproc,
        NULL::BOOLEAN AS condefault
    WHERE false;
CREATE VIEW pg_collation AS
    SELECT NULL::BIGINT AS tableoid, NULL::BIGINT AS oid, NULL::VARCHAR AS collname, NULL::BIGINT AS collnamespace,
        NULL::VARCHAR AS collcollate, NULL::VARCHAR AS collctype
    WHERE false;
CREATE VIEW pg_foreign_server AS
    SELECT NULL::BIGINT AS oid, NULL::VARCHAR AS srvname, NULL::INTEGER AS srvowner, NULL::BIGINT AS srvfdw,
        NULL::VARCHAR[] AS srvacl, NULL::VARCHAR[] AS srvoptions
    WHERE false;
CREATE VIEW pg_foreign_table AS
    SELECT NULL::BIGINT AS ftrelid, NULL::BIGINT AS ftserver, NULL::VARCHAR[] AS ftoptions
    WHERE false;
CREATE VIEW pg_shdescription AS
    SELECT NULL::BIGINT AS objoid, NULL::BIGINT AS classoid, NULL::VARCHAR AS description
    WHERE false;
CREATE VIEW pg_external_schema AS
    SELECT NULL::BIGINT AS esoid, NULL::SMALLINT AS eskind, NULL::VARCHAR AS esdbname, NULL::VARCHAR AS esoptions
    WHERE false;
CREATE VIEW svv_external_columns AS
    SELECT NULL::VARCHAR AS redshift_database_name, NULL::VARCHAR AS schemaname, NULL::VARCHAR AS tablename,
        NULL::VARCHAR AS columnname, NULL::VARCHAR AS external_type, NULL::INTEGER AS columnnum, NULL::INTEGER AS part_key,
        NULL::VARCHAR AS is_nullable
    WHERE false;
CREATE VIEW svv_external_databases AS
    SELECT NULL::INTEGER AS eskind, NULL::VARCHAR AS esoptions, NULL::VARCHAR AS databasename, NULL::VARCHAR AS location,
        NULL::VARCHAR AS parameters
    WHERE false;
CREATE VIEW svv_external_partitions AS
    SELECT NULL::VARCHAR AS schemaname, NULL::VARCHAR AS tablename, NULL::VARCHAR AS "values", NULL::VARCHAR AS location
    WHERE false;
CREATE VIEW sys.information.routines AS
    SELECT NULL::VARCHAR AS specific_catalog, NULL::VARCHAR AS specific_schema, NULL::VARCHAR AS specific_name,
        NULL::VARCHAR AS routine_catalog, NULL::VARCHAR AS routine_schema, NULL::VARCHAR AS routine_name,
        NULL::VARCHAR AS routine_type, NULL::VARCHAR AS data_type, NULL::VARCHAR AS routine_definition,
        NULL::VARCHAR AS external_language
    WHERE false;
CREATE VIEW sys.information.parameters AS
    SELECT NULL::VARCHAR AS specific_catalog, NULL::VARCHAR AS specific_schema, NULL::VARCHAR AS specific_name,
        NULL::INTEGER AS ordinal_position, NULL::VARCHAR AS parameter_mode, NULL::VARCHAR AS parameter_name,
        NULL::VARCHAR AS data_type
    WHERE false;
CREATE VIEW sys.information.referential_constraints AS
    SELECT k.database_name AS constraint_catalog, k.schema_name AS constraint_schema, k.name AS constraint_name,
        k.database_name AS unique_constraint_catalog, u.schema_name AS unique_constraint_schema, u.name AS unique_constraint_name,
        'NONE' AS match_option, 'NO ACTION' AS update_rule, 'NO ACTION' AS delete_rule
    FROM (SELECT *, coalesce(referred_table[-2], schema_name) AS referred_schema FROM sys.catalog.key_details
        WHERE kind = 'FOREIGN_KEY' AND database_name = current_database()
            AND sys.functions.may_see(database_name, schema_name, table_name)) k
    LEFT JOIN sys.catalog.key_details u ON u.kind <> 'FOREIGN_KEY' AND u.database_name = k.database_name
        AND u.schema_name = k.referred_schema AND u.table_name = k.referred_table[-1] AND u.columns = k.referred_columns;
CREATE VIEW sys.information.constraint_column_usage AS
    SELECT database_name AS table_catalog, its_schema AS table_schema, its_table AS table_name, unnest(its_columns) AS column_name,
        database_name AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name
    FROM (SELECT database_name, schema_name, name,
            CASE kind WHEN 'FOREIGN_KEY' THEN coalesce(referred_table[-2], schema_name) ELSE schema_name END AS its_schema,
            CASE kind WHEN 'FOREIGN_KEY' THEN referred_table[-1] ELSE table_name END AS its_table,
            CASE kind WHEN 'FOREIGN_KEY' THEN referred_columns ELSE columns END AS its_columns
        FROM sys.catalog.key_details WHERE database_name = current_database())
    WHERE sys.functions.may_see(database_name, its_schema, its_table);

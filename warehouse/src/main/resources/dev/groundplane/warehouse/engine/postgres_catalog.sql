-- Tables of PostgreSQL's catalog that drivers and tools ask for besides those of tables.sql. What the warehouse has none of is empty.

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
CREATE TABLE pg_proc(tableoid BIGINT, oid BIGINT, proname VARCHAR, pronamespace BIGINT, proowner INTEGER, prolang BIGINT, proisagg BOOLEAN,
    proiswindow BOOLEAN, prosecdef BOOLEAN, proisstrict BOOLEAN, proretset BOOLEAN, provolatile VARCHAR, pronargs SMALLINT,
    prorettype BIGINT, proargtypes BIGINT[], proallargtypes BIGINT[], proargmodes VARCHAR[], proargnames VARCHAR[],
    prosrc VARCHAR, probin VARCHAR, proacl VARCHAR[], prokind VARCHAR, provariadic BIGINT);
CREATE VIEW pg_proc_info AS
    SELECT oid AS prooid, proname, pronamespace, proowner, prolang, proisagg, prosecdef, proisstrict, proretset, provolatile,
        pronargs, prorettype, proargtypes, proargnames, prosrc, probin, proacl, prokind, proargmodes, proallargtypes
    FROM sys.catalog.pg_proc;
CREATE TABLE pg_auth_members(roleid BIGINT, member BIGINT, grantor BIGINT, admin_option BOOLEAN);
CREATE TABLE pg_inherits(inhrelid BIGINT, inhparent BIGINT, inhseqno INTEGER, inhdetachpending BOOLEAN);
CREATE TABLE pg_trigger(tableoid BIGINT, oid BIGINT, tgrelid BIGINT, tgname VARCHAR, tgfoid BIGINT, tgtype SMALLINT, tgenabled VARCHAR,
    tgisinternal BOOLEAN, tgisconstraint BOOLEAN, tgconstraint BIGINT, tgconstrrelid BIGINT, tgdeferrable BOOLEAN);
CREATE TABLE pg_statistic_ext(oid BIGINT, stxrelid BIGINT, stxname VARCHAR, stxnamespace BIGINT, stxowner INTEGER);
CREATE TABLE pg_extension(oid BIGINT, extname VARCHAR, extowner INTEGER, extnamespace BIGINT, extrelocatable BOOLEAN, extversion VARCHAR);
CREATE TABLE pg_enum(oid BIGINT, enumtypid BIGINT, enumsortorder REAL, enumlabel VARCHAR);
CREATE TABLE pg_range(rngtypid BIGINT, rngsubtype BIGINT);
CREATE TABLE pg_aggregate(tableoid BIGINT, aggfnoid BIGINT, aggtransfn BIGINT, aggfinalfn BIGINT, aggtranstype BIGINT);
CREATE TABLE pg_operator(tableoid BIGINT, oid BIGINT, oprname VARCHAR, oprnamespace BIGINT, oprowner INTEGER, oprkind VARCHAR, oprleft BIGINT,
    oprright BIGINT, oprresult BIGINT, oprcode BIGINT);
CREATE TABLE pg_opclass(tableoid BIGINT, oid BIGINT, opcname VARCHAR, opcmethod BIGINT, opcnamespace BIGINT, opcowner INTEGER, opcintype BIGINT, opcdefault BOOLEAN);
CREATE TABLE pg_language(tableoid BIGINT, oid BIGINT, lanname VARCHAR, lanowner INTEGER, lanispl BOOLEAN, lanpltrusted BOOLEAN,
    lanplcallfoid BIGINT, laninline BIGINT, lanvalidator BIGINT, lanacl VARCHAR[]);
CREATE TABLE pg_cast(tableoid BIGINT, oid BIGINT, castsource BIGINT, casttarget BIGINT, castfunc BIGINT, castcontext VARCHAR, castmethod VARCHAR);
CREATE TABLE pg_conversion(tableoid BIGINT, oid BIGINT, conname VARCHAR, connamespace BIGINT, conowner INTEGER, conforencoding INTEGER,
    contoencoding INTEGER, conproc BIGINT, condefault BOOLEAN);
CREATE TABLE pg_collation(tableoid BIGINT, oid BIGINT, collname VARCHAR, collnamespace BIGINT, collcollate VARCHAR, collctype VARCHAR);
CREATE TABLE pg_foreign_server(oid BIGINT, srvname VARCHAR, srvowner INTEGER, srvfdw BIGINT, srvacl VARCHAR[], srvoptions VARCHAR[]);
CREATE TABLE pg_foreign_table(ftrelid BIGINT, ftserver BIGINT, ftoptions VARCHAR[]);
CREATE TABLE pg_shdescription(objoid BIGINT, classoid BIGINT, description VARCHAR);
CREATE TABLE pg_external_schema(esoid BIGINT, eskind SMALLINT, esdbname VARCHAR, esoptions VARCHAR);
CREATE TABLE svv_external_columns(redshift_database_name VARCHAR, schemaname VARCHAR, tablename VARCHAR, columnname VARCHAR,
    external_type VARCHAR, columnnum INTEGER, part_key INTEGER, is_nullable VARCHAR);
CREATE TABLE svv_external_databases(eskind INTEGER, esoptions VARCHAR, databasename VARCHAR, location VARCHAR, parameters VARCHAR);
CREATE TABLE svv_external_partitions(schemaname VARCHAR, tablename VARCHAR, "values" VARCHAR, location VARCHAR);
CREATE TABLE sys.information.routines(specific_catalog VARCHAR, specific_schema VARCHAR, specific_name VARCHAR,
    routine_catalog VARCHAR, routine_schema VARCHAR, routine_name VARCHAR, routine_type VARCHAR, data_type VARCHAR,
    routine_definition VARCHAR, external_language VARCHAR);
CREATE TABLE sys.information.parameters(specific_catalog VARCHAR, specific_schema VARCHAR, specific_name VARCHAR,
    ordinal_position INTEGER, parameter_mode VARCHAR, parameter_name VARCHAR, data_type VARCHAR);
CREATE VIEW sys.information.referential_constraints AS
    SELECT current_database() AS constraint_catalog, n.nspname AS constraint_schema, c.conname AS constraint_name,
        current_database() AS unique_constraint_catalog, un.nspname AS unique_constraint_schema, u.conname AS unique_constraint_name,
        'NONE' AS match_option, 'NO ACTION' AS update_rule, 'NO ACTION' AS delete_rule
    FROM sys.catalog.pg_constraint c JOIN sys.catalog.pg_namespace n ON n.oid = c.connamespace
    LEFT JOIN sys.catalog.pg_constraint u ON u.conrelid = c.confrelid AND u.contype <> 'f' AND u.conkey = c.confkey
    LEFT JOIN sys.catalog.pg_namespace un ON un.oid = u.connamespace
    WHERE c.contype = 'f';
CREATE VIEW sys.information.constraint_column_usage AS
    SELECT current_database() AS table_catalog, n.nspname AS table_schema, t.relname AS table_name, a.attname AS column_name,
        current_database() AS constraint_catalog, cn.nspname AS constraint_schema, c.conname AS constraint_name
    FROM sys.catalog.pg_constraint c
    JOIN sys.catalog.pg_class t ON t.oid = CASE c.contype WHEN 'f' THEN c.confrelid ELSE c.conrelid END
    JOIN sys.catalog.pg_namespace n ON n.oid = t.relnamespace JOIN sys.catalog.pg_namespace cn ON cn.oid = c.connamespace
    JOIN sys.catalog.pg_attribute a ON a.attrelid = t.oid
        AND list_contains(CASE c.contype WHEN 'f' THEN c.confkey ELSE c.conkey END, a.attnum);

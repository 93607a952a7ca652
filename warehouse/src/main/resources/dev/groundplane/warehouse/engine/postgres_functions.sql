-- Functions of PostgreSQL that drivers and tools ask its catalog with. "PostgreSQL, System Information Functions".

CREATE MACRO regclass__(relation) AS
    coalesce(
        (SELECT arg_min(found.oid, coalesce(found.place, 0)) FROM (
            SELECT oid, name, 'pg_catalog' AS place_name, 0 AS place FROM (VALUES
                (1247, 'pg_type'), (1249, 'pg_attribute'), (1255, 'pg_proc'), (1259, 'pg_class'), (1262, 'pg_database'),
                (2604, 'pg_attrdef'), (2606, 'pg_constraint'), (2610, 'pg_index'), (2615, 'pg_namespace'), (2618, 'pg_rewrite'),
                (2620, 'pg_trigger'), (3079, 'pg_extension')) catalog_tables(oid, name)
            UNION ALL
            SELECT c.oid, c.relname, n.nspname, list_position(main.current_schemas(false), n.nspname)
            FROM sys.catalog.pg_class c JOIN sys.catalog.pg_namespace n ON n.oid = c.relnamespace) found
            WHERE found.name = lower(replace(split_part(relation, '.', -1), '"', ''))
                AND CASE WHEN contains(relation, '.') THEN found.place_name = lower(replace(split_part(relation, '.', -2), '"', ''))
                    ELSE found.place IS NOT NULL END),
        error('relation "' || relation || '" does not exist'))::BIGINT;
CREATE MACRO regtype__(of_name) AS
    (SELECT any_value(t.oid) FROM sys.catalog.pg_type t
        WHERE lower(replace(of_name, 'pg_catalog.', '')) IN (t.typname, t.sql_name));
CREATE MACRO regnamespace__(of_name) AS
    (SELECT any_value(n.oid) FROM sys.catalog.pg_namespace n WHERE n.nspname = lower(replace(of_name, '"', '')));
CREATE MACRO format_type(type_oid, modifier) AS
    (SELECT any_value(CASE
            WHEN modifier IS NULL OR modifier < 0 THEN t.sql_name
            WHEN t.typname = 'numeric' THEN format('numeric({},{})', (modifier - 4) >> 16, (modifier - 4) & 65535)
            WHEN t.typname IN ('varchar', 'bpchar', 'varbyte') THEN format('{}({})', t.sql_name, modifier - 4)
            ELSE t.sql_name END)
        FROM sys.catalog.pg_type t WHERE t.oid = type_oid);
CREATE MACRO current_schemas__list(implicit) AS
    CASE WHEN implicit THEN ['pg_catalog'] ELSE [] END
    || list_filter(main.current_schemas(false), lambda name: name NOT IN ('functions', 'catalog'));
CREATE MACRO array_upper(elements, dimension) AS CASE WHEN dimension = 1 AND main.len(elements) > 0 THEN main.len(elements)::INTEGER END;
CREATE MACRO array_lower(elements, dimension) AS CASE WHEN dimension = 1 AND main.len(elements) > 0 THEN 1 END;
CREATE MACRO sys.information._pg_expandarray(elements) AS
    unnest(list_transform(elements, lambda x, n: {'x': x, 'n': n::INTEGER}));
-- The columns of late-binding views are known only to their queries.
CREATE MACRO late_binding_view_columns__() AS TABLE
    SELECT ''::VARCHAR AS view_schema, ''::VARCHAR AS view_name, ''::VARCHAR AS col_name, ''::VARCHAR AS col_type, 0 AS col_num
    WHERE false;

CREATE MACRO obj_description
    (object) AS (SELECT any_value(d.description) FROM sys.catalog.pg_description d WHERE d.objoid = object AND d.objsubid = 0),
    (object, catalog_name) AS (SELECT any_value(d.description) FROM sys.catalog.pg_description d
        WHERE d.objoid = object AND d.objsubid = 0 AND catalog_name = 'pg_class');
CREATE MACRO shobj_description(object, catalog_name) AS NULL::VARCHAR;
CREATE MACRO col_description(relation, place) AS
    (SELECT any_value(d.description) FROM sys.catalog.pg_description d WHERE d.objoid = relation AND d.objsubid = place);
CREATE MACRO pg_get_expr
    (expression, relation) AS expression,
    (expression, relation, pretty) AS expression;
CREATE MACRO view_text(of_view) AS
    (SELECT any_value(r.comment->>'$.view.text') FROM sys.catalog.relation_details r
        WHERE r.database_name = current_database() AND r.kind = 'v' AND r.table_oid = of_view);
CREATE MACRO pg_get_viewdef
    (of_view) AS sys.functions.view_text(of_view),
    (of_view, pretty) AS sys.functions.view_text(of_view);
CREATE MACRO key_text(oid) AS
    (SELECT any_value(replace(k.kind, '_', ' ') || ' (' || array_to_string(k.columns, ', ') || ')'
            || CASE WHEN k.kind = 'FOREIGN_KEY' THEN ' REFERENCES ' || array_to_string(k.referred_table, '.')
                || coalesce('(' || array_to_string(k.referred_columns, ', ') || ')', '') ELSE '' END)
        FROM sys.catalog.key_details k WHERE k.database_name = current_database() AND k.key_oid = oid);
CREATE MACRO pg_get_constraintdef
    (oid) AS sys.functions.key_text(oid),
    (oid, pretty) AS sys.functions.key_text(oid);
CREATE MACRO pg_get_indexdef
    (oid) AS (SELECT any_value('CREATE UNIQUE INDEX ' || k.name || ' ON ' || k.schema_name || '.' || k.table_name || ' USING btree ('
            || array_to_string(k.columns, ', ') || ')')
        FROM sys.catalog.key_details k WHERE k.database_name = current_database() AND k.index_oid = oid),
    (oid, place, pretty) AS (SELECT any_value(CASE WHEN place = 0 THEN 'CREATE UNIQUE INDEX ' || k.name || ' ON ' || k.schema_name
            || '.' || k.table_name || ' USING btree (' || array_to_string(k.columns, ', ') || ')' ELSE k.columns[place] END)
        FROM sys.catalog.key_details k WHERE k.database_name = current_database() AND k.index_oid = oid);
CREATE MACRO pg_get_function_result(oid) AS NULL::VARCHAR;
CREATE MACRO pg_get_function_arguments(oid) AS NULL::VARCHAR;
CREATE MACRO pg_get_function_identity_arguments(oid) AS NULL::VARCHAR;
CREATE MACRO pg_get_ruledef
    (oid) AS NULL::VARCHAR,
    (oid, pretty) AS NULL::VARCHAR;
CREATE MACRO pg_get_triggerdef
    (oid) AS NULL::VARCHAR,
    (oid, pretty) AS NULL::VARCHAR;
CREATE MACRO pg_get_partkeydef(relation) AS NULL::VARCHAR;
CREATE MACRO pg_function_is_visible(oid) AS true;
CREATE MACRO pg_type_is_visible(oid) AS true;
CREATE MACRO pg_operator_is_visible(oid) AS true;
CREATE MACRO pg_collation_is_visible(oid) AS true;
CREATE MACRO pg_conversion_is_visible(oid) AS true;
CREATE MACRO pg_opclass_is_visible(oid) AS true;
CREATE MACRO pg_tablespace_location(oid) AS '';
-- The engine tells the size of the database's file, not of a table in it.
CREATE MACRO pg_table_size(relation) AS NULL::BIGINT;
CREATE MACRO pg_relation_size(relation) AS NULL::BIGINT;
CREATE MACRO pg_total_relation_size(relation) AS NULL::BIGINT;
CREATE MACRO pg_tablespace_size(tablespace) AS NULL::BIGINT;
CREATE MACRO pg_database_size(of_name) AS NULL::BIGINT;
CREATE MACRO pg_size_pretty(bytes) AS format_bytes(bytes);

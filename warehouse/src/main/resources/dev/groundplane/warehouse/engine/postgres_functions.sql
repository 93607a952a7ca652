-- Functions of PostgreSQL that drivers and tools ask its catalog with. "PostgreSQL, System Information Functions".
--
-- What a macro is called with is put into its text, where names mean what they mean there: so what its subqueries read has no
-- other names for tables, and names for columns that no caller has.

CREATE MACRO regclass__(relation) AS
    coalesce(
        (SELECT arg_min(its_oid, coalesce(its_place, 0)) FROM (
            SELECT oid AS its_oid, name AS its_name, 'pg_catalog' AS its_schema, 0 AS its_place FROM (VALUES
                (1247, 'pg_type'), (1249, 'pg_attribute'), (1255, 'pg_proc'), (1259, 'pg_class'), (1262, 'pg_database'),
                (2604, 'pg_attrdef'), (2606, 'pg_constraint'), (2610, 'pg_index'), (2615, 'pg_namespace'), (2618, 'pg_rewrite'),
                (2620, 'pg_trigger'), (3079, 'pg_extension')) catalog_tables(oid, name)
            UNION ALL
            SELECT c.oid, c.relname, n.nspname, list_position(main.current_schemas(false), n.nspname)
            FROM sys.catalog.pg_class c JOIN sys.catalog.pg_namespace n ON n.oid = c.relnamespace)
            WHERE its_name = lower(replace(split_part(relation, '.', -1), '"', ''))
                AND CASE WHEN contains(relation, '.') THEN its_schema = lower(replace(split_part(relation, '.', -2), '"', ''))
                    ELSE its_place IS NOT NULL END),
        error('relation "' || relation || '" does not exist'))::BIGINT;
CREATE MACRO regtype__(of_name) AS
    (SELECT any_value(its_oid) FROM (SELECT oid AS its_oid, typname AS its_name, sql_name AS its_sql_name FROM sys.catalog.pg_type)
        WHERE lower(replace(of_name, 'pg_catalog.', '')) IN (its_name, its_sql_name));
CREATE MACRO regnamespace__(of_name) AS
    (SELECT any_value(its_oid) FROM (SELECT oid AS its_oid, nspname AS its_name FROM sys.catalog.pg_namespace)
        WHERE its_name = lower(replace(of_name, '"', '')));
CREATE MACRO format_type(type_oid, modifier) AS
    (SELECT any_value(CASE
            WHEN modifier IS NULL OR modifier < 0 THEN its_sql_name
            WHEN its_name = 'numeric' THEN format('numeric({},{})', (modifier - 4) >> 16, (modifier - 4) & 65535)
            WHEN its_name IN ('varchar', 'bpchar', 'varbyte') THEN format('{}({})', its_sql_name, modifier - 4)
            ELSE its_sql_name END)
        FROM (SELECT oid AS its_oid, typname AS its_name, sql_name AS its_sql_name FROM sys.catalog.pg_type)
        WHERE its_oid = type_oid);
CREATE MACRO current_schemas__list(implicit) AS
    CASE WHEN implicit THEN ['pg_catalog'] ELSE [] END
    || list_filter(main.current_schemas(false), lambda its_name: its_name NOT IN ('functions', 'catalog'));
CREATE MACRO array_upper(elements, dimension) AS CASE WHEN dimension = 1 AND main.len(elements) > 0 THEN main.len(elements)::INTEGER END;
CREATE MACRO array_lower(elements, dimension) AS CASE WHEN dimension = 1 AND main.len(elements) > 0 THEN 1 END;
CREATE MACRO sys.information._pg_expandarray(elements) AS
    unnest(list_transform(elements, lambda x, n: {'x': x, 'n': n::INTEGER}));
-- The columns of late-binding views are known only to their queries.
CREATE MACRO late_binding_view_columns__() AS TABLE
    SELECT ''::VARCHAR AS view_schema, ''::VARCHAR AS view_name, ''::VARCHAR AS col_name, ''::VARCHAR AS col_type, 0 AS col_num
    WHERE false;

CREATE MACRO col_description(relation, place) AS
    (SELECT any_value(its_text) FROM (SELECT objoid AS its_object, objsubid AS its_place, description AS its_text
            FROM sys.catalog.pg_description)
        WHERE its_object = relation AND its_place = place);
CREATE MACRO obj_description
    (object) AS sys.functions.col_description(object, 0),
    (object, catalog_name) AS CASE WHEN catalog_name = 'pg_class' THEN sys.functions.col_description(object, 0) END;
CREATE MACRO shobj_description(object, catalog_name) AS NULL::VARCHAR;
CREATE MACRO pg_get_expr
    (expression, relation) AS expression,
    (expression, relation, pretty) AS expression;
CREATE MACRO view_text(of_view) AS
    (SELECT any_value(its_text) FROM (SELECT table_oid AS its_oid, comment->>'$.view.text' AS its_text
            FROM sys.catalog.relation_details WHERE database_name = current_database() AND kind = 'v')
        WHERE its_oid = of_view);
CREATE MACRO pg_get_viewdef
    (of_view) AS sys.functions.view_text(of_view),
    (of_view, pretty) AS sys.functions.view_text(of_view);
CREATE VIEW sys.catalog.key_texts AS
    SELECT k.key_oid, k.index_oid, k.columns,
        replace(k.kind, '_', ' ') || ' (' || array_to_string(k.columns, ', ') || ')'
            || CASE WHEN k.kind = 'FOREIGN_KEY' THEN ' REFERENCES ' || array_to_string(k.referred_table, '.')
                || coalesce('(' || array_to_string(k.referred_columns, ', ') || ')', '') ELSE '' END AS key_text,
        'CREATE UNIQUE INDEX ' || k.name || ' ON ' || k.schema_name || '.' || k.table_name || ' USING btree ('
            || array_to_string(k.columns, ', ') || ')' AS index_text
    FROM sys.catalog.key_details k WHERE k.database_name = current_database();
CREATE MACRO key_text(of_key) AS
    (SELECT any_value(its_text) FROM (SELECT key_oid AS its_oid, key_text AS its_text FROM sys.catalog.key_texts)
        WHERE its_oid = of_key);
CREATE MACRO pg_get_constraintdef
    (of_key) AS sys.functions.key_text(of_key),
    (of_key, pretty) AS sys.functions.key_text(of_key);
CREATE MACRO pg_get_indexdef
    (of_index) AS (SELECT any_value(its_text) FROM (SELECT index_oid AS its_oid, index_text AS its_text FROM sys.catalog.key_texts)
        WHERE its_oid = of_index),
    (of_index, place, pretty) AS (SELECT any_value(CASE WHEN place = 0 THEN its_text ELSE its_columns[place] END)
        FROM (SELECT index_oid AS its_oid, index_text AS its_text, columns AS its_columns FROM sys.catalog.key_texts)
        WHERE its_oid = of_index);
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

-- Who the session is, and what users may do. "Redshift SQL reference, System information functions".

CREATE MACRO "current_user"() AS getvariable('groundplane_user')::VARCHAR;
CREATE MACRO "session_user"() AS getvariable('groundplane_session_user')::VARCHAR;
CREATE MACRO current_user_id() AS getvariable('groundplane_user_id')::INTEGER;
CREATE MACRO is_superuser(who) AS
    EXISTS (SELECT 1 FROM sys.groundplane.users u WHERE u.id = who AND u.superuser);
CREATE MACRO owner_of(in_database, of_kind, in_schema, of_object) AS
    coalesce((SELECT any_value(o.owner) FROM sys.groundplane.object_owner o
        WHERE o.database_name = in_database AND o.kind = of_kind AND o.schema_name = lower(in_schema) AND o.object_name = lower(of_object)),
        100);
CREATE MACRO may(who, in_database, of_kind, in_schema, of_object, wanted) AS
    sys.functions.is_superuser(who)
    OR sys.functions.owner_of(in_database, of_kind, in_schema, of_object) = who
    OR EXISTS (SELECT 1 FROM sys.groundplane.object_privilege p
        JOIN sys.groundplane.reach r ON r.kind = p.grantee_kind AND r.id = p.grantee
        WHERE r.user_id = who AND p.database_name = in_database AND p.kind = of_kind AND p.schema_name = lower(in_schema)
            AND p.object_name = lower(of_object) AND p.column_name = '' AND p.privilege = lower(trim(wanted)));
CREATE MACRO may_see(in_database, in_schema, of_object) AS
    coalesce(getvariable('groundplane_superuser')::BOOLEAN, true)
    OR sys.functions.owner_of(in_database, 'relation', in_schema, of_object) = sys.functions.current_user_id()
    OR EXISTS (SELECT 1 FROM sys.groundplane.object_privilege p
        JOIN sys.groundplane.reach r ON r.kind = p.grantee_kind AND r.id = p.grantee
        WHERE r.user_id = sys.functions.current_user_id() AND p.database_name = in_database AND p.kind = 'relation'
            AND p.schema_name = lower(in_schema) AND p.object_name = lower(of_object));
CREATE MACRO user_id_of(user_name) AS
    coalesce((SELECT any_value(u.id) FROM sys.groundplane.users u WHERE u.name = user_name),
        error('user "' || user_name || '" does not exist'));
CREATE MACRO schema_of(relation) AS
    CASE WHEN contains(relation, '.') THEN lower(split_part(relation, '.', -2)) ELSE
        coalesce((SELECT arg_min(t.schema_name, list_position(main.current_schemas(false), t.schema_name)) FROM (
            SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()
            UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = current_database()) t
            WHERE t.table_name = lower(relation) AND list_contains(main.current_schemas(false), t.schema_name)),
            (SELECT 'pg_catalog' FROM (SELECT view_name AS system_name FROM duckdb_views()
                WHERE database_name = 'sys' AND schema_name = 'catalog') v WHERE v.system_name = lower(relation)),
            error('relation "' || relation || '" does not exist')) END;
CREATE MACRO has_table_privilege
    (relation, wanted) AS sys.functions.may(sys.functions.current_user_id(), current_database(), 'relation',
        sys.functions.schema_of(relation), lower(split_part(relation, '.', -1)), wanted),
    (user_name, relation, wanted) AS sys.functions.may(sys.functions.user_id_of(user_name), current_database(), 'relation',
        sys.functions.schema_of(relation), lower(split_part(relation, '.', -1)), wanted);
CREATE MACRO has_schema_privilege
    (of_schema, wanted) AS sys.functions.may(
        sys.functions.current_user_id(), current_database(), 'schema', lower(of_schema), '', wanted),
    (user_name, of_schema, wanted) AS sys.functions.may(
        sys.functions.user_id_of(user_name), current_database(), 'schema', lower(of_schema), '', wanted);
CREATE MACRO has_database_privilege
    (of_database, wanted) AS sys.functions.may(
        sys.functions.current_user_id(), of_database, 'database', '', '', replace(lower(wanted), 'temporary', 'temp')),
    (user_name, of_database, wanted) AS sys.functions.may(
        sys.functions.user_id_of(user_name), of_database, 'database', '', '', replace(lower(wanted), 'temporary', 'temp'));
CREATE MACRO pg_get_userbyid(who) AS
    coalesce((SELECT any_value(u.name) FROM sys.groundplane.users u WHERE u.id = who), 'unknown (OID=' || who || ')');

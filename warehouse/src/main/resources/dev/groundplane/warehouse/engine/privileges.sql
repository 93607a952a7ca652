-- Who the session is, and what users may do. "Redshift SQL reference, System information functions".
--
-- What a macro is called with is put into its text: a column schema_name within a subquery that has one is the subquery's own. So
-- subqueries have other names for theirs.

CREATE MACRO "current_user"() AS getvariable('groundplane_user')::VARCHAR;
CREATE MACRO "session_user"() AS getvariable('groundplane_session_user')::VARCHAR;
CREATE MACRO current_user_id() AS getvariable('groundplane_user_id')::INTEGER;
CREATE MACRO is_superuser(who) AS
    EXISTS (SELECT 1 FROM (SELECT id AS its_id FROM sys.groundplane.users WHERE superuser) WHERE its_id = who);
-- Sessions of the warehouse's own have no user.
CREATE MACRO sees_all() AS
    getvariable('groundplane_user_id') IS NULL OR sys.functions.is_superuser(sys.functions.current_user_id());
CREATE MACRO owner_of(in_database, of_kind, in_schema, of_object) AS
    coalesce((SELECT any_value(its_owner) FROM (SELECT owner AS its_owner, database_name AS its_database, kind AS its_kind,
            schema_name AS its_schema, object_name AS its_object FROM sys.groundplane.object_owner)
        WHERE its_database = in_database AND its_kind = of_kind AND its_schema = lower(in_schema)
            AND its_object = lower(of_object)),
        100);
-- Whether a user has a privilege on an object, or any on it or its columns.
CREATE MACRO has(who, in_database, of_kind, in_schema, of_object, wanted) AS
    lower(trim(wanted)) IN (SELECT its_privilege FROM (SELECT r.user_id AS its_user, p.database_name AS its_database, p.kind AS its_kind,
            p.schema_name AS its_schema, p.object_name AS its_object, p.column_name AS its_column, p.privilege AS its_privilege
            FROM sys.groundplane.object_privilege p
            JOIN sys.groundplane.reach r ON r.kind = p.grantee_kind AND r.id = p.grantee)
        WHERE its_user = who AND its_database = in_database AND its_kind = of_kind AND its_schema = lower(in_schema)
            AND its_object = lower(of_object) AND its_column = '');
CREATE MACRO has_any(who, in_database, of_kind, in_schema, of_object) AS
    EXISTS (SELECT 1 FROM (SELECT r.user_id AS its_user, p.database_name AS its_database, p.kind AS its_kind,
            p.schema_name AS its_schema, p.object_name AS its_object
            FROM sys.groundplane.object_privilege p
            JOIN sys.groundplane.reach r ON r.kind = p.grantee_kind AND r.id = p.grantee)
        WHERE its_user = who AND its_database = in_database AND its_kind = of_kind AND its_schema = lower(in_schema)
            AND its_object = lower(of_object));
CREATE MACRO may(who, in_database, of_kind, in_schema, of_object, wanted) AS
    CASE WHEN wanted IS NOT NULL THEN sys.functions.is_superuser(who)
        OR sys.functions.owner_of(in_database, of_kind, in_schema, of_object) = who
        OR sys.functions.has(who, in_database, of_kind, in_schema, of_object, wanted) END;
CREATE MACRO may_see(in_database, in_schema, of_object) AS
    sys.functions.sees_all()
    OR sys.functions.owner_of(in_database, 'relation', in_schema, of_object) = sys.functions.current_user_id()
    OR sys.functions.has_any(sys.functions.current_user_id(), in_database, 'relation', in_schema, of_object);
CREATE MACRO user_id_of(user_name) AS
    coalesce((SELECT any_value(its_id) FROM (SELECT id AS its_id, name AS its_name FROM sys.groundplane.users)
            WHERE its_name = user_name),
        error('user "' || user_name || '" does not exist'));
CREATE MACRO schema_of(relation) AS
    CASE WHEN contains(relation, '.') THEN lower(split_part(relation, '.', -2)) ELSE
        coalesce((SELECT arg_min(its_schema, list_position(main.current_schemas(false), its_schema)) FROM (
            SELECT schema_name AS its_schema, table_name AS its_name
            FROM duckdb_tables() WHERE database_name = current_database()
            UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = current_database())
            WHERE its_name = lower(relation) AND list_contains(main.current_schemas(false), its_schema)),
            (SELECT 'pg_catalog' FROM (SELECT view_name AS its_name FROM duckdb_views()
                WHERE database_name = 'sys' AND schema_name = 'catalog') WHERE its_name = lower(relation)),
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
-- Whom the catalog belongs to has no row.
CREATE MACRO pg_get_userbyid(who) AS
    CASE WHEN who = 1 THEN 'rdsdb' ELSE coalesce((SELECT any_value(its_name) FROM (SELECT id AS its_id, name AS its_name FROM sys.groundplane.users)
        WHERE its_id = who), 'unknown (OID=' || who || ')') END;

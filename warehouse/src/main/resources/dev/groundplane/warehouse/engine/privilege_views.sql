-- Redshift's system views of users, groups, roles and privileges.

CREATE VIEW pg_user AS
    SELECT name AS usename, id AS usesysid, create_database AS usecreatedb, superuser AS usesuper, false AS usecatupd,
        '********' AS passwd, nullif(valid_until, 'infinity') AS valuntil, NULL::VARCHAR AS useconfig
    FROM sys.groundplane.users;
CREATE VIEW pg_user_info AS
    SELECT usename, usesysid, usecreatedb, usesuper, usecatupd, passwd, valuntil, useconfig,
        CASE WHEN u.connection_limit < 0 THEN 'UNLIMITED' ELSE u.connection_limit::VARCHAR END AS useconnlimit
    FROM sys.catalog.pg_user JOIN sys.groundplane.users u ON u.id = usesysid;
CREATE VIEW pg_group AS
    SELECT g.name AS groname, g.id AS grosysid,
        (SELECT list(m.user_id) FROM sys.groundplane.group_members m WHERE m.group_id = g.id) AS grolist
    FROM sys.groundplane.groups g;
CREATE VIEW svv_user_info AS
    SELECT name AS user_name, id AS user_id, create_database AS createdb, superuser, false AS catalog_update,
        CASE WHEN connection_limit < 0 THEN 'UNLIMITED' ELSE connection_limit::VARCHAR END AS connection_limit,
        CASE WHEN superuser THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END AS syslog_access, NULL::TIMESTAMP AS last_ddl_ts,
        session_timeout, NULL::VARCHAR AS external_user_id
    FROM sys.groundplane.users WHERE sys.functions.sees_all() OR id = sys.functions.current_user_id();
CREATE VIEW svv_roles AS
    SELECT id AS role_id, name AS role_name, NULL::VARCHAR AS role_owner, NULL::VARCHAR AS external_id
    FROM sys.groundplane.roles r
    WHERE sys.functions.sees_all() OR EXISTS (SELECT 1 FROM sys.groundplane.reach
        WHERE user_id = sys.functions.current_user_id() AND reach.kind = 'role' AND reach.id = r.id);
CREATE VIEW svv_role_grants AS
    SELECT h.holder_id AS role_id, holder.name AS role_name, h.role_id AS granted_role_id, granted.name AS granted_role_name
    FROM sys.groundplane.role_holders h
    JOIN sys.groundplane.roles holder ON holder.id = h.holder_id
    JOIN sys.groundplane.roles granted ON granted.id = h.role_id
    WHERE h.kind = 'role' AND granted.id IN (SELECT role_id FROM sys.catalog.svv_roles);
CREATE VIEW svv_user_grants AS
    SELECT u.id AS user_id, u.name AS user_name, r.id AS role_id, r.name AS role_name, false AS admin_option
    FROM sys.groundplane.role_holders h
    JOIN sys.groundplane.users u ON u.id = h.holder_id
    JOIN sys.groundplane.roles r ON r.id = h.role_id
    WHERE h.kind = 'user' AND (sys.functions.sees_all() OR u.id = sys.functions.current_user_id());
CREATE VIEW show_grants AS
    SELECT p.database_name, nullif(p.schema_name, '') AS schema_name, nullif(p.object_name, '') AS object_name,
        CASE p.kind WHEN 'relation' THEN 'TABLE' ELSE upper(p.kind) END AS object_type, upper(p.privilege) AS privilege_type,
        p.grantee AS identity_id, i.name AS identity_name, p.grantee_kind AS identity_type, p.grant_option AS admin_option,
        CASE WHEN p.column_name = '' THEN upper(p.kind) ELSE 'COLUMN' END AS privilege_scope, g.name AS grantor_name,
        nullif(p.column_name, '') AS column_name
    FROM sys.groundplane.object_privilege p
    JOIN sys.groundplane.identities i ON i.kind = p.grantee_kind AND i.id = p.grantee
    LEFT JOIN sys.groundplane.users g ON g.id = p.grantor
    WHERE sys.functions.sees_all()
        OR sys.functions.owner_of(p.database_name, p.kind, p.schema_name, p.object_name) = sys.functions.current_user_id()
        OR EXISTS (SELECT 1 FROM sys.groundplane.reach r
            WHERE r.user_id = sys.functions.current_user_id() AND r.kind = p.grantee_kind AND r.id = p.grantee);
CREATE VIEW svv_relation_privileges AS
    SELECT schema_name AS namespace_name, object_name AS relation_name, privilege_type, identity_id, identity_name,
        identity_type, admin_option
    FROM sys.catalog.show_grants
    WHERE database_name = current_database() AND object_type = 'TABLE' AND column_name IS NULL;
CREATE VIEW svv_column_privileges AS
    SELECT schema_name AS namespace_name, object_name AS relation_name, column_name, privilege_type, identity_id,
        identity_name, identity_type, admin_option
    FROM sys.catalog.show_grants
    WHERE database_name = current_database() AND object_type = 'TABLE' AND column_name IS NOT NULL;
CREATE VIEW svv_schema_privileges AS
    SELECT schema_name AS namespace_name, privilege_type, identity_id, identity_name, identity_type, admin_option
    FROM sys.catalog.show_grants WHERE database_name = current_database() AND object_type = 'SCHEMA';
CREATE VIEW svv_database_privileges AS
    SELECT database_name, privilege_type, identity_id, identity_name, identity_type, admin_option
    FROM sys.catalog.show_grants WHERE object_type = 'DATABASE';
CREATE VIEW svv_default_privileges AS
    SELECT nullif(d.schema_name, '') AS schema_name, 'RELATION' AS object_type, d.owner AS owner_id, u.name AS owner_name,
        'user' AS owner_type, upper(d.privilege) AS privilege_type, d.grantee AS grantee_id, i.name AS grantee_name,
        d.grantee_kind AS grantee_type, d.grant_option AS admin_option
    FROM sys.groundplane.default_privilege d
    JOIN sys.groundplane.users u ON u.id = d.owner
    JOIN sys.groundplane.identities i ON i.kind = d.grantee_kind AND i.id = d.grantee
    WHERE d.database_name = current_database()
        AND (sys.functions.sees_all() OR d.owner = sys.functions.current_user_id()
            OR EXISTS (SELECT 1 FROM sys.groundplane.reach r
                WHERE r.user_id = sys.functions.current_user_id() AND r.kind = d.grantee_kind AND r.id = d.grantee));

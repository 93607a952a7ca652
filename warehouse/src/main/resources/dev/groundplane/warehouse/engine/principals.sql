-- Users, groups and roles as the process knows them, and stand-ins for the views of all databases' privileges.

CREATE TABLE users(id INTEGER, name VARCHAR, superuser BOOLEAN, create_database BOOLEAN, valid_until VARCHAR,
    connection_limit INTEGER, session_timeout INTEGER);
CREATE TABLE groups(id INTEGER, name VARCHAR);
CREATE TABLE group_members(group_id INTEGER, user_id INTEGER);
CREATE TABLE roles(id INTEGER, name VARCHAR);
CREATE TABLE role_holders(role_id INTEGER, kind VARCHAR, holder_id INTEGER);
-- To whom a privilege can be granted so that a user has it.
CREATE TABLE reach(user_id INTEGER, kind VARCHAR, id INTEGER);
CREATE VIEW identities AS
    SELECT 'user' AS kind, id, name FROM sys.groundplane.users
    UNION ALL SELECT 'group', id, name FROM sys.groundplane.groups
    UNION ALL SELECT 'role', id, name FROM sys.groundplane.roles
    UNION ALL SELECT 'public', 0, 'public';
CREATE VIEW object_owner AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS kind, NULL::VARCHAR AS schema_name, NULL::VARCHAR AS object_name,
        NULL::INTEGER AS owner WHERE false;
CREATE VIEW object_privilege AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS kind, NULL::VARCHAR AS schema_name, NULL::VARCHAR AS object_name,
        NULL::VARCHAR AS column_name, NULL::VARCHAR AS privilege, NULL::VARCHAR AS grantee_kind, NULL::INTEGER AS grantee,
        NULL::INTEGER AS grantor, NULL::BOOLEAN AS grant_option WHERE false;
CREATE VIEW default_privilege AS
    SELECT NULL::VARCHAR AS database_name, NULL::INTEGER AS owner, NULL::VARCHAR AS schema_name, NULL::VARCHAR AS privilege,
        NULL::VARCHAR AS grantee_kind, NULL::INTEGER AS grantee, NULL::BOOLEAN AS grant_option WHERE false;
CREATE VIEW policy AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS policy_kind, NULL::VARCHAR AS name, NULL::VARCHAR AS alias,
        NULL::VARCHAR AS parameters, NULL::VARCHAR AS text, NULL::VARCHAR AS parts, NULL::INTEGER AS modified_by,
        NULL::TIMESTAMP AS modified WHERE false;
CREATE VIEW policy_attachment AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS policy_kind, NULL::VARCHAR AS policy, NULL::VARCHAR AS kind,
        NULL::VARCHAR AS schema_name, NULL::VARCHAR AS object_name, NULL::VARCHAR AS grantee_kind, NULL::INTEGER AS grantee,
        NULL::INTEGER AS grantor, NULL::INTEGER AS priority, NULL::VARCHAR AS outputs, NULL::VARCHAR AS inputs WHERE false;
CREATE VIEW policy_relation AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS kind, NULL::VARCHAR AS schema_name, NULL::VARCHAR AS object_name,
        NULL::BOOLEAN AS is_on, NULL::VARCHAR AS conjunction WHERE false;
CREATE VIEW policy_permission AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS permission, NULL::INTEGER AS role WHERE false;

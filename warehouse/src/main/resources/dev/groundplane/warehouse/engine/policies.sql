-- Redshift's system views of policies of rows and of masks, for superusers.

CREATE VIEW svv_rls_policy AS
    SELECT p.database_name AS poldb, p.name AS polname, nullif(p.alias, '') AS polalias, 
        to_json(from_json(p.parameters, '[{"colname": "VARCHAR", "type": "VARCHAR"}]'))::VARCHAR AS polatts, p.text AS polqual,
        true AS polenabled, u.name AS polmodifiedby, p.modified AS polmodifiedtime
    FROM sys.groundplane.policy p LEFT JOIN sys.groundplane.users u ON u.id = p.modified_by
    WHERE p.policy_kind = 'rls' AND sys.functions.sees_all();
CREATE VIEW svv_rls_relation AS
    SELECT r.database_name AS datname, r.schema_name AS relschema, r.object_name AS relname, 'table' AS relkind, r.is_on AS is_rls_on,
        false AS is_rls_datashare_on, r.conjunction AS rls_conjunction_type, NULL::VARCHAR AS rls_datashare_conjunction_type
    FROM sys.groundplane.policy_relation r WHERE sys.functions.sees_all();
CREATE VIEW svv_rls_attached_policy AS
    SELECT a.schema_name AS relschema, a.object_name AS relname, 'table' AS relkind, a.policy AS polname, g.name AS grantor,
        i.name AS grantee, a.grantee_kind AS granteekind, true AS is_pol_on, coalesce(r.is_on, false) AS is_rls_on,
        coalesce(r.conjunction, 'and') AS rls_conjunction_type
    FROM sys.groundplane.policy_attachment a
    JOIN sys.groundplane.identities i ON i.kind = a.grantee_kind AND i.id = a.grantee
    LEFT JOIN sys.groundplane.users g ON g.id = a.grantor
    LEFT JOIN sys.groundplane.policy_relation r ON r.database_name = a.database_name AND r.schema_name = a.schema_name
        AND r.object_name = a.object_name
    WHERE a.policy_kind = 'rls' AND a.database_name = current_database() AND sys.functions.sees_all();
CREATE VIEW svv_masking_policy AS
    SELECT p.database_name AS policy_database, p.name AS policy_name,
        to_json(from_json(p.parameters, '[{"colname": "VARCHAR", "type": "VARCHAR"}]'))::VARCHAR AS input_columns, p.text AS policy_expression,
        u.name AS policy_modified_by, p.modified AS policy_modified_time
    FROM sys.groundplane.policy p LEFT JOIN sys.groundplane.users u ON u.id = p.modified_by
    WHERE p.policy_kind = 'masking' AND sys.functions.sees_all();
CREATE VIEW svv_attached_masking_policy AS
    SELECT a.policy AS policy_name, a.schema_name, a.object_name AS table_name, 'table' AS table_type, g.name AS grantor,
        i.name AS grantee, a.grantee_kind AS grantee_type, a.priority, a.inputs AS input_columns, a.outputs AS output_columns,
        false AS is_masking_datashare_on
    FROM sys.groundplane.policy_attachment a
    JOIN sys.groundplane.identities i ON i.kind = a.grantee_kind AND i.id = a.grantee
    LEFT JOIN sys.groundplane.users g ON g.id = a.grantor
    WHERE a.policy_kind = 'masking' AND a.database_name = current_database() AND sys.functions.sees_all();

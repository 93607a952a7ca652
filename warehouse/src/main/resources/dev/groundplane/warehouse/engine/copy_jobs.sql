-- Redshift's system views of copy jobs; and what they are made of before there is a database.

CREATE VIEW sys.groundplane.copy_job AS
    SELECT NULL::VARCHAR AS database_name, NULL::BIGINT AS id, NULL::VARCHAR AS name, NULL::INTEGER AS owner,
        NULL::VARCHAR AS iam_role, NULL::VARCHAR AS schema_name, NULL::VARCHAR AS table_name, NULL::VARCHAR AS source,
        NULL::VARCHAR AS job_text, NULL::BOOLEAN AS is_auto WHERE false;
CREATE VIEW sys.groundplane.copy_job_file AS
    SELECT NULL::VARCHAR AS database_name, NULL::BIGINT AS job, NULL::VARCHAR AS name, NULL::BIGINT AS bytes, NULL::VARCHAR AS etag,
        NULL::TIMESTAMP AS modified, NULL::TIMESTAMP AS enqueued, NULL::VARCHAR AS state WHERE false;
CREATE VIEW sys.groundplane.copy_job_message AS
    SELECT NULL::VARCHAR AS database_name, NULL::BIGINT AS job, NULL::TIMESTAMP AS recorded, NULL::VARCHAR AS message WHERE false;

CREATE VIEW sys.groundplane.visible_copy_job AS
    SELECT * FROM sys.groundplane.copy_job
    WHERE sys.functions.sees_all() OR owner = sys.functions.current_user_id();
CREATE VIEW sys.groundplane.pending_file AS
    SELECT f.database_name, f.job, f.name, f.bytes, f.etag, make_timestamp(f.modified) AS modified,
        make_timestamp(f.enqueued) AS enqueued, 'P' AS state
    FROM (SELECT unnest(from_json(pending_files_text(), '[{"database_name": "VARCHAR", "job": "BIGINT", "name": "VARCHAR",
        "bytes": "BIGINT", "etag": "VARCHAR", "modified": "BIGINT", "enqueued": "BIGINT"}]')) AS f);

CREATE VIEW sys_copy_job AS
    SELECT id AS job_id, name AS job_name, iam_role, left(job_text, 256) AS job_text, is_auto::INTEGER AS is_auto,
        NULL::INTEGER AS on_error_suspend
    FROM sys.groundplane.visible_copy_job WHERE database_name = current_database();
CREATE VIEW sys_copy_job_detail AS
    SELECT j.owner AS user_id, j.database_name, j.id AS job_id, j.name AS job_name,
        regexp_extract(j.source, '^s3://([^/]+)', 1) AS file_location, f.name AS file_name, f.bytes AS file_size,
        f.etag AS file_etag, left(j.job_text, 256) AS job_text, f.modified AS modification_time, f.enqueued AS enqueue_time,
        f.state AS status
    FROM sys.groundplane.visible_copy_job j
    JOIN (SELECT * FROM sys.groundplane.copy_job_file WHERE state IN ('I', 'E')
          UNION ALL SELECT * FROM sys.groundplane.pending_file) f
        ON f.database_name = j.database_name AND f.job = j.id
    WHERE j.database_name = current_database();
CREATE VIEW sys_copy_job_info AS
    SELECT j.id AS job_id, j.name AS job_name, j.database_name, m.recorded AS record_time, left(m.message, 512) AS message
    FROM sys.groundplane.visible_copy_job j
    JOIN sys.groundplane.copy_job_message m ON m.database_name = j.database_name AND m.job = j.id
    WHERE j.database_name = current_database();
-- Jobs need no integration here: the bucket's events come by themselves.
CREATE VIEW svv_copy_job_integrations AS
    SELECT owner AS job_owner, NULL::VARCHAR AS channel_arn, regexp_extract(source, '^s3://([^/]+)', 1) AS bucket,
        'Established' AS channel_state, database_name AS db_name, name AS job_name, 0 AS job_state
    FROM sys.groundplane.visible_copy_job WHERE is_auto

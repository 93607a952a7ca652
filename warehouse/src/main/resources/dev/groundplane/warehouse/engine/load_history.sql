-- What the tables of load_history_tables.sql tell users.

-- Rows of files are in it: who is no superuser sees only what they loaded.
CREATE VIEW sys.groundplane.visible_load AS
    SELECT * FROM load_history.main.load
    WHERE database_name = current_database()
        AND (sys.functions.sees_all() OR user_id = sys.functions.current_user_id());
CREATE MACRO sys.functions.pg_last_copy_id() AS coalesce(getvariable('pg_last_copy_id'), -1);
CREATE MACRO sys.functions.pg_last_copy_count() AS coalesce(getvariable('pg_last_copy_count'), 0);
CREATE MACRO sys.functions.pg_last_unload_count() AS coalesce(getvariable('pg_last_unload_count'), 0);
CREATE VIEW sys.catalog.stl_load_errors AS
    SELECT l.user_id AS userid, 0 AS slice, l.table_id AS tbl, l.begun AS starttime, NULL::INTEGER AS session, e.id AS query,
        e.file AS filename, e.line AS line_number, e.column_name AS colname, e.type, e.length AS col_length, e.position,
        e.raw_line, e.raw_value AS raw_field_value, e.code AS err_code, e.reason AS err_reason, 0 AS is_partial,
        0::BIGINT AS start_offset, coalesce(l.job_id, 0) AS copy_job_id
    FROM load_history.main.error e JOIN sys.groundplane.visible_load l USING (id);
CREATE VIEW sys.catalog.stl_loaderror_detail AS
    SELECT userid, slice, session, query, filename, line_number, position AS field, colname, raw_field_value AS value,
        0 AS is_null, type, col_length
    FROM sys.catalog.stl_load_errors;
CREATE VIEW sys.catalog.sys_load_error_detail AS
    SELECT l.user_id, e.id AS query_id, NULL::BIGINT AS transaction_id, NULL::INTEGER AS session_id, l.database_name,
        l.table_id, l.begun AS start_time, e.file AS file_name, e.line AS line_number, e.column_name, e.type AS column_type,
        e.length AS column_length, e.position, e.code AS error_code, e.reason AS error_message
    FROM load_history.main.error e JOIN sys.groundplane.visible_load l USING (id);
CREATE VIEW sys.catalog.sys_load_history AS
    SELECT user_id, id AS query_id, NULL::BIGINT AS transaction_id, NULL::INTEGER AS session_id, database_name,
        CASE WHEN failure = '' THEN 'completed' ELSE 'aborted' END AS status, table_name, begun AS start_time, ended AS end_time,
        date_diff('microsecond', begun, ended) AS duration, source AS data_source, format AS file_format, rows AS loaded_rows,
        CASE WHEN failure = '' THEN bytes ELSE 0 END AS loaded_bytes, files AS source_file_count, bytes AS source_file_bytes,
        files AS file_count_scanned, bytes AS file_bytes_scanned, errors AS error_count, coalesce(job_id, 0) AS copy_job_id
    FROM sys.groundplane.visible_load;
CREATE VIEW sys.catalog.stl_load_commits AS
    SELECT l.user_id AS userid, f.id AS query, 0 AS slice, l.table_name AS name, f.name AS filename, 0 AS byte_offset,
        NULL::BIGINT AS lines_scanned, l.errors, f.ended AS curtime, 1 AS status, l.format AS file_format, 0 AS is_partial,
        0::BIGINT AS start_offset, coalesce(l.job_id, 0) AS copy_job_id
    FROM load_history.main.file f JOIN sys.groundplane.visible_load l USING (id);

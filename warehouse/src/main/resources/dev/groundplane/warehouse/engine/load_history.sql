-- What COPY did; see load/LoadHistory. In a database of its own, because it stays when the transaction of a COPY does not.

CREATE TABLE IF NOT EXISTS load_history.main.load (
    id BIGINT, ended TIMESTAMP, begun TIMESTAMP, user_name VARCHAR, database_name VARCHAR, table_name VARCHAR, table_id BIGINT,
    source VARCHAR, format VARCHAR, rows BIGINT, files BIGINT, bytes BIGINT, errors BIGINT, failure VARCHAR);
CREATE TABLE IF NOT EXISTS load_history.main.file (id BIGINT, ended TIMESTAMP, name VARCHAR, bytes BIGINT);
CREATE TABLE IF NOT EXISTS load_history.main.error (
    id BIGINT, ended TIMESTAMP, file VARCHAR, line BIGINT, column_name VARCHAR, type VARCHAR, length VARCHAR, position INTEGER,
    raw_line VARCHAR, raw_value VARCHAR, code INTEGER, reason VARCHAR);
CREATE MACRO sys.functions.pg_last_copy_id() AS coalesce(getvariable('pg_last_copy_id'), -1);
CREATE MACRO sys.functions.pg_last_copy_count() AS coalesce(getvariable('pg_last_copy_count'), 0);
CREATE MACRO sys.functions.pg_last_unload_count() AS coalesce(getvariable('pg_last_unload_count'), 0);
CREATE VIEW sys.catalog.stl_load_errors AS
    SELECT 100 AS userid, 0 AS slice, l.table_id AS tbl, l.begun AS starttime, NULL::INTEGER AS session, e.id AS query,
        e.file AS filename, e.line AS line_number, e.column_name AS colname, e.type, e.length AS col_length, e.position,
        e.raw_line, e.raw_value AS raw_field_value, e.code AS err_code, e.reason AS err_reason, 0 AS is_partial,
        0::BIGINT AS start_offset, NULL::BIGINT AS copy_job_id
    FROM load_history.main.error e JOIN load_history.main.load l USING (id)
    WHERE l.database_name = current_database();
CREATE VIEW sys.catalog.stl_loaderror_detail AS
    SELECT userid, slice, session, query, filename, line_number, position AS field, colname, raw_field_value AS value,
        0 AS is_null, type, col_length
    FROM sys.catalog.stl_load_errors;
CREATE VIEW sys.catalog.sys_load_error_detail AS
    SELECT 100 AS user_id, e.id AS query_id, NULL::BIGINT AS transaction_id, NULL::INTEGER AS session_id, l.database_name,
        l.table_id, l.begun AS start_time, e.file AS file_name, e.line AS line_number, e.column_name, e.type AS column_type,
        e.length AS column_length, e.position, e.code AS error_code, e.reason AS error_message
    FROM load_history.main.error e JOIN load_history.main.load l USING (id)
    WHERE l.database_name = current_database();
CREATE VIEW sys.catalog.sys_load_history AS
    SELECT 100 AS user_id, id AS query_id, NULL::BIGINT AS transaction_id, NULL::INTEGER AS session_id, database_name,
        CASE WHEN failure = '' THEN 'completed' ELSE 'aborted' END AS status, table_name, begun AS start_time, ended AS end_time,
        date_diff('microsecond', begun, ended) AS duration, source AS data_source, format AS file_format, rows AS loaded_rows,
        CASE WHEN failure = '' THEN bytes ELSE 0 END AS loaded_bytes, files AS source_file_count, bytes AS source_file_bytes,
        files AS file_count_scanned, bytes AS file_bytes_scanned, errors AS error_count, NULL::BIGINT AS copy_job_id
    FROM load_history.main.load WHERE database_name = current_database();
CREATE VIEW sys.catalog.stl_load_commits AS
    SELECT 100 AS userid, f.id AS query, 0 AS slice, l.table_name AS name, f.name AS filename, 0 AS byte_offset,
        NULL::BIGINT AS lines_scanned, l.errors, f.ended AS curtime, 1 AS status, l.format AS file_format, 0 AS is_partial,
        0::BIGINT AS start_offset, NULL::BIGINT AS copy_job_id
    FROM load_history.main.file f JOIN load_history.main.load l USING (id)
    WHERE l.database_name = current_database();

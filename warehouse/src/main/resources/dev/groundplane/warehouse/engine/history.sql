-- Redshift's system views of what runs and what has run. What is over is in a file; of what goes on the process is asked whenever
-- a view is read, see history/PresentText.

CREATE VIEW sys.groundplane.running_statement AS
    SELECT s.id, make_timestamp(s.begun) AS begun, s.user_id, s.user_name, s.session_id, s.database_name, s.label,
        s.transaction_id, s."type", s."text", s.status
    FROM (SELECT unnest(from_json(running_statements_text(), '[{"id": "BIGINT", "begun": "BIGINT", "user_id": "INTEGER",
        "user_name": "VARCHAR", "session_id": "INTEGER", "database_name": "VARCHAR", "label": "VARCHAR",
        "transaction_id": "BIGINT", "type": "VARCHAR", "text": "VARCHAR", "status": "VARCHAR"}]')) AS s);
CREATE VIEW sys.groundplane.open_session AS
    SELECT make_timestamp(s.begun) AS begun, s.user_id, s.user_name, s.session_id, s.database_name, s.timeout
    FROM (SELECT unnest(from_json(open_sessions_text(), '[{"begun": "BIGINT", "user_id": "INTEGER", "user_name": "VARCHAR",
        "session_id": "INTEGER", "database_name": "VARCHAR", "timeout": "BIGINT"}]')) AS s);
CREATE MACRO sys.functions.pg_last_query_id() AS coalesce(getvariable('pg_last_query_id'), -1);
CREATE MACRO sys.functions.pg_cancel_backend(pid) AS signal_backend(
    'CANCEL', pid::INTEGER, getvariable('groundplane_caller')::VARCHAR);
CREATE MACRO sys.functions.pg_terminate_backend(pid) AS signal_backend(
    'TERMINATE', pid::INTEGER, getvariable('groundplane_caller')::VARCHAR);
CREATE MACRO sys.groundplane.may_see(whose) AS
    sys.functions.sees_all() OR whose = sys.functions.current_user_id();
-- All statements that the session's user may see.
CREATE VIEW sys.groundplane.statements AS
    SELECT id, begun, begun + to_microseconds(elapsed) AS ended, user_id, user_name, session_id, database_name, label,
        transaction_id, type, text, status, planning, elapsed, error, rows, bytes
    FROM load_history.main.statement WHERE sys.groundplane.may_see(user_id)
    UNION ALL
    SELECT id, begun, NULL, user_id, user_name, session_id, database_name, label, transaction_id, type, text, status, NULL,
        date_diff('microsecond', begun, now()::TIMESTAMP), NULL, NULL, NULL
    FROM sys.groundplane.running_statement WHERE sys.groundplane.may_see(user_id);
-- Their texts in pieces of 200 characters, as the older views have them.
CREATE VIEW sys.groundplane.statement_texts AS
    SELECT *, substr(text, (sequence * 200 + 1)::BIGINT, 200) AS piece
    FROM (SELECT *, unnest(range(greatest(1, (length(text) + 199) // 200)))::INTEGER AS sequence
        FROM sys.groundplane.statements);
CREATE VIEW sys_query_history AS
    SELECT user_id, id AS query_id, label AS query_label, transaction_id, session_id, database_name, type AS query_type, status,
        false AS result_cache_hit, begun AS start_time, ended AS end_time, elapsed AS elapsed_time, 0::BIGINT AS queue_time,
        elapsed - planning AS execution_time, left(error, 512) AS error_message, rows AS returned_rows, bytes AS returned_bytes,
        left(text, 4000) AS query_text, '1.0.12103' AS redshift_version, NULL::VARCHAR AS usage_limit,
        'primary' AS compute_type, 0::BIGINT AS compile_time, planning AS planning_time, 0::BIGINT AS lock_wait_time,
        NULL::INTEGER AS service_class_id, NULL::VARCHAR AS service_class_name, NULL::VARCHAR AS query_priority,
        'false' AS short_query_accelerated, md5(text) AS user_query_hash, NULL::VARCHAR AS generic_query_hash,
        NULL::INTEGER AS query_hash_version, NULL::BIGINT AS result_cache_query_id
    FROM sys.groundplane.statements;
CREATE VIEW sys_query_text AS
    SELECT user_id, id AS query_id, transaction_id, session_id, begun AS start_time, sequence,
        substr(text, (sequence * 4000 + 1)::BIGINT, 4000) AS text
    FROM (SELECT *, unnest(range(greatest(1, (length(text) + 3999) // 4000)))::INTEGER AS sequence
        FROM sys.groundplane.statements);
CREATE VIEW stl_query AS
    SELECT user_id AS userid, id AS query, label, transaction_id AS xid, session_id AS pid, database_name AS database,
        left(text, 4000) AS querytxt, begun AS starttime, ended AS endtime, (status <> 'success')::INTEGER AS aborted,
        0 AS insert_pristine, 0 AS concurrency_scaling_status
    FROM sys.groundplane.statements WHERE type NOT IN ('DDL', 'UTILITY') AND ended IS NOT NULL;
CREATE VIEW stl_querytext AS
    SELECT user_id AS userid, transaction_id AS xid, session_id AS pid, id AS query, sequence, piece AS text
    FROM sys.groundplane.statement_texts WHERE type NOT IN ('DDL', 'UTILITY');
CREATE VIEW svl_statementtext AS
    SELECT user_id AS userid, transaction_id AS xid, session_id AS pid, label, begun AS starttime, ended AS endtime, sequence,
        CASE WHEN type IN ('DDL', 'UTILITY') THEN type ELSE 'QUERY' END AS type, piece AS text
    FROM sys.groundplane.statement_texts WHERE ended IS NOT NULL;
CREATE VIEW stl_ddltext AS
    SELECT userid, xid, pid, label, starttime, endtime, sequence, text FROM sys.catalog.svl_statementtext WHERE type = 'DDL';
CREATE VIEW stl_utilitytext AS
    SELECT userid, xid, pid, label, starttime, endtime, sequence, text FROM sys.catalog.svl_statementtext WHERE type = 'UTILITY';
CREATE VIEW svl_qlog AS
    SELECT userid, query, xid, pid, starttime, endtime, date_diff('microsecond', starttime, endtime) AS elapsed, aborted, label,
        left(querytxt, 60) AS substring, NULL::BIGINT AS source_query, NULL::VARCHAR AS concurrency_scaling_status_txt,
        0 AS from_sp_call
    FROM sys.catalog.stl_query;
CREATE VIEW stv_recents AS
    SELECT user_id AS userid, CASE WHEN ended IS NULL THEN 'Running' ELSE 'Done' END AS status, begun AS starttime,
        elapsed AS duration, user_name, database_name AS db_name, left(text, 600) AS query,
        CASE WHEN ended IS NULL THEN session_id ELSE -1 END AS pid
    FROM sys.groundplane.statements QUALIFY ended IS NULL OR row_number() OVER (ORDER BY id DESC) <= 100;
CREATE VIEW stv_inflight AS
    SELECT user_id AS userid, 0 AS slice, id AS query, label, transaction_id AS xid, session_id AS pid, begun AS starttime,
        left(text, 100) AS text, 0 AS suspended, 0 AS insert_pristine, 0 AS concurrency_scaling_status
    FROM sys.groundplane.statements WHERE ended IS NULL AND type NOT IN ('DDL', 'UTILITY');
CREATE VIEW stv_sessions AS
    SELECT begun AS starttime, session_id AS process, user_name, database_name AS db_name, timeout AS timeout_sec
    FROM sys.groundplane.open_session WHERE sys.groundplane.may_see(user_id);
-- A session is closed when it has ended, or is neither here nor parked: its worker was killed.
CREATE VIEW sys.groundplane.sessions AS
    SELECT last.user_id, last.user_name, last.session_id, last.database_name, last.begun, last.timeout,
        CASE WHEN last.event = 'timed out' THEN 'timed out'
            WHEN last.event = 'parked' OR o.session_id IS NOT NULL THEN 'active' ELSE 'closed' END AS status,
        CASE WHEN last.event IN ('timed out', 'disconnecting session') THEN last.happened END AS ended
    FROM (SELECT * FROM load_history.main.connection_event
        QUALIFY row_number() OVER (PARTITION BY session_id, begun ORDER BY happened DESC, lasted DESC) = 1) last
    LEFT JOIN sys.groundplane.open_session o ON o.session_id = last.session_id AND o.begun = last.begun
    WHERE sys.groundplane.may_see(last.user_id);
CREATE VIEW sys_session_history AS
    SELECT user_id, session_id, database_name, status, timeout AS session_timeout, begun AS start_time, ended AS end_time
    FROM sys.groundplane.sessions;
CREATE VIEW stl_sessions AS
    SELECT user_id AS userid, begun AS starttime, ended AS endtime, session_id AS process, user_name, database_name AS db_name,
        timeout AS timeout_sec, (status = 'timed out')::INTEGER AS timed_out
    FROM sys.groundplane.sessions WHERE status <> 'active';
CREATE VIEW sys_connection_log AS
    SELECT CASE event WHEN 'timed out' THEN 'disconnecting session' ELSE event END AS event, happened AS record_time,
        NULL::VARCHAR AS remote_host, NULL::VARCHAR AS remote_port, session_id, database_name, user_name,
        NULL::VARCHAR AS auth_method, CASE WHEN event <> 'initiating session' THEN lasted ELSE 0 END AS duration,
        NULL::VARCHAR AS ssl_version, NULL::VARCHAR AS ssl_cipher, NULL::INTEGER AS mtu, NULL::VARCHAR AS ssl_compression,
        NULL::VARCHAR AS ssl_expansion, NULL::VARCHAR AS iam_auth_guid, application AS application_name,
        driver AS driver_version, system AS os_version, NULL::VARCHAR AS plugin_name, 0 AS protocol_version,
        NULL::VARCHAR AS global_session_id
    FROM load_history.main.connection_event
    WHERE sys.functions.sees_all() AND event NOT IN ('parked', 'resumed');
CREATE VIEW stl_connection_log AS
    SELECT event, record_time AS recordtime, remote_host AS remotehost, remote_port AS remoteport, session_id AS pid,
        database_name AS dbname, user_name AS username, auth_method AS authmethod, duration, ssl_version AS sslversion,
        ssl_cipher AS sslcipher, mtu, ssl_compression AS sslcompression, ssl_expansion AS sslexpansion,
        iam_auth_guid AS iamauthguid, application_name, driver_version, os_version, plugin_name, protocol_version,
        global_session_id AS globalsessionid
    FROM sys.catalog.sys_connection_log;

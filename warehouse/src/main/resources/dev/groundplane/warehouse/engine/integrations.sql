-- Redshift's system views of integrations, for superusers; and what they are made of while no database follows a source.

CREATE VIEW sys.groundplane.no_replication AS
    SELECT NULL::VARCHAR AS database_name, NULL::VARCHAR AS integration, NULL::VARCHAR AS source, NULL::BIGINT AS position,
        NULL::TIMESTAMP AS committed, NULL::TIMESTAMP AS applied, NULL::TIMESTAMP AS created, NULL::VARCHAR AS source_database
    WHERE false;
CREATE VIEW sys.groundplane.no_replicated_table AS
    SELECT NULL::VARCHAR AS database_name, NULL::BIGINT AS id, NULL::VARCHAR AS schema_name, NULL::VARCHAR AS table_name,
        NULL::VARCHAR AS state, NULL::VARCHAR AS reason, NULL::BIGINT AS position, NULL::VARCHAR AS definition,
        NULL::BIGINT AS copied WHERE false;
CREATE VIEW sys.groundplane.no_replication_activity AS
    SELECT NULL::VARCHAR AS database_name, NULL::BIGINT AS checkpoint, NULL::VARCHAR AS type, NULL::BIGINT AS bytes,
        NULL::TIMESTAMP AS committed, NULL::INTEGER AS tables, NULL::TIMESTAMP AS begun, NULL::TIMESTAMP AS ended WHERE false;
CREATE VIEW sys.groundplane.no_replication_table_activity AS
    SELECT NULL::VARCHAR AS database_name, NULL::BIGINT AS checkpoint, NULL::BIGINT AS id, NULL::VARCHAR AS schema_name,
        NULL::VARCHAR AS table_name, NULL::BIGINT AS inserted, NULL::BIGINT AS updated, NULL::BIGINT AS deleted,
        NULL::BIGINT AS bytes, NULL::TIMESTAMP AS recorded WHERE false;
CREATE VIEW sys.groundplane.replication AS SELECT * FROM sys.groundplane.no_replication;
CREATE VIEW sys.groundplane.replicated_table AS SELECT * FROM sys.groundplane.no_replicated_table;
CREATE VIEW sys.groundplane.replication_activity AS SELECT * FROM sys.groundplane.no_replication_activity;
CREATE VIEW sys.groundplane.replication_table_activity AS SELECT * FROM sys.groundplane.no_replication_table_activity;

CREATE MACRO sys.functions.log_position__(position) AS printf('%X/%X', position >> 32, position & 4294967295);
CREATE VIEW svv_integration_table_state AS
    SELECT r.integration AS integration_id, t.database_name AS target_database, t.schema_name, t.table_name,
        CASE WHEN t.state = 'ResyncRequired' AND t.copied IS NOT NULL THEN 'ResyncInitiated' ELSE t.state END AS table_state,
        sys.functions.log_position__(greatest(t.position, r.position)) AS table_last_replicated_checkpoint,
        t.reason, r.committed AS last_updated_timestamp,
        -- While a table is copied, how far that is; else the engine's estimate.
        CASE WHEN t.state = 'ResyncRequired' THEN t.copied ELSE d.estimated_size END AS table_rows, NULL::BIGINT AS table_size,
        false AS is_history_mode
    FROM sys.groundplane.replicated_table t JOIN sys.groundplane.replication r USING (database_name)
        LEFT JOIN duckdb_tables() d
            ON d.database_name = t.database_name AND d.schema_name = t.schema_name AND d.table_name = t.table_name
    WHERE sys.functions.sees_all();
CREATE VIEW svv_integration AS
    SELECT r.integration AS integration_id, r.database_name AS target_database, 'PostgreSQL' AS source,
        CASE WHEN count(*) FILTER (t.state = 'ResyncRequired') > 0 THEN 'SynchronizingState' ELSE 'CdcRefreshState' END AS state,
        -- How much later than at the source the last changes were here; it is not known what has not been sent yet.
        greatest(0, date_diff('millisecond', r.committed, r.applied)) AS current_lag,
        sys.functions.log_position__(r.position) AS last_replicated_checkpoint,
        count(*) FILTER (t.state = 'Synced') AS total_tables_replicated, count(*) FILTER (t.state = 'Failed') AS total_tables_failed,
        r.created AS creation_time, 0 AS refresh_interval, r.source_database, false AS is_history_mode
    FROM sys.groundplane.replication r LEFT JOIN sys.groundplane.replicated_table t USING (database_name)
    WHERE sys.functions.sees_all()
    GROUP BY ALL;
CREATE VIEW sys_integration_activity AS
    SELECT r.integration AS integration_id, a.database_name AS target_database, 'PostgreSQL' AS source,
        sys.functions.log_position__(a.checkpoint) AS checkpoint_name, a.type AS checkpoint_type, a.bytes AS checkpoint_bytes,
        a.committed AS last_commit_timestamp, a.tables AS modified_tables, a.begun AS integration_start_time,
        a.ended AS integration_end_time
    FROM sys.groundplane.replication_activity a JOIN sys.groundplane.replication r USING (database_name)
    WHERE sys.functions.sees_all();
CREATE VIEW sys_integration_table_activity AS
    SELECT r.integration AS integration_id, sys.functions.log_position__(a.checkpoint) AS checkpoint_name,
        a.database_name AS target_database, a.schema_name, a.table_name, a.id AS table_id, a.recorded AS record_time,
        NULL::BIGINT AS transaction_id, a.inserted AS inserted_rows, a.deleted AS deleted_rows, a.updated AS updated_rows,
        a.bytes AS bytes_ingested
    FROM sys.groundplane.replication_table_activity a JOIN sys.groundplane.replication r USING (database_name)
    WHERE sys.functions.sees_all()

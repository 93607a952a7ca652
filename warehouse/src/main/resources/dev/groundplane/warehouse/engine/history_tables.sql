-- What sessions and statements did; see history/HistoryFile. In the file that also has what COPY did: a commit of a transaction
-- is in one database.
CREATE SEQUENCE IF NOT EXISTS load_history.main.statement_block START 1000;
CREATE TABLE IF NOT EXISTS load_history.main.statement (
    id BIGINT, begun TIMESTAMP, user_id INTEGER, user_name VARCHAR, session_id INTEGER, database_name VARCHAR, label VARCHAR,
    transaction_id BIGINT, type VARCHAR, text VARCHAR, status VARCHAR, planning BIGINT, elapsed BIGINT, error VARCHAR,
    rows BIGINT, bytes BIGINT);
CREATE TABLE IF NOT EXISTS load_history.main.connection_event (
    happened TIMESTAMP, event VARCHAR, user_id INTEGER, user_name VARCHAR, session_id INTEGER, database_name VARCHAR, begun TIMESTAMP,
    timeout BIGINT, application VARCHAR, driver VARCHAR, system VARCHAR, lasted BIGINT);

-- What COPY did, in a database of its own, because it stays when the transaction of a COPY does not. History prunes it.

CREATE TABLE IF NOT EXISTS load_history.main.load (
    id BIGINT, ended TIMESTAMP, begun TIMESTAMP, user_name VARCHAR, database_name VARCHAR, table_name VARCHAR, table_id BIGINT,
    source VARCHAR, format VARCHAR, rows BIGINT, files BIGINT, bytes BIGINT, errors BIGINT, failure VARCHAR);
CREATE TABLE IF NOT EXISTS load_history.main.file (id BIGINT, ended TIMESTAMP, name VARCHAR, bytes BIGINT);
CREATE TABLE IF NOT EXISTS load_history.main.error (
    id BIGINT, ended TIMESTAMP, file VARCHAR, line BIGINT, column_name VARCHAR, type VARCHAR, length VARCHAR, position INTEGER,
    raw_line VARCHAR, raw_value VARCHAR, code INTEGER, reason VARCHAR);
-- Loads of older versions have none.
ALTER TABLE load_history.main.load ADD COLUMN IF NOT EXISTS user_id INTEGER;
ALTER TABLE load_history.main.load ADD COLUMN IF NOT EXISTS job_id BIGINT;

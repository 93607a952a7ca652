package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** System views of what runs and what has run. */
final class HistoryTest extends WarehouseFixture {
    @Test
    void statementsThatEndedAreTold() throws Exception {
        run("SET query_group TO 'night'", "CREATE TABLE t (i INTEGER)", "INSERT INTO t VALUES (1), (2)");
        rows("SELECT i FROM t");
        assertFails("SELECT i FROM missing", "42P01", "missing");

        assertThat(
                        rows(
                                "SELECT trim(query_type), trim(status), trim(query_label), returned_rows, trim(query_text), error_message"
                                        + " FROM sys_query_history WHERE query_text NOT LIKE 'SET extra%' AND end_time IS NOT NULL ORDER BY query_id"))
                .containsExactly(
                        "UTILITY|success|default|0|SET query_group TO 'night'|null",
                        "DDL|success|night|0|CREATE TABLE t (i INTEGER)|null",
                        "INSERT|success|night|0|INSERT INTO t VALUES (1), (2)|null",
                        "SELECT|success|night|2|SELECT i FROM t|null",
                        "SELECT|failed|night|0|SELECT i FROM missing|relation \"missing\" does not exist");
        assertThat(rows(
                        "SELECT user_id, session_id = pg_backend_pid(), trim(database_name), result_cache_hit, queue_time,"
                                + " elapsed_time >= execution_time, end_time >= start_time, returned_bytes > 0, compute_type"
                                + " FROM sys_query_history WHERE query_text = 'SELECT i FROM t'"))
                .containsExactly("100|t|dev|f|0|t|t|t|primary");
    }

    @Test
    void theStatementThatAsksIsRunning() throws Exception {
        assertThat(rows("SELECT trim(status), end_time, query_text FROM sys_query_history WHERE status = 'running'"
                        + " OR status = 'planning'"))
                .singleElement()
                .asString()
                .startsWith("running|null|SELECT trim(status)");
        assertThat(rows("SELECT pid = pg_backend_pid(), trim(user_name) FROM stv_recents WHERE status = 'Running'"))
                .containsExactly("t|admin");
        assertThat(rows("SELECT text FROM stv_inflight")).containsExactly("SELECT text FROM stv_inflight");
    }

    @Test
    void historyOutlivesTheWorker() throws Exception {
        rows("SELECT 17 AS before");
        var last = rows("SELECT query_id FROM sys_query_history WHERE query_text = 'SELECT 17 AS before'")
                .getFirst();

        restart();

        assertThat(rows("SELECT query_id FROM sys_query_history WHERE query_text = 'SELECT 17 AS before'"))
                .containsExactly(last);
        rows("SELECT 1 AS after");
        assertThat(rows("SELECT query_id > " + last + " FROM sys_query_history WHERE query_text = 'SELECT 1 AS after'"))
                .containsExactly("t");
        assertThat(rows("SELECT trim(status), end_time IS NULL FROM sys_session_history ORDER BY start_time"))
                .containsExactly("closed|f", "active|t");
        assertThat(rows("SELECT trim(event) FROM sys_connection_log ORDER BY record_time"))
                .containsExactly("initiating session", "disconnecting session", "initiating session");
    }

    @Test
    void olderViewsTellTheSame() throws Exception {
        var text = "SELECT '" + "x".repeat(5000) + "' AS long";
        rows(text);
        run("CREATE TABLE t (i INTEGER)", "SET timezone TO 'UTC'");

        assertThat(
                        rows(
                                "SELECT q.aborted, trim(q.label), t.pieces FROM stl_query q JOIN (SELECT query, count(*) AS pieces"
                                        + " FROM stl_querytext GROUP BY query) t USING (query) WHERE querytxt LIKE 'SELECT ''xxx%'"))
                .containsExactly("0|default|26");
        assertThat(rows("SELECT listagg(text) WITHIN GROUP (ORDER BY sequence) FROM sys_query_text t"
                        + " WHERE query_id = (SELECT min(query) FROM stl_query WHERE querytxt LIKE 'SELECT ''xxx%')"))
                .containsExactly(text);
        assertThat(rows("SELECT trim(type), trim(text) FROM svl_statementtext WHERE type <> 'QUERY'"
                        + " AND text NOT LIKE 'SET extra%' ORDER BY starttime"))
                .containsExactly("DDL|CREATE TABLE t (i INTEGER)", "UTILITY|SET timezone TO 'UTC'");
        assertThat(rows("SELECT trim(text) FROM stl_ddltext")).containsExactly("CREATE TABLE t (i INTEGER)");
        assertThat(rows("SELECT trim(text) FROM stl_utilitytext WHERE text LIKE '%zone%'"))
                .containsExactly("SET timezone TO 'UTC'");
        assertThat(rows("SELECT process = pg_backend_pid(), trim(user_name), trim(db_name) FROM stv_sessions"))
                .containsExactly("t|admin|dev");
    }

    @Test
    void aTransactionHasOneNumber() throws Exception {
        run("BEGIN", "SELECT 1", "COMMIT", "SELECT 2", "SELECT 3; SELECT 4", "SELECT 5; SELECT 6");

        assertThat(rows("SELECT dense_rank() OVER (ORDER BY transaction_id), trim(query_text) FROM sys_query_history"
                        + " WHERE end_time IS NOT NULL AND query_text NOT LIKE 'SET extra%' ORDER BY query_id"))
                .containsExactly(
                        "1|BEGIN",
                        "1|SELECT 1",
                        "1|COMMIT",
                        "2|SELECT 2",
                        "3|SELECT 3",
                        "3|SELECT 4",
                        "4|SELECT 5",
                        "4|SELECT 6");
    }

    @Test
    void theLastQueryOfASessionIsTold() throws Exception {
        assertThat(rows("SELECT pg_last_query_id()")).containsExactly("-1");
        rows("SELECT 7 AS seven");
        run("SET query_group TO 'other'");

        assertThat(rows("SELECT trim(querytxt) FROM stl_query WHERE query = pg_last_query_id()"))
                .containsExactly("SELECT 7 AS seven");
    }

    @Test
    void secretsAreNotKept() throws Exception {
        run("CREATE USER bob PASSWORD 'Password1'");
        assertFails("ALTERR USER bob PASSWORD 'Password2'", "42601", "ALTERR");

        assertThat(rows(
                        "SELECT query_text FROM sys_query_history WHERE query_text LIKE '%bob%' AND end_time IS NOT NULL"
                                + " ORDER BY query_id"))
                .containsExactly("CREATE USER bob PASSWORD '***'", "ALTERR USER bob PASSWORD '***'");
    }

    @Test
    void whatFailsWhenItIsDescribedIsTold() throws Exception {
        try (var extended = connect("dev", "extended");
                var statement = extended.prepareStatement("SELECT nothing FROM nowhere")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(statement::executeQuery))
                    .isInstanceOf(SQLException.class);
            assertThat(rows("SELECT trim(status) FROM sys_query_history WHERE query_text LIKE 'SELECT nothing%'"))
                    .containsExactly("failed");
        }
    }
}

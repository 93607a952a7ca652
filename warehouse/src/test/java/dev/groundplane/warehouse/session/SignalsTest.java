package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sessions end what others run, and others. */
final class SignalsTest extends AccessFixture {
    private static final String ENDLESS = "SELECT count(*) FROM range(10000000000) a, range(10000000000) b";

    @Test
    void aSuperuserCancelsWhatAnotherRuns() throws Exception {
        assertThat(cancelled("SELECT pg_cancel_backend(%s)"))
                .startsWith("ERROR: Query (")
                .contains("cancelled on user");
        assertThat(cancelled("CANCEL %s 'by the operator'")).contains("by the operator");
        assertThat(rows(
                        admin,
                        "SELECT DISTINCT trim(status) FROM sys_query_history WHERE query_text LIKE '%range%'"
                                + " AND user_id > 100"))
                .containsExactly("canceled");
        assertThat(rows(bob, "SELECT 1")).containsExactly("1");
    }

    /** What bob is told when a statement of the administrator's ends his. */
    private String cancelled(String statement) throws Exception {
        var process = process(bob);
        var failed = CompletableFuture.supplyAsync(() -> failure(bob));
        while (rows(admin, "SELECT 1 FROM stv_inflight WHERE text LIKE '%range%' AND userid > 100")
                .isEmpty()) {
            Thread.onSpinWait();
        }
        run(admin, statement.formatted(process));
        return String.valueOf(failed.get().getMessage());
    }

    private static SQLException failure(Connection connection) {
        try {
            rows(connection, ENDLESS);
            throw new AssertionError("it ended by itself");
        } catch (SQLException e) {
            return e;
        }
    }

    private static String process(Connection connection) throws SQLException {
        return rows(connection, "SELECT pg_backend_pid()").getFirst();
    }

    @Test
    void aSessionIsTerminated() throws Exception {
        try (var other = connect("bob", PASSWORD)) {
            assertThat(rows(bob, "SELECT pg_terminate_backend(%s)".formatted(process(other))))
                    .containsExactly("1");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> rows(other, "SELECT 1"))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("57P01"));
        }
    }

    @Test
    void aSessionThatRunsIsTerminated() throws Exception {
        var process = process(bob);
        var failed = CompletableFuture.supplyAsync(() -> failure(bob));
        while (rows(admin, "SELECT 1 FROM stv_inflight WHERE text LIKE '%range%' AND userid > 100")
                .isEmpty()) {
            Thread.onSpinWait();
        }
        run(admin, "SELECT pg_terminate_backend(process) FROM stv_sessions WHERE process = " + process);

        failed.get();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> rows(bob, "SELECT 1"));
    }

    @Test
    void othersSessionsAreLeftAlone() throws Exception {
        var process = process(admin);
        refused(bob, "SELECT pg_cancel_backend(%s)".formatted(process), "must be superuser");
        refused(bob, "SELECT pg_terminate_backend(%s)".formatted(process), "must be superuser");
        refused(bob, "CANCEL " + process, "must be superuser");
        for (var name : List.of("signal_backend", "\"signal_backend\"", "signal_backend/**/", "main.signal_backend")) {
            refused(bob, "SELECT %s('CANCEL', %s, 'key')".formatted(name, process), "signal_backend");
        }
        for (var space : List.of("\u00a0", "\u2007", "\u200b", "\u202f", "\u2060", "\ufeff")) {
            fails(bob, "SELECT signal_backend%s('CANCEL', %s, 'key')".formatted(space, process), "42601", "U+");
        }
        assertThat(rows(bob, "SELECT pg_cancel_backend(-5)")).containsExactly("0");
    }

    @Test
    void whoIsNoSuperuserAnyMoreIsNoneForSignals() throws Exception {
        run(admin, "CREATE USER chief CREATEUSER PASSWORD '" + PASSWORD + "'");
        var process = process(bob);
        try (var chief = connect("chief", PASSWORD)) {
            assertThat(rows(chief, "SELECT pg_cancel_backend(%s)".formatted(process)))
                    .containsExactly("1");
            run(admin, "ALTER USER chief NOCREATEUSER");
            refused(chief, "SELECT pg_cancel_backend(%s)".formatted(process), "must be superuser");
        }
    }

    @Test
    void everybodySeesTheirOwnStatements() throws Exception {
        rows(bob, "SELECT 'of bob'");
        rows(admin, "SELECT 'of admin'");

        assertThat(rows(bob, "SELECT DISTINCT user_id > 100 FROM sys_query_history"))
                .containsExactly("t");
        assertThat(rows(bob, "SELECT DISTINCT user_name FROM stv_recents")).containsExactly("bob");
        assertThat(rows(bob, "SELECT user_name FROM stv_sessions")).containsExactly("bob");
        assertThat(rows(bob, "SELECT 1 FROM sys_connection_log")).isEmpty();
        assertThat(rows(admin, "SELECT DISTINCT user_name FROM stv_recents ORDER BY 1"))
                .containsExactly("admin", "bob");
        refused(bob, "SELECT text FROM load_history.main.statement", "permission denied");
        refused(bob, "SELECT running_statements_text()", "permission denied");
        refused(bob, "SELECT open_sessions_text()", "permission denied");
    }

    @Test
    void aWorkgroupHasALimitAndDefaults() throws Exception {
        server.principals()
                .parameters(Map.of("max_query_execution_time", "1", "query_group", "nightly", "search_path", "desk"));
        try (var later = connect("bob", PASSWORD)) {
            assertThat(rows(later, "SHOW query_group")).containsExactly("nightly");
            assertThat(rows(later, "SELECT id FROM own")).containsExactly("1");
            fails(later, ENDLESS, "57014", "cancelled by WLM abort action");
            assertThat(rows(later, "SELECT 1")).containsExactly("1");
            run(later, "SET query_group TO 'other'");
            run(later, "RESET query_group");
            assertThat(rows(later, "SHOW query_group")).containsExactly("nightly");
        }
    }

    @Test
    void aUsersSessionsHaveATimeout() throws Exception {
        run(admin, "ALTER USER bob SESSION TIMEOUT 600");
        assertThat(rows(admin, "SELECT session_timeout FROM svv_user_info WHERE user_name = 'bob'"))
                .containsExactly("600");
        try (var later = connect("bob", PASSWORD)) {
            assertThat(rows(later, "SELECT timeout_sec FROM stv_sessions WHERE process = pg_backend_pid()"))
                    .containsExactly("600");
        }
        run(admin, "ALTER USER bob RESET SESSION TIMEOUT");
        assertThat(rows(admin, "SELECT session_timeout FROM svv_user_info WHERE user_name = 'bob'"))
                .containsExactly("0");
    }
}

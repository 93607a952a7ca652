package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions are cancelled and terminated while they send rows. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SendingTest {
    /** More than fits between a server and a client that does not read. */
    private static final String ROWS = "SELECT repeat('x', 1000) FROM range(50000)";

    @TempDir
    private Path directory;

    private Engine engine;
    private RawClient sender;
    private RawClient other;

    @BeforeEach
    void connect() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
        var sessions = TestServer.sessions(engine, directory);
        sender = new RawClient(sessions);
        other = new RawClient(sessions);
    }

    @AfterEach
    void close() throws Exception {
        sender.close();
        other.close();
        engine.close();
    }

    /** Signals the sender's session while it sends. */
    private void signal(String function) throws Exception {
        var process = sender.query("SELECT pg_backend_pid()").get(1).substring(1);
        sender.send('Q', ROWS);
        while (!other.query("SELECT 1 FROM sys_query_history WHERE status = 'returning'")
                .contains("CSELECT 1")) {
            Thread.onSpinWait();
        }
        assertThat(other.query("SELECT %s(%s)".formatted(function, process))).contains("D1");
    }

    @Test
    void aCancelEndsTheRows() throws Exception {
        signal("pg_cancel_backend");

        assertThat(sender.answers())
                .endsWith("ZI")
                .anySatisfy(message -> assertThat(message).contains("57014", "cancelled on user"));
        assertThat(other.query("SELECT trim(status) FROM sys_query_history WHERE query_text LIKE 'SELECT repeat%'"))
                .contains("Dcanceled", "CSELECT 1");
        assertThat(sender.query("SELECT 7")).contains("D7");
    }

    @Test
    void aTerminationEndsTheRowsAndTheSession() throws Exception {
        signal("pg_terminate_backend");

        assertThat(sender.answers())
                .anySatisfy(message -> assertThat(message).contains("57014", "terminating connection"));
        assertThat(sender.answers())
                .singleElement()
                .satisfies(message -> assertThat(message).contains("57P01"));
    }
}

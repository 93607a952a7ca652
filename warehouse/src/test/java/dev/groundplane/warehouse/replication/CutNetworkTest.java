package dev.groundplane.warehouse.replication;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The network between the warehouse and its source goes, and comes again. */
final class CutNetworkTest extends ReplicationFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Test
    void a_source_that_falls_silent_within_a_message_is_followed_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, body text)");
        try (var cable = new Cable(sourcePort())) {
            followThrough(cable, PATIENCE);
            follow();
            awaitState("t", "Synced");

            cable.silenceAfter(100_000);
            source("INSERT INTO t VALUES (1, repeat('x', 5000000))");
            cable.awaitAttempt(); // the connection was given up though a message had begun to come
            cable.mend();
            awaitEqual("t", "id");
            stop();
        }
    }

    @Test
    void a_source_that_falls_silent_or_is_cut_off_is_followed_again() throws Exception {
        source(
                "CREATE TABLE t(id int PRIMARY KEY, n int)",
                "INSERT INTO t SELECT i, 0 FROM generate_series(1, 5000) i");
        try (var cable = new Cable(sourcePort())) {
            followThrough(cable, PATIENCE);
            follow();
            awaitState("t", "Synced");
            source("INSERT INTO t VALUES (5500, 0)");
            awaitEqual("t", "id"); // by the stream

            cable.silence();
            source("UPDATE t SET n = n + 1 WHERE id % 2 = 0", "DELETE FROM t WHERE id < 100");
            cable.awaitAttempt(); // the silent connection was given up
            cable.mend();
            awaitEqual("t", "id");

            cable.cut();
            source("UPDATE t SET n = n + 1 WHERE id % 3 = 0", "INSERT INTO t VALUES (6000, 0)");
            cable.awaitAttempt();
            cable.mend();
            awaitEqual("t", "id");
            stop();
        }
    }
}

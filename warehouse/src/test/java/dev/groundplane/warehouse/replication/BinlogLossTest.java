package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A source that is away, or has lost what came next. */
@ParameterizedClass
@EnumSource(BinlogSource.Engine.class)
final class BinlogLossTest extends BinlogFixture {
    @Test
    void a_source_that_was_killed_is_followed_when_it_is_back() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t");
        source("INSERT INTO t VALUES (2)");
        crashSource();
        source("INSERT INTO t VALUES (3)");
        awaitEqual("t");
        awaitCopies("t", 1);
    }

    @Test
    void a_log_that_was_purged_makes_all_be_copied_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t");
        stop();
        source("INSERT INTO t VALUES (2)", "FLUSH BINARY LOGS", "INSERT INTO t VALUES (3)", "FLUSH BINARY LOGS");
        purge();
        follow();
        awaitEqual("t");
        awaitCopies("t", 2);
    }

    @Test
    void a_log_that_was_purged_of_what_is_here_is_read_on() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t");
        stop();
        source("FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
        purge();
        source("INSERT INTO t VALUES (2)");
        follow();
        awaitEqual("t");
        // MySQL does not tell what was before a place that is gone.
        awaitCopies("t", kind == BinlogSource.Engine.MARIADB ? 1 : 2);
    }

    /** A file stays until the server has noticed that nobody reads it, and that its commits are on the disk. */
    private void purge() throws Exception {
        await(() -> {
            var last = sourceRows("SHOW BINARY LOGS").getLast().getFirst();
            source("PURGE BINARY LOGS TO '%s'".formatted(last));
            assertThat(sourceRows("SHOW BINARY LOGS")).hasSize(1);
        });
    }

    @Test
    void a_log_that_was_made_anew_makes_all_be_copied_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t");
        stop();
        source("DELETE FROM t", server().reset(), "INSERT INTO t VALUES (7)");
        for (var i = 100; i < 300; i++) { // so that there is a transaction of the number that was reached
            source("INSERT INTO t VALUES (%d)".formatted(i));
        }
        follow();
        awaitEqual("t");
        awaitCopies("t", 2);
    }

    @Test
    void another_server_makes_all_be_copied_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t");
        stop();
        try (var other = server().another()) {
            var former = server();
            moveTo(other);
            source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (8), (9)");
            follow();
            awaitEqual("t");
            stop();
            moveTo(former);
        }
    }

    @Test
    void whoever_is_let_in_again_goes_on() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        password("wrong");
        follow();
        assertThat(target("SELECT * FROM groundplane.replicated_table")).isEmpty();
        password("secret");
        awaitEqual("t");
    }

    @Test
    void a_network_that_is_cut_silently_is_noticed() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (var cable = new Cable(server().port())) {
            followThrough(cable, Duration.ofSeconds(2));
            follow();
            awaitEqual("t");
            source("INSERT INTO t VALUES (2)");
            awaitEqual("t"); // by the stream

            cable.silence();
            source("INSERT INTO t VALUES (3)");
            cable.awaitAttempt(); // the silent connection was given up
            cable.mend();
            awaitEqual("t");
            stop();
        }
    }
}

package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldCheckpointsTest {
    private static final EngineLimits LIMITS = new EngineLimits(500_000_000, 500_000_000, 2);
    private static final String LOG = "dev.duckdb.wal";
    private static final String FILE = "dev.duckdb";

    @TempDir
    Path directory;

    @TempDir
    Path copy;

    private static long count(Engine engine, String query) throws SQLException {
        try (var session = engine.session("dev")) {
            return Long.parseLong(session.rows(query).getFirst().getFirst());
        }
    }

    @Test
    void aLogAndThenItsFileAreWhatWasCommittedWhenTheLogWasCopied() throws Exception {
        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev");
                var open = engine.session("dev")) {
            session.run("CREATE TABLE t AS SELECT i FROM range(1000) r(i)");
            session.run("CHECKPOINT");
            session.run("INSERT INTO t VALUES (-1)");
            open.run("BEGIN");
            open.run("INSERT INTO t VALUES (-2)");
            try (var held = engine.holdCheckpoints()) {
                assertThat(held.databases()).containsExactly("dev");
                Files.copy(directory.resolve(LOG), copy.resolve(LOG));
                // What comes now is not in the copy, whatever it does to the file.
                session.run("CREATE TABLE big AS SELECT i, md5(i::VARCHAR) AS h FROM range(300000) r(i)");
                session.run("DROP TABLE big");
                session.run("CREATE TABLE big AS SELECT i, md5(i::VARCHAR) AS h FROM range(300000) r(i)");
                session.run("DELETE FROM t");
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> session.run("CHECKPOINT"));
                Files.copy(directory.resolve(FILE), copy.resolve(FILE));
            }
            open.run("ROLLBACK");
            session.run("CHECKPOINT");
            assertThat(directory.resolve(LOG)).doesNotExist();
            assertThat(count(engine, "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'held%'"))
                    .isZero();
        }
        try (var engine = Engine.open(copy, "dev", LIMITS)) {
            assertThat(count(engine, "SELECT count(*) FROM t")).isEqualTo(1001);
            assertThat(count(engine, "SELECT min(i) FROM t")).isEqualTo(-1);
            assertThat(count(engine, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'big'"))
                    .isZero();
        }
    }

    @Test
    void twoMayHoldThemAtOnce() throws Exception {
        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev");
                var first = engine.holdCheckpoints()) {
            try (var second = engine.holdCheckpoints()) {
                assertThat(second.databases()).isEqualTo(first.databases());
            }
            session.run("CREATE TABLE t(i INTEGER)");
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> session.run("CHECKPOINT"));
        }
    }
}

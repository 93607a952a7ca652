package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.pgwire.SqlState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFileTest {
    private static final EngineLimits LIMITS = new EngineLimits(500_000_000, 500_000_000, 2);
    /** The engine's three headers come first. */
    private static final int FIRST_BLOCK = 3 * 4096;

    @TempDir
    Path directory;

    @BeforeEach
    void fill() throws Exception {
        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev")) {
            session.run("CREATE TABLE t AS SELECT i, md5(i::VARCHAR) AS h FROM range(200000) r(i)");
            session.run("CHECKPOINT");
        }
    }

    private void flip(long position) throws IOException {
        try (var file =
                FileChannel.open(directory.resolve("dev.duckdb"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            file.read(one, position);
            file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 0x10)}), position);
        }
    }

    /** Opens the databases and reads all that is in them. */
    private void read() throws Exception {
        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev");
                var all = session.prepare("SELECT sum(i), max(h) FROM t")) {
            session.execute(all, Duration.ZERO);
        }
    }

    @Test
    void aFlippedByteIsNeverServedWhereverItIs() throws Exception {
        var size = Files.size(directory.resolve("dev.duckdb"));
        read();
        var failures = 0;
        for (var i = 0; i < 20; i++) {
            var position = FIRST_BLOCK + (size - FIRST_BLOCK) * i / 20 + 1000;
            flip(position);
            try {
                read(); // the byte is in no block that is in use
            } catch (SQLException damaged) {
                assertThat(damaged.getMessage())
                        .as("byte %d of %d", position, size)
                        .contains("checksum");
                assertThat(EngineErrors.report(damaged).sqlState())
                        .isIn(SqlState.DATA_CORRUPTED, SqlState.DATA_EXCEPTION);
                failures++;
            }
            flip(position);
        }
        assertThat(failures).as("blocks of %d bytes", size).isGreaterThan(10);
        read();
    }

    @Test
    void aDamagedHeaderKeepsTheEngineFromOpeningTheFile() throws Exception {
        flip(4096 + 20);
        flip(2 * 4096 + 20);
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::read).withMessageContaining("dev.duckdb");
    }
}

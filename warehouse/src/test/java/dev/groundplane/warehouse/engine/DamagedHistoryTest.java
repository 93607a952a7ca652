package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedHistoryTest {
    private static final EngineLimits LIMITS = new EngineLimits(500_000_000, 500_000_000, 2);

    @TempDir
    Path directory;

    @Test
    void whatIsNotTheFilesFaultDoesNotCostTheHistory() throws Exception {
        var file = Files.createDirectory(directory.resolve("load_history.db"));

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Engine.open(directory, "dev", LIMITS))
                .withMessageContaining("load_history.db");

        assertThat(file).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Out of Memory Error: failed to allocate data of size 256.0 KiB (95.3 MiB/95.3 MiB used)",
                "IO Error: Could not write file \"/d/load_history.db\": No space left on device",
                "IO Error: Could not set lock on file \"/d/load_history.db\": Conflicting lock is held",
                "Interrupt Error: Interrupted!"
            })
    void theseSayNothingOfTheFile(String message) {
        assertThat(HistoryDatabase.saysDamaged(new SQLException(message))).isFalse();
    }

    /** A file with some of the history's rows in it and in its log, which a worker that is killed leaves. */
    private void fill() throws Exception {
        var copy = directory.resolve("copy");
        Files.createDirectory(copy);
        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev")) {
            session.run(
                    "INSERT INTO load_history.main.file SELECT i, now()::TIMESTAMP, md5(i::VARCHAR), 1 FROM range(50000) r(i)");
            session.run("CHECKPOINT load_history");
            session.run(
                    "INSERT INTO load_history.main.file SELECT i, now()::TIMESTAMP, md5(i::VARCHAR), 1 FROM range(1000) r(i)");
            for (var name : List.of("load_history.db", "load_history.db.wal")) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
        }
        for (var name : List.of("load_history.db", "load_history.db.wal")) {
            Files.copy(copy.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void write(String name, long position, byte[] bytes) throws Exception {
        try (var file = FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes), position);
        }
    }

    private void cut(String name, long bytes) throws Exception {
        try (var file = FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        }
    }

    private interface Damage {
        void done(DamagedHistoryTest test) throws Exception;
    }

    private static Stream<Named<Damage>> damages() {
        var noise = "noise".repeat(200).getBytes(StandardCharsets.US_ASCII);
        return Stream.of(
                Named.of("the first header", test -> test.write("load_history.db", 0, noise)),
                Named.of(
                        "both later headers",
                        test -> test.write(
                                "load_history.db", 4096, "noise".repeat(1000).getBytes(StandardCharsets.US_ASCII))),
                Named.of("the first block", test -> test.write("load_history.db", 3 * 4096, noise)),
                Named.of("the end", test -> test.cut("load_history.db", 100_000)),
                Named.of("all but headers", test -> test.cut("load_history.db", 3 * 4096)),
                Named.of("half a header", test -> test.cut("load_history.db", 1000)),
                Named.of("the log's beginning", test -> test.write("load_history.db.wal", 0, noise)),
                Named.of("the log's middle", test -> test.write("load_history.db.wal", 20_000, noise)),
                Named.of("the log's end", test -> test.cut("load_history.db.wal", 20_000)));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void theDatabasesOpenWhateverIsDamaged(Damage damage) throws Exception {
        fill();
        damage.done(this);

        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev")) {
            session.run("INSERT INTO load_history.main.file VALUES (1, now()::TIMESTAMP, 'f', 1)");
        }
    }

    @Test
    void theDatabasesOpenWithAHistoryThatBeginsAnew() throws Exception {
        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev")) {
            session.run("CREATE TABLE t AS SELECT 7 AS i");
        }
        Files.writeString(directory.resolve("load_history.db"), "no file of the engine's");

        try (var engine = Engine.open(directory, "dev", LIMITS);
                var session = engine.session("dev")) {
            assertThat(session.rows("SELECT i FROM t").getFirst()).containsExactly("7");
            assertThat(session.rows("SELECT * FROM sys.catalog.sys_load_history"))
                    .isEmpty();
        }

        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().contains(".damaged-")))
                    .singleElement()
                    .satisfies(aside -> assertThat(aside).hasContent("no file of the engine's"));
        }
        try (var engine = Engine.open(directory, "dev", LIMITS)) {
            assertThat(engine.databases()).containsExactly("dev");
        }
    }
}

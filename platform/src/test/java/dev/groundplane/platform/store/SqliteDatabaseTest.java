package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest extends DatabaseContract {
    @TempDir
    private Path directory;

    @Override
    Database open(List<Migration> migrations) {
        return new SqliteDatabase(directory.resolve("db"), migrations);
    }

    @Test
    void onlyItsOwnerCanReadTheFile() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsNoDatabaseIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("letter"), "Dear all, this is not a database. ".repeat(100));

        assertThatThrownBy(() -> new SqliteDatabase(file, List.of()))
                .isInstanceOfSatisfying(GroundplaneException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.EXTERNAL);
                    assertThat(e).hasMessageContaining(file.toString());
                });
    }

    /** Kills a process that writes and tells which of its writes have returned: each of those must be there. */
    @Test
    void everyWriteThatReturnedSurvivesKill9() throws Exception {
        Path file = directory.resolve("killed");
        Set<Integer> acknowledged = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            acknowledged.addAll(acknowledgedUntilKilled(file, round));
        }

        Set<Integer> found = new HashSet<>();
        try (Database database = new SqliteDatabase(file, List.of(KilledWriter.NUMBERS))) {
            database.read(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT n FROM number")) {
                    while (rows.next()) {
                        found.add(rows.getInt(1));
                    }
                }
                return found;
            });
        }
        assertThat(acknowledged).hasSizeGreaterThan(300);
        assertThat(found).containsAll(acknowledged);
    }

    private static Set<Integer> acknowledgedUntilKilled(Path file, int round) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        file.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<Integer> acknowledged = new HashSet<>();
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The kill may cut the last line: only whole ones, which end in a dot, count.
                if (line.endsWith(".")) {
                    acknowledged.add(Integer.valueOf(line.substring(0, line.length() - 1)));
                }
                if (acknowledged.size() == 150) {
                    // The handle's kill -9 leaves our end of the pipe open: what was acknowledged meanwhile counts too.
                    writer.toHandle().destroyForcibly();
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor()).as("killed by signal 9").isEqualTo(128 + 9);
        return acknowledged;
    }
}

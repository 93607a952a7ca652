package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackupTest {
    private static final Scope HERE = new Scope("111111111111", "us-east-1");
    private static final ResourceType<String> THING = ResourceType.of("test:thing", value -> value, text -> text);

    @TempDir
    private Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static Resources<String> things(Database database) {
        return new Resources<>(database, new Events(), THING);
    }

    private static void insert(Database database, String name) {
        database.write(tx -> things(database).insert(tx, HERE, name, "red", Map.of()));
    }

    @Test
    void aBackupOfADatabaseInUseHasWhatWasAcknowledgedBefore() throws IOException {
        try (Database database = new SqliteDatabase(file("db"), Resources.MIGRATIONS)) {
            insert(database, "before");
            SqliteBackup.write(file("db"), file("backup"));
            insert(database, "after");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("backup"))))
                .isEqualTo("rw-------");
        SqliteBackup.restore(file("backup"), file("restored"), Resources.MIGRATIONS);

        try (Database database = new SqliteDatabase(file("restored"), Resources.MIGRATIONS)) {
            assertThat(things(database).all()).extracting(Stored::name).containsExactly("before");
        }
    }

    @Test
    void aBackupOverwritesNothing() throws IOException {
        new SqliteDatabase(file("db"), Resources.MIGRATIONS).close();
        Files.writeString(file("backup"), "precious");

        assertThatThrownBy(() -> SqliteBackup.write(file("db"), file("backup")))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("exists");
        assertThat(Files.readString(file("backup"))).isEqualTo("precious");
    }

    @Test
    void aBackupOfANewerReleaseIsRefusedByItsVersion() {
        List<Migration> newer = Stream.concat(
                        Resources.MIGRATIONS.stream(),
                        Stream.of(new Migration("resources", 2, "CREATE TABLE later (id INTEGER)")))
                .toList();
        new SqliteDatabase(file("db"), newer).close();
        SqliteBackup.write(file("db"), file("backup"));

        assertThatThrownBy(() -> SqliteBackup.restore(file("backup"), file("restored"), Resources.MIGRATIONS))
                .hasMessageContaining("resources schema 2")
                .hasMessageContaining("knows 1");
        assertThat(file("restored")).doesNotExist();
    }

    @Test
    void whatIsNoBackupIsRefused() throws IOException {
        Files.writeString(file("letter"), "Dear all, this is not a database. ".repeat(100));

        assertThatThrownBy(() -> SqliteBackup.restore(file("letter"), file("restored"), Resources.MIGRATIONS))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("letter");
        assertThat(file("restored")).doesNotExist();
    }
}

package dev.groundplane.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLocationTest {
    private static final String URL = "jdbc:postgresql://db/groundplane?user=groundplane";

    @TempDir
    private Path directory;

    private DataDirectory data;

    @BeforeEach
    void create() {
        data = new DataDirectory(directory);
        data.create();
    }

    private Optional<StoreLocation> given(String url, Map<String, String> environment) {
        return StoreLocation.of(data, url, null, null, null, environment);
    }

    @Test
    void theDataDirectoryIsWhereStateIsUnlessSomethingElseIsSaid() {
        assertThat(given(null, Map.of())).isEmpty();
        assertThat(given(null, Map.of(StoreLocation.URL, URL)).orElseThrow().url())
                .isEqualTo(URL);
    }

    @Test
    void whatWasKeptIsUsedAgainWithTheSameChain() throws IOException {
        StoreLocation first = StoreLocation.of(
                        data, URL, Path.of("/password"), Path.of("/key"), Path.of("/objects"), Map.of())
                .orElseThrow();
        first.keep(data);

        assertThat(given(null, Map.of())).contains(first);
        assertThat(given(URL, Map.of())).contains(first);
        assertThat(first.secretKey(data)).isEqualTo(Path.of("/key"));
        assertThat(first.objects(data)).isEqualTo(Path.of("/objects"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.storeLocation())))
                .isEqualTo("rw-------");
    }

    @Test
    void aDirectoryBelongsToOneDatabase() {
        given(URL, Map.of()).orElseThrow().keep(data);

        assertThatThrownBy(() -> given("jdbc:postgresql://other/groundplane", Map.of()))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("belongs to the database jdbc:postgresql://db/groundplane");
    }

    @Test
    void aDirectoryWithADatabaseOfItsOwnIsNotUsedWithAnother() throws IOException {
        Files.createFile(data.database());

        assertThatThrownBy(() -> given(URL, Map.of())).hasMessageContaining("has a database of its own");
    }

    @Test
    void aPasswordIsTakenFromAFileOrAVariableAndNotFromTheCommandLine() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "secret\n");
        StoreLocation location =
                StoreLocation.of(data, URL, file, null, null, Map.of()).orElseThrow();

        assertThat(location.server(Map.of()).password()).isEqualTo("secret");
        assertThat(given(URL, Map.of())
                        .orElseThrow()
                        .server(Map.of(StoreLocation.PASSWORD, "other"))
                        .password())
                .isEqualTo("other");
        assertThatThrownBy(() -> given(URL + "&password=secret", Map.of()))
                .hasMessageContaining("--database-password-file");
    }

    @Test
    void anotherKindOfDatabaseIsRefusedByName() {
        assertThatThrownBy(() -> given("jdbc:mysql://db/groundplane", Map.of()))
                .hasMessageContaining("jdbc:mysql://db/groundplane");
    }
}

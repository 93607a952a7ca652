package dev.groundplane.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
    private static final String ENDPOINT = "http://10.0.0.5:9000";

    @TempDir
    private Path directory;

    private DataDirectory data;
    private Path credentials;

    @BeforeEach
    void create() throws IOException {
        data = new DataDirectory(directory);
        data.create();
        credentials = Files.writeString(directory.resolve("credentials"), "[default]");
    }

    private Optional<S3Location> given(@Nullable String endpoint) {
        return S3Location.of(data, endpoint, null, endpoint == null ? null : credentials, null, null);
    }

    @Test
    void objectsAreInTheDataDirectoryUnlessSomethingElseIsSaid() {
        assertThat(given(null)).isEmpty();
        assertThatThrownBy(() -> S3Location.of(data, null, "eu-west-1", null, null, null))
                .hasMessageContaining("--s3-endpoint");
    }

    @Test
    void whatWasKeptIsUsedAgainAndCanBeChangedInPart() {
        S3Location first = given(ENDPOINT + "/").orElseThrow();
        assertThat(first).isEqualTo(new S3Location(ENDPOINT, "us-east-1", credentials.toString(), null, false));
        first.keep(data);
        assertThat(given(null)).contains(first);
        assertThat(S3Location.of(data, null, "eu-west-1", null, Path.of("/ca.pem"), true))
                .contains(new S3Location(ENDPOINT, "eu-west-1", credentials.toString(), "/ca.pem", true));
    }

    @Test
    void aDirectoryBelongsToOneS3() {
        given(ENDPOINT).orElseThrow().keep(data);
        assertThatThrownBy(() -> given("http://10.0.0.6:9000"))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining(ENDPOINT)
                .hasMessageContaining("http://10.0.0.6:9000")
                .hasMessageContaining("s3.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.5:9000",
                "s3://bucket",
                "http://",
                "http://h/bucket",
                "http://h?x",
                "http://a b",
                "ftp://h"
            })
    void whatIsNoAddressOfAnS3IsRefusedWithAnExample(String endpoint) {
        assertThatThrownBy(() -> given(endpoint))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining(endpoint)
                .hasMessageContaining("https://s3.example.org");
    }

    @Test
    void credentialsAreInAFileThatCanBeRead() {
        assertThatThrownBy(() -> S3Location.of(data, ENDPOINT, null, null, null, null))
                .hasMessageContaining("--s3-credentials FILE");
        assertThatThrownBy(() -> S3Location.of(data, ENDPOINT, null, directory.resolve("none"), null, null))
                .hasMessageContaining("none");
        assertThatThrownBy(() -> given("http://key:secret@h")).hasMessageNotContaining("secret@");
    }
}

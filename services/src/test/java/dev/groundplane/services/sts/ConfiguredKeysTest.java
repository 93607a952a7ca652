package dev.groundplane.services.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    /** Nobody answers there: a key that is found was not asked for. */
    private static final String ISSUER = "https://issuer.invalid";

    @TempDir
    private Path directory;

    private Path write(ECKey key, Instant when) throws IOException {
        Path file = directory.resolve("issuers.json");
        String set = new JWKSet(key.toPublicJWK()).toString(true);
        Files.writeString(file, "{\"%s/\": %s}".formatted(ISSUER, set));
        Files.setLastModifiedTime(file, FileTime.from(when));
        return file;
    }

    private static ECKey key(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    @Test
    void anIssuerInTheFileIsNotAsked() throws IOException, JOSEException {
        ECKey key = key("one");
        IssuerKeys keys = new IssuerKeys(ConfiguredKeys.in(write(key, NOW)), () -> NOW);

        assertThat(keys.find(ISSUER, "one")).contains(key.toPublicJWK());
        assertThat(keys.find(ISSUER, "two")).isEmpty();
    }

    @Test
    void aFileThatIsWrittenAnewIsReadAgain() throws IOException, JOSEException {
        IssuerKeys keys = new IssuerKeys(ConfiguredKeys.in(write(key("one"), NOW)), () -> NOW);
        ECKey next = key("two");
        write(next, NOW.plusSeconds(1));

        assertThat(keys.find(ISSUER, "two")).contains(next.toPublicJWK());
        assertThat(keys.find(ISSUER, "one")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "{", "{\"https://issuer.invalid\": {\"keys\": 1}}", "{\"https://issuer.invalid\": 1}"})
    void aMalformedFileIsRefusedAtTheStart(String text) throws IOException {
        Path file = directory.resolve("issuers.json");
        Files.writeString(file, text);

        assertThatThrownBy(() -> ConfiguredKeys.in(file)).isInstanceOf(GroundplaneException.class);
    }

    @Test
    void aMissingFileIsRefusedAtTheStart() {
        assertThatThrownBy(() -> ConfiguredKeys.in(directory.resolve("none.json")))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("none.json");
    }
}

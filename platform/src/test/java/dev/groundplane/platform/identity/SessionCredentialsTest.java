package dev.groundplane.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.identity.SessionCredentials.Keys;
import dev.groundplane.platform.identity.SessionCredentials.Session;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionCredentialsTest {
    private static final Instant END = Instant.parse("2026-01-15T13:00:00Z");

    @TempDir
    private Path directory;

    private Encryption encryption;
    private Keys keys;

    @BeforeEach
    void issue() {
        encryption = SecretKeyFile.open(directory.resolve("key"), directory.resolve("db"));
        keys = new SessionCredentials(encryption)
                .issue(Caller.session("123456789012", "Worker", "AROA1", "night", ""), END);
    }

    @Test
    void opensInAnotherProcessWithTheSameKey() {
        Session session = new SessionCredentials(encryption)
                .open(keys.accessKeyId(), keys.sessionToken())
                .orElseThrow();

        assertThat(keys.accessKeyId()).matches("ASIA[A-Z2-7]{16}");
        assertThat(session.secretAccessKey()).isEqualTo(keys.secretAccessKey());
        assertThat(session.expiration()).isEqualTo(END);
        assertThat(session.caller().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/Worker/night");
        assertThat(session.caller().userId()).isEqualTo("AROA1:night");
        assertThat(session.caller().roleName()).contains("Worker");
        assertThat(session.caller().roleId()).contains("AROA1");
    }

    @Test
    void doesNotOpenForAnotherAccessKey() {
        SessionCredentials credentials = new SessionCredentials(encryption);
        Keys other = credentials.issue(Caller.session("123456789012", "Worker", "AROA1", "day", ""), END);

        assertThat(credentials.open(other.accessKeyId(), keys.sessionToken())).isEmpty();
        assertThat(credentials.open(keys.accessKeyId(), "made up")).isEmpty();
    }

    @Test
    void keepsSecretsOutOfText() {
        assertThat(keys.toString()).doesNotContain(keys.sessionToken()).doesNotContain(keys.secretAccessKey());
    }
}

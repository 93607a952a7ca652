package dev.groundplane.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.secret.SecretKeyFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.model.AccessKey;

class AccessKeysTest {
    private static final String TYPE = "iam:access-key";

    @TempDir
    private Path directory;

    private IamFixture fixture;

    @BeforeEach
    void open() {
        fixture = new IamFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void secretsLieInTheStoreSealed() {
        Principal root = fixture.database.write(tx -> fixture.keys.createRootKey(tx, IamFixture.ACCOUNT));
        fixture.client().createUser(r -> r.userName("ann"));
        AccessKey key = fixture.client().createAccessKey(r -> r.userName("ann")).accessKey();

        assertThat(fixture.bodies(TYPE))
                .hasSize(2)
                .noneMatch(body -> body.contains(key.secretAccessKey()))
                .noneMatch(body -> body.contains(root.secretAccessKey()));
        assertThat(fixture.keys.find(key.accessKeyId()).orElseThrow().secretAccessKey())
                .isEqualTo(key.secretAccessKey());
    }

    @Test
    void secretsOfEarlierReleasesAreSealedOnce() {
        String id = fixture.database
                .write(tx -> fixture.keys.createRootKey(tx, IamFixture.ACCOUNT))
                .caller()
                .accessKeyId();
        fixture.database.write(tx -> {
            try (var update = tx.connection()
                    .prepareStatement("UPDATE resource SET extra = '{}', body = ? WHERE type = '" + TYPE + "'")) {
                update.setString(1, """
                        {"account":"123456789012","accessKeyId":"%s","secretAccessKey":"plain","created":0}""".formatted(id));
                return update.executeUpdate();
            }
        });
        AccessKeys later = new AccessKeys(fixture.database, fixture.events, fixture.encryption);
        assertThat(later.find(id).orElseThrow().secretAccessKey()).isEqualTo("plain");

        later.sealAll();
        String sealed = fixture.bodies(TYPE).getFirst();
        later.sealAll();

        assertThat(sealed).doesNotContain("plain");
        assertThat(fixture.bodies(TYPE)).containsExactly(sealed);
        assertThat(later.find(id).orElseThrow().secretAccessKey()).isEqualTo("plain");
    }

    @Test
    void withAnotherInstallationsKeyNoSecretOpens() {
        String id = fixture.database
                .write(tx -> fixture.keys.createRootKey(tx, IamFixture.ACCOUNT))
                .caller()
                .accessKeyId();
        AccessKeys stolen = new AccessKeys(
                fixture.database,
                fixture.events,
                SecretKeyFile.open(directory.resolve("another-key"), directory.resolve("no-database")));

        assertThatThrownBy(() -> stolen.find(id))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("sealed with key");
    }
}

package dev.groundplane.services.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.redshift.RedshiftClient;

/** Secrets of clusters around the end of the process that makes them. */
class ManagedPasswordTest {
    private static final String NAME = "redshift!risk-boss";

    @TempDir
    private Path directory;

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private Provisioned clusters;

    @BeforeEach
    void open() {
        clusters = new Provisioned(directory, secrets);
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    /** The process ends: nothing after this is done. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static void create(RedshiftClient client) {
        client.createCluster(Provisioned.request("risk")
                .masterUserPassword(null)
                .manageMasterPassword(true)
                .build());
    }

    private void killedBeforeItIsStored() {
        assertThatExceptionOfType(Killed.class)
                .isThrownBy(() -> create(clusters.clientWith(() -> {
                    throw new Killed();
                })));
        close();
        open();
    }

    @Test
    void aSecretWithoutItsClusterIsRemovedByTheNextProcess() {
        killedBeforeItIsStored();
        assertThat(secrets).containsOnlyKeys(NAME);

        clusters.serve();
        assertThat(secrets).isEmpty();
        create(clusters.client());
        clusters.serve();
        assertThat(secrets).containsOnlyKeys(NAME);
    }

    @Test
    void aSecretOfSomebodyElseStays() {
        secrets.put(NAME, "mine");
        killedBeforeItIsStored();
        assertThat(secrets).hasSize(2);

        clusters.serve();
        assertThat(secrets).containsExactly(Map.entry(NAME, "mine"));
    }

    @Test
    void aSecretThatIsBeingMadeStays() {
        create(clusters.clientWith(clusters::serve));
        assertThat(secrets).containsOnlyKeys(NAME);

        close();
        open();
        clusters.serve();
        assertThat(secrets).containsOnlyKeys(NAME);
        var password = secrets.get(NAME).replaceAll(".*\"password\":\"([^\"]*)\".*", "$1");
        assertThat(clusters.warehouses.verifiers(clusters.warehouse("risk"), "boss"))
                .singleElement()
                .satisfies(verifier -> assertThat(verifier.accepts(password)).isTrue());
    }
}

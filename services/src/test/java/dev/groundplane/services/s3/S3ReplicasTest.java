package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.testing.PostgresCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Two control planes on one database and one directory of contents. */
@Timeout(60) // what is never told fails instead of hanging the build
class S3ReplicasTest {
    private static final String IN_A_FILE = "1".repeat(SmallTable.MAX_BYTES + 1);

    @TempDir
    private Path directory;

    private final PostgresServer server =
            new PostgresServer(PostgresCluster.shared().schema(), null);
    private S3Fixture one;
    private S3Fixture two;

    @BeforeEach
    void open() {
        one = S3Fixture.replica(directory, server);
        two = S3Fixture.replica(directory, server);
        one.bucket("bucket");
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void whatOneStoresTheOtherReadsListsAndDeletes() {
        one.put("bucket", "a/é", "1");
        two.put("bucket", "a/z", "2");
        one.put("bucket", "b", "3");

        assertThat(two.text("bucket", "a/é")).isEqualTo("1");
        assertThat(two.client()
                        .listObjectsV2(r -> r.bucket("bucket").prefix("a/"))
                        .contents())
                .extracting(object -> object.key())
                .containsExactly("a/z", "a/é");
        two.client().deleteObject(r -> r.bucket("bucket").key("a/é"));
        assertThat(one.client().listObjectsV2(r -> r.bucket("bucket")).keyCount())
                .isEqualTo(2);
    }

    @Test
    void aControlPlaneWithAnotherDirectoryIsRefused(@TempDir Path other) {
        assertThatThrownBy(() -> S3Fixture.replica(other, server))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining(other.resolve("s3").toString())
                .hasMessageContaining(directory.resolve("s3").toString())
                .hasMessageContaining("--objects");
    }

    @Test
    void aDirectoryThatIsInUseIsNotTakenOver(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("s3/7"));

        assertThatThrownBy(() -> S3Fixture.replica(
                        other, new PostgresServer(PostgresCluster.shared().schema(), null)))
                .hasMessageContaining("is not empty: it holds 7");
    }

    @Test
    void filesOfAnotherThatIsAliveStayAlsoBeforeARowNamesThem() throws IOException {
        ContentOutput output = two.service().store().files().create();
        output.chunk(new byte[0], 0, true);
        output.finish();
        one.service().store().garbage().sweep();

        assertThat(one.files()).hasSize(1);
    }

    @Test
    void whoWasTakenForDeadGetsNoRowsForItsFilesAndBeginsAgain() {
        one.database.write(tx -> {
            try (var delete = tx.connection().prepareStatement("DELETE FROM s3_start WHERE process = ?")) {
                delete.setString(1, two.database.replicas().self());
                return delete.executeUpdate();
            }
        });

        assertThatThrownBy(() ->
                        two.client().putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromString(IN_A_FILE)))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("try again");
        assertThat(one.files()).isEmpty();
        while (!puts()) {
            Thread.onSpinWait(); // until it has begun again
        }
        assertThat(one.text("bucket", "k")).isEqualTo(IN_A_FILE);
    }

    private boolean puts() {
        try {
            two.put("bucket", "k", IN_A_FILE);
            return true;
        } catch (S3Exception e) {
            return false;
        }
    }

    @Test
    void contentThatAnotherMayReadStaysForATurn() {
        S3Fixture leader = awaitLeader();
        leader.put("bucket", "k", IN_A_FILE);
        leader.client().deleteObject(r -> r.bucket("bucket").key("k"));
        Garbage garbage = leader.service().store().garbage();

        garbage.removeInTurn();
        assertThat(leader.files()).hasSize(1);
        garbage.removeInTurn();
        assertThat(leader.files()).isEmpty();
    }

    private S3Fixture awaitLeader() {
        while (!one.database.replicas().leads() && !two.database.replicas().leads()) {
            Thread.onSpinWait();
        }
        return one.database.replicas().leads() ? one : two;
    }
}

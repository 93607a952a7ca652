package dev.groundplane.services.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DbClusterAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterSnapshotStateException;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.Tag;

class SnapshotsTest {
    @TempDir
    private Path directory;

    private Aurora aurora;

    @BeforeEach
    void open() {
        aurora = new Aurora(directory);
    }

    @AfterEach
    void close() {
        aurora.close();
    }

    private DBClusterSnapshot snapshot(String identifier) {
        return aurora.client()
                .describeDBClusterSnapshots(r -> r.dbClusterSnapshotIdentifier(identifier))
                .dbClusterSnapshots()
                .getFirst();
    }

    private void take(String identifier) {
        aurora.client()
                .createDBClusterSnapshot(
                        r -> r.dbClusterSnapshotIdentifier(identifier).dbClusterIdentifier("bank"));
    }

    private void restore(String snapshot, String cluster) {
        aurora.client()
                .restoreDBClusterFromSnapshot(r -> r.snapshotIdentifier(snapshot)
                        .dbClusterIdentifier(cluster)
                        .engine("aurora-postgresql"));
    }

    @Test
    void aSnapshotOfAServerThatRunsBecomesAnotherCluster() {
        aurora.create("bank");
        take("monday");
        assertThat(snapshot("monday").status()).isEqualTo("creating");
        aurora.settle();
        assertThat(snapshot("monday").status()).isEqualTo("available");
        assertThat(aurora.servers.copies.values())
                .containsExactly("online " + aurora.server("bank").id());
        assertThatExceptionOfType(DbClusterSnapshotAlreadyExistsException.class).isThrownBy(() -> take("monday"));

        restore("monday", "copy");
        assertThatExceptionOfType(InvalidDbClusterSnapshotStateException.class)
                .isThrownBy(() -> aurora.client().deleteDBClusterSnapshot(r -> r.dbClusterSnapshotIdentifier("monday")))
                .withMessageContaining("copy");
        aurora.addInstance("copy");
        aurora.settle();
        assertThat(aurora.instance("copy-1").dbInstanceStatus()).isEqualTo("available");
        assertThat(aurora.cluster("copy").port()).isEqualTo(5433);
        assertThat(aurora.server("copy").masterVerifier())
                .isEqualTo(aurora.server("bank").masterVerifier());
        assertThat(aurora.servers.files.get(aurora.server("copy").id()))
                .isEqualTo("online " + aurora.server("bank").id());
        assertThatExceptionOfType(DbClusterAlreadyExistsException.class).isThrownBy(() -> restore("monday", "copy"));

        aurora.client().deleteDBClusterSnapshot(r -> r.dbClusterSnapshotIdentifier("monday"));
        aurora.settle();
        assertThat(aurora.servers.copies).isEmpty();
        assertThatExceptionOfType(DbClusterSnapshotNotFoundException.class).isThrownBy(() -> snapshot("monday"));
    }

    @Test
    void theFinalSnapshotIsTakenBeforeTheFilesGo() {
        aurora.create("bank");
        var id = aurora.server("bank").id();
        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        aurora.client().deleteDBCluster(r -> r.dbClusterIdentifier("bank").finalDBSnapshotIdentifier("Last"));
        aurora.settle();
        assertThat(snapshot("last").status()).isEqualTo("available");
        assertThat(aurora.servers.copies.values()).containsExactly("cold " + id);
        assertThat(aurora.servers.files).isEmpty();

        restore("last", "bank");
        aurora.addInstance("bank");
        aurora.settle();
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("available");
    }

    @Test
    void aSnapshotIsRestoredToItsOwnMajorVersionOnly() {
        aurora.create("bank");
        take("monday");
        aurora.settle();
        assertThatExceptionOfType(RdsException.class)
                .isThrownBy(() -> aurora.client()
                        .restoreDBClusterFromSnapshot(r -> r.snapshotIdentifier("monday")
                                .dbClusterIdentifier("copy")
                                .engine("aurora-postgresql")
                                .engineVersion("16")))
                .withMessageContaining("upgrades are not implemented");
    }

    @Test
    void snapshotsHaveTheTagsOfTheirClusterIfItSaysSo() {
        var team = Tag.builder().key("team").value("risk").build();
        aurora.client()
                .createDBCluster(Aurora.request("bank")
                        .copyTagsToSnapshot(true)
                        .tags(team)
                        .build());
        aurora.settle();
        take("monday");
        aurora.settle();
        assertThat(snapshot("monday").tagList()).containsExactly(team);
        assertThat(aurora.client()
                        .listTagsForResource(
                                r -> r.resourceName(snapshot("monday").dbClusterSnapshotArn()))
                        .tagList())
                .containsExactly(team);
        assertThat(aurora.client()
                        .describeDBClusterSnapshots(
                                r -> r.dbClusterIdentifier("bank").snapshotType("manual"))
                        .dbClusterSnapshots())
                .hasSize(1);
        assertThat(aurora.client()
                        .describeDBClusterSnapshots(r -> r.snapshotType("automated"))
                        .dbClusterSnapshots())
                .isEmpty();
    }

    @Test
    void aSnapshotThatCannotBeTakenHindersNothingElse() {
        aurora.create("bank");
        aurora.servers.full = true;
        take("monday");
        aurora.client().modifyDBCluster(r -> r.dbClusterIdentifier("bank").deletionProtection(true));
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("available");
        assertThat(snapshot("monday").status()).isEqualTo("creating");

        aurora.client().stopDBCluster(r -> r.dbClusterIdentifier("bank"));
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("stopped");
        aurora.client().deleteDBClusterSnapshot(r -> r.dbClusterSnapshotIdentifier("monday"));
        aurora.settle();
        assertThat(aurora.client().describeDBClusterSnapshots().dbClusterSnapshots())
                .isEmpty();
    }

    @Test
    void aSnapshotThatIsDeletedWhileItIsTakenLeavesNothing() {
        aurora.create("bank");
        take("monday");
        aurora.servers.meanwhile = () -> {
            aurora.servers.meanwhile = () -> {};
            aurora.client().deleteDBClusterSnapshot(r -> r.dbClusterSnapshotIdentifier("monday"));
            aurora.rds.store().snapshots().all().forEach(aurora.rds.reconciler()::removeIfDeleted);
        };
        aurora.settle();
        assertThat(aurora.client().describeDBClusterSnapshots().dbClusterSnapshots())
                .isEmpty();
        assertThat(aurora.servers.copies).isEmpty();
    }

    @Test
    void aClusterGoesOnlyAfterItsLastSnapshot() {
        aurora.create("bank");
        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        aurora.servers.full = true;
        aurora.client().deleteDBCluster(r -> r.dbClusterIdentifier("bank").finalDBSnapshotIdentifier("last"));
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("deleting");
        assertThat(aurora.servers.files).isNotEmpty();
        aurora.servers.full = false;
        aurora.settle();
        assertThat(snapshot("last").status()).isEqualTo("available");
        assertThat(aurora.client().describeDBClusters().dbClusters()).isEmpty();
    }
}

package dev.groundplane.services.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.BackupFile;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.Restore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ClusterAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.ClusterNotFoundException;
import software.amazon.awssdk.services.redshift.model.ClusterSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.ClusterSnapshotNotFoundException;
import software.amazon.awssdk.services.redshift.model.CreateClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.DeleteClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSnapshotsRequest;
import software.amazon.awssdk.services.redshift.model.InvalidClusterSnapshotStateException;
import software.amazon.awssdk.services.redshift.model.InvalidClusterStateException;
import software.amazon.awssdk.services.redshift.model.RedshiftException;
import software.amazon.awssdk.services.redshift.model.RestoreFromClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.Snapshot;
import software.amazon.awssdk.services.redshift.model.SnapshotSortingEntity;
import software.amazon.awssdk.services.redshift.model.Tag;

class ClusterSnapshotsTest {
    private static final List<BackupFile> FILES = List.of(new BackupFile("dev.duckdb", 3 << 20, "00"));
    private static final Tag NIGHTLY =
            Tag.builder().key("kind").value("nightly").build();

    @TempDir
    private Path directory;

    private Provisioned clusters;

    @BeforeEach
    void open() {
        clusters = new Provisioned(directory);
        clusters.create("risk");
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    private Snapshot create(String name) {
        return clusters.client()
                .createClusterSnapshot(r ->
                        r.clusterIdentifier("risk").snapshotIdentifier(name).tags(NIGHTLY))
                .snapshot();
    }

    private Snapshot described(String name) {
        return clusters.client()
                .describeClusterSnapshots(r -> r.snapshotIdentifier(name))
                .snapshots()
                .getFirst();
    }

    private List<String> names(DescribeClusterSnapshotsRequest request) {
        return clusters.client().describeClusterSnapshots(request).snapshots().stream()
                .map(Snapshot::snapshotIdentifier)
                .toList();
    }

    /** The backup that is to be made. */
    private Backup wanted() {
        return clusters.backups.all().stream()
                .flatMap(key -> clusters.backups.find(key).stream())
                .filter(backup -> backup.state() == Backup.State.WANTED)
                .findFirst()
                .orElseThrow();
    }

    /** As whoever has the files does. */
    private Backup complete() {
        Backup wanted = wanted();
        Backup whole = wanted.whole(
                FILES, "look", clusters.backups.users(Provisioned.SCOPE, wanted).orElseThrow());
        clusters.backups.completed(Provisioned.SCOPE, whole);
        return whole;
    }

    private Backup snapshot(String name) {
        create(name);
        return complete();
    }

    private Cluster restore(String cluster, String snapshot) {
        return clusters.client()
                .restoreFromClusterSnapshot(r -> r.clusterIdentifier(cluster).snapshotIdentifier(snapshot))
                .cluster();
    }

    private Restore restore(String cluster) {
        return clusters.backups
                .restore(new Backups.Key(
                        Provisioned.SCOPE, clusters.warehouse(cluster).namespaceId()))
                .orElseThrow();
    }

    private void change(String cluster, String json) throws JsonProcessingException {
        clusters.change(cluster, new ObjectMapper().readTree(json));
    }

    private List<String> users(String cluster) {
        return clusters.warehouses
                .principals(clusters.warehouse(cluster))
                .path("users")
                .findValuesAsText("name");
    }

    @Test
    void aSnapshotIsWantedFirstAndAvailableWhenItsFilesAreThere() {
        Snapshot made = create("Daily");

        assertThat(made.snapshotIdentifier()).isEqualTo("daily");
        assertThat(made.status()).isEqualTo("creating");
        assertThat(made.snapshotType()).isEqualTo("manual");
        assertThat(made.snapshotArn()).isEqualTo("arn:aws:redshift:us-east-1:123456789012:snapshot:risk/daily");
        assertThat(made.manualSnapshotRetentionPeriod()).isEqualTo(-1);
        assertThat(made.manualSnapshotRemainingDays()).isNull();
        complete();
        assertThat(described("daily")).satisfies(snapshot -> {
            assertThat(snapshot.status()).isEqualTo("available");
            assertThat(snapshot.totalBackupSizeInMegaBytes()).isEqualTo(3.0);
            assertThat(snapshot.clusterIdentifier()).isEqualTo("risk");
            assertThat(snapshot.numberOfNodes()).isEqualTo(2);
            assertThat(snapshot.masterUsername()).isEqualTo("boss");
        });
    }

    @Test
    void whatCannotBeASnapshotIsRefused() {
        create("daily");
        assertThatExceptionOfType(ClusterSnapshotAlreadyExistsException.class)
                .isThrownBy(() -> create("daily"))
                .satisfies(failure -> assertThat(failure.getMessage()).contains("Snapshot daily already exists"));
        assertThatExceptionOfType(ClusterNotFoundException.class)
                .isThrownBy(() -> clusters.client()
                        .createClusterSnapshot(r -> r.clusterIdentifier("other").snapshotIdentifier("weekly")));
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> create("two--hyphens"))
                .withMessageContaining("SnapshotIdentifier 'two--hyphens'");
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .createClusterSnapshot(r -> r.clusterIdentifier("risk")
                                .snapshotIdentifier("weekly")
                                .manualSnapshotRetentionPeriod(0)))
                .withMessageContaining("ManualSnapshotRetentionPeriod 0");
        clusters.client().rebootCluster(r -> r.clusterIdentifier("risk"));
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> create("weekly"))
                .withMessageContaining("risk is rebooting");
    }

    @Test
    void snapshotsAreFoundByWhatTheyAreOf() {
        snapshot("daily");
        clusters.now = clusters.now.plus(Duration.ofHours(1));
        clusters.create("desk");
        clusters.client().createClusterSnapshot(r -> r.clusterIdentifier("desk").snapshotIdentifier("monthly"));
        complete();
        clusters.client().deleteCluster(r -> r.clusterIdentifier("desk").skipFinalClusterSnapshot(true));
        clusters.serve();

        var all = DescribeClusterSnapshotsRequest.builder().build();
        assertThat(names(all)).containsExactly("daily", "monthly");
        assertThat(names(all.toBuilder().clusterIdentifier("DESK").build())).containsExactly("monthly");
        assertThat(names(all.toBuilder().clusterExists(true).build())).containsExactly("daily");
        assertThat(names(all.toBuilder().clusterExists(false).build())).containsExactly("monthly");
        assertThat(names(all.toBuilder().tagKeys("kind").build())).containsExactly("daily");
        assertThat(names(all.toBuilder().endTime(clusters.now.minusSeconds(1)).build()))
                .containsExactly("daily");
        assertThat(names(all.toBuilder().snapshotType("automated").build())).isEmpty();
        assertThat(names(all.toBuilder()
                        .snapshotArn(described("daily").snapshotArn())
                        .build()))
                .containsExactly("daily");
        assertThatExceptionOfType(ClusterSnapshotNotFoundException.class).isThrownBy(() -> described("weekly"));
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> names(all.toBuilder()
                        .sortingEntities(SnapshotSortingEntity.builder()
                                .attribute("CREATE_TIME")
                                .build())
                        .build()))
                .withMessageContaining("SortingEntities");
    }

    @Test
    void aRestoredClusterIsAvailableWithTheSnapshotsUsers() throws JsonProcessingException {
        change("risk", "[{\"kind\":\"user\",\"put\":{\"id\":0,\"name\":\"eve\",\"validUntil\":\"infinity\"}}]");
        Backup backup = snapshot("daily");
        change("risk", "[{\"kind\":\"user\",\"put\":{\"id\":0,\"name\":\"mallory\",\"validUntil\":\"infinity\"}}]");

        Cluster made = restore("copy", "daily");
        assertThat(made.clusterStatus()).isEqualTo("creating");
        assertThat(made.restoreStatus().status()).isEqualTo("restoring");
        assertThat(made.restoreStatus().snapshotSizeInMegaBytes()).isEqualTo(3);
        assertThat(made.endpoint().port()).isEqualTo(5440);
        clusters.serve();
        assertThat(clusters.described("copy").clusterStatus())
                .as("its files are not there yet")
                .isEqualTo("creating");
        assertThat(clusters.warehouses.isAvailable(clusters.warehouse("copy"))).isFalse();

        clusters.backups.restored(Provisioned.SCOPE, restore("copy"), backup);
        clusters.backups.ended(Provisioned.SCOPE, restore("copy"));
        clusters.serve();

        assertThat(clusters.described("copy")).satisfies(cluster -> {
            assertThat(cluster.clusterStatus()).isEqualTo("available");
            assertThat(cluster.restoreStatus().status()).isEqualTo("completed");
            assertThat(cluster.numberOfNodes()).isEqualTo(2);
        });
        assertThat(clusters.warehouses.isAvailable(clusters.warehouse("copy"))).isTrue();
        assertThat(users("copy")).containsExactly("boss", "eve");
        assertThat(clusters.warehouses.verifiers(clusters.warehouse("copy"), "boss"))
                .singleElement()
                .satisfies(
                        verifier -> assertThat(verifier.accepts("Secret1234")).isTrue());
    }

    @Test
    void aDamagedSnapshotLeavesAClusterThatCanBeDeletedOnly() {
        Backup backup = snapshot("daily");
        restore("copy", "daily");
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("copy").skipFinalClusterSnapshot(true)))
                .withMessageContaining("There is an operation running on the Cluster");

        clusters.backups.failed(Provisioned.SCOPE, backup);
        clusters.backups.ended(Provisioned.SCOPE, restore("copy"));
        clusters.serve();

        assertThat(described("daily").status()).isEqualTo("failed");
        assertThat(clusters.described("copy").clusterStatus()).isEqualTo("incompatible-restore");
        assertThat(clusters.described("copy").restoreStatus().status()).isEqualTo("failed");
        assertThat(clusters.warehouses.isAvailable(clusters.warehouse("copy"))).isFalse();
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client().rebootCluster(r -> r.clusterIdentifier("copy")));
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("copy").finalClusterSnapshotIdentifier("last")));
        assertThatExceptionOfType(InvalidClusterSnapshotStateException.class)
                .isThrownBy(() -> restore("another", "daily"))
                .withMessageContaining("Snapshot daily is failed; it must be available");
        clusters.client().deleteCluster(r -> r.clusterIdentifier("copy").skipFinalClusterSnapshot(true));
        clusters.serve();
        assertThatExceptionOfType(ClusterNotFoundException.class).isThrownBy(() -> clusters.described("copy"));
    }

    @Test
    void whatCannotBeRestoredIsRefused() {
        create("daily");
        assertThatExceptionOfType(InvalidClusterSnapshotStateException.class)
                .isThrownBy(() -> restore("copy", "daily"))
                .withMessageContaining("Snapshot daily is creating");
        complete();
        assertThatExceptionOfType(ClusterSnapshotNotFoundException.class).isThrownBy(() -> restore("copy", "weekly"));
        assertThatExceptionOfType(ClusterAlreadyExistsException.class).isThrownBy(() -> restore("risk", "daily"));
        var request = RestoreFromClusterSnapshotRequest.builder()
                .clusterIdentifier("copy")
                .snapshotIdentifier("daily");
        for (var refused : List.of(
                request.build().toBuilder().snapshotClusterIdentifier("desk"),
                request.build().toBuilder().ownerAccount("210987654321"))) {
            assertThatExceptionOfType(ClusterSnapshotNotFoundException.class)
                    .isThrownBy(() -> clusters.client().restoreFromClusterSnapshot(refused.build()));
        }
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .restoreFromClusterSnapshot(request.build().toBuilder()
                                .manageMasterPassword(true)
                                .build()))
                .withMessageContaining("ManageMasterPassword");
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .restoreFromClusterSnapshot(
                                request.build().toBuilder().multiAZ(true).build()))
                .withMessageContaining("MultiAZ");
        assertThat(clusters.client()
                        .restoreFromClusterSnapshot(request.build().toBuilder()
                                .snapshotClusterIdentifier("risk")
                                .nodeType("ra3.large")
                                .numberOfNodes(1)
                                .port(6000)
                                .build())
                        .cluster())
                .satisfies(cluster -> {
                    assertThat(cluster.nodeType()).isEqualTo("ra3.large");
                    assertThat(cluster.endpoint().port()).isEqualTo(6000);
                });
    }

    @Test
    void theSnapshotThatWasAskedForIsRestoredAndNotAnotherOneOfItsName() {
        snapshot("daily");
        var late = clusters.clientWith(() -> {
            clusters.client().deleteClusterSnapshot(r -> r.snapshotIdentifier("daily"));
            snapshot("daily");
        });

        assertThatExceptionOfType(ClusterSnapshotNotFoundException.class)
                .isThrownBy(() -> late.restoreFromClusterSnapshot(
                        r -> r.clusterIdentifier("copy").snapshotIdentifier("daily")));
        assertThat(clusters.redshift.warehouses()).hasSize(1);
    }

    @Test
    void aClusterGoesWhenItsFinalSnapshotIsMade() {
        assertThat(clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("risk")
                                .finalClusterSnapshotIdentifier("last")
                                .finalClusterSnapshotRetentionPeriod(7))
                        .cluster()
                        .clusterStatus())
                .isEqualTo("final-snapshot");
        assertThat(clusters.redshift.warehouses()).as("nobody is served").isEmpty();
        clusters.serve();
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("final-snapshot");

        Backup backup = complete();
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("deleting");
        clusters.serve();
        assertThatExceptionOfType(ClusterNotFoundException.class).isThrownBy(() -> clusters.described("risk"));
        assertThat(described("last").manualSnapshotRemainingDays()).isEqualTo(7);

        restore("risk", "last");
        clusters.backups.restored(Provisioned.SCOPE, restore("risk"), backup);
        clusters.backups.ended(Provisioned.SCOPE, restore("risk"));
        clusters.serve();
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("available");
        assertThat(clusters.warehouse("risk").namespaceId()).isNotEqualTo(backup.namespaceId());
    }

    @Test
    void aClusterIsNotDeletedWhileASnapshotOfItIsMade() {
        create("daily");
        clusters.client().modifyCluster(r -> r.clusterIdentifier("risk").newClusterIdentifier("desk"));
        clusters.serve();
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("desk").skipFinalClusterSnapshot(true)))
                .withMessageContaining(
                        "There is an operation running on the Cluster. Please try to delete it at a" + " later time.");

        complete(); // whatever the cluster is called by now
        clusters.client().deleteCluster(r -> r.clusterIdentifier("desk").skipFinalClusterSnapshot(true));
        clusters.serve();
        assertThat(described("daily").status()).isEqualTo("available");
    }

    @Test
    void aSnapshotIsDeletedByItsNameOrItsTime() {
        create("daily");
        assertThatExceptionOfType(InvalidClusterSnapshotStateException.class)
                .isThrownBy(() -> clusters.client().deleteClusterSnapshot(r -> r.snapshotIdentifier("daily")))
                .withMessageContaining("Snapshot daily is creating");
        complete();
        assertThatExceptionOfType(ClusterSnapshotNotFoundException.class)
                .isThrownBy(() -> clusters.client()
                        .deleteClusterSnapshot(
                                r -> r.snapshotIdentifier("daily").snapshotClusterIdentifier("desk")));
        assertThat(clusters.client()
                        .deleteClusterSnapshot(r -> r.snapshotIdentifier("daily"))
                        .snapshot()
                        .status())
                .isEqualTo("deleted");

        snapshot("weekly");
        assertThat(clusters.client()
                        .modifyClusterSnapshot(
                                r -> r.snapshotIdentifier("weekly").manualSnapshotRetentionPeriod(7))
                        .snapshot()
                        .manualSnapshotRemainingDays())
                .isEqualTo(7);
        clusters.now = clusters.now.plus(Duration.ofDays(7));
        clusters.backups.sweep();

        assertThat(names(DescribeClusterSnapshotsRequest.builder().build())).isEmpty();
        assertThat(clusters.backups.all()).isEmpty();
    }

    @Test
    void snapshotsHaveTags() {
        Snapshot made = create("daily");
        Tag desk = Tag.builder().key("desk").value("7").build();

        clusters.client().createTags(r -> r.resourceName(made.snapshotArn()).tags(desk));
        clusters.client().deleteTags(r -> r.resourceName(made.snapshotArn()).tagKeys("kind"));

        assertThat(described("daily").tags()).containsExactly(desk);
        assertThat(clusters.client()
                        .describeTags(r -> r.resourceType("snapshot"))
                        .taggedResources())
                .singleElement()
                .satisfies(one -> assertThat(one.resourceName()).isEqualTo(made.snapshotArn()));
        assertThat(clusters.client()
                        .describeTags(r -> r.resourceType("cluster"))
                        .taggedResources())
                .isEmpty();
    }

    @Test
    void policiesSpeakOfClustersAndSnapshots() {
        create("daily");
        var access = clusters.redshift.access();
        String snapshot = "arn:aws:redshift:us-east-1:123456789012:snapshot:risk/daily";

        assertThat(access.asked(
                        Provisioned.SCOPE,
                        "CreateClusterSnapshot",
                        CreateClusterSnapshotRequest.builder()
                                .clusterIdentifier("Risk")
                                .snapshotIdentifier("Weekly")
                                .build()))
                .extracting(AccessRequest::resource)
                .containsExactly("arn:aws:redshift:us-east-1:123456789012:snapshot:risk/weekly");
        assertThat(access.asked(
                        Provisioned.SCOPE,
                        "DeleteClusterSnapshot",
                        DeleteClusterSnapshotRequest.builder()
                                .snapshotIdentifier("daily")
                                .build()))
                .extracting(AccessRequest::resource)
                .containsExactly(snapshot);
        assertThat(access.asked(
                        Provisioned.SCOPE,
                        "DescribeClusterSnapshots",
                        DescribeClusterSnapshotsRequest.builder()
                                .clusterIdentifier("risk")
                                .build()))
                .extracting(AccessRequest::resource)
                .containsExactly("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"daily", ""})
    void aRestoreAsksForTheClusterAndTheSnapshot(String identifier) {
        String snapshot = create("daily").snapshotArn();

        assertThat(clusters.redshift
                        .access()
                        .asked(
                                Provisioned.SCOPE,
                                "RestoreFromClusterSnapshot",
                                RestoreFromClusterSnapshotRequest.builder()
                                        .clusterIdentifier("copy")
                                        .snapshotIdentifier(identifier)
                                        .snapshotArn(identifier.isEmpty() ? snapshot : null)
                                        .build()))
                .extracting(AccessRequest::resource)
                .containsExactly("arn:aws:redshift:us-east-1:123456789012:cluster:copy", snapshot);
    }
}

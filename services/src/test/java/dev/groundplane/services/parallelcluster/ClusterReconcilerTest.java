package dev.groundplane.services.parallelcluster;

import static dev.groundplane.services.parallelcluster.SlurmFixture.CONFIGURATION;
import static dev.groundplane.services.parallelcluster.SlurmFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.Failure;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How clusters come up, or do not, and go. */
class ClusterReconcilerTest {
    /** As long as nodes may take when the configuration says nothing. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @TempDir
    private Path directory;

    private SlurmFixture fixture;

    @BeforeEach
    void open() {
        fixture = new SlurmFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private ClusterStatus status() {
        return fixture.describe("risk").clusterStatus();
    }

    private void stays(ClusterStatus status) {
        fixture.settle();
        assertThat(status()).isEqualTo(status);
    }

    private void failsWith(String code, String reason) {
        stays(ClusterStatus.CREATE_FAILED);
        assertThat(fixture.describe("risk").failures()).containsExactly(new Failure(code, reason));
    }

    @Test
    void aClusterIsCompleteWhenItsHeadHasToldAndItsPermanentNodesAreReady() {
        fixture.create("risk");
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        assertThat(fixture.nodes("risk")).containsExactly("head");
        assertThat(fixture.describe("risk").headNode()).isNotNull();

        fixture.report("risk", "main-st-small-1 idle#", "main-st-small-2 idle#", "rare-st-small-1 idle#");
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        assertThat(fixture.nodes("risk"))
                .containsExactly("head", "main-st-small-1", "main-st-small-2", "rare-st-small-1");
        assertThat(fixture.describe("risk").computeFleetStatus()).isEqualTo(ComputeFleetStatus.RUNNING);

        fixture.report("risk", "main-st-small-1 idle", "main-st-small-2 idle", "rare-st-small-1 idle*");
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        fixture.report("risk", "main-st-small-1 idle", "main-st-small-2 idle");
        stays(ClusterStatus.CREATE_IN_PROGRESS);

        fixture.now = fixture.now.plusSeconds(60);
        fixture.report("risk", SlurmFixture.READY);
        stays(ClusterStatus.CREATE_COMPLETE);
        assertThat(fixture.describe("risk").lastUpdatedTime()).isEqualTo(fixture.now);
        assertThat(fixture.describe("risk").creationTime()).isEqualTo(fixture.now.minusSeconds(60));
    }

    @Test
    void aClusterWithoutPermanentNodesIsCompleteWhenItsHeadHasTold() {
        String none = CONFIGURATION.replaceAll("MinCount: \\d", "MinCount: 0");
        fixture.client().createCluster(SlurmFixture.request("risk", none));
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        fixture.report("risk", "main-dy-small-1 idle~");
        stays(ClusterStatus.CREATE_COMPLETE);
        assertThat(fixture.nodes("risk")).containsExactly("head");
    }

    @Test
    void nodesComeAndGoAsSlurmWantsThem() {
        fixture.createWhole("risk");
        fixture.report("risk", "main-st-small-1 idle", "main-dy-big-1 alloc#");
        fixture.settle();
        assertThat(fixture.nodes("risk")).containsExactly("head", "main-dy-big-1", "main-st-small-1");
        fixture.report("risk", "main-st-small-1 idle", "main-dy-big-1 idle%");
        fixture.settle();
        assertThat(fixture.nodes("risk")).containsExactly("head", "main-st-small-1");
    }

    @Test
    void whatIsNoNodeOfTheClusterIsNotRun() {
        fixture.createWhole("risk");
        fixture.report("risk", "main-st-small-1 idle", "main-st-small-3 idle", "head idle", "stranger alloc");
        fixture.settle();
        assertThat(fixture.nodes("risk")).containsExactly("head", "main-st-small-1");
    }

    @Test
    void aHeadNodeThatCannotComeUpFailsTheCluster() {
        fixture.create("risk");
        fixture.settle();
        fixture.slurm.failures.put(fixture.stored("risk").id(), "The head node has ended 3 times.");
        failsWith("HeadNodeBootstrapFailure", "The head node has ended 3 times.");
        assertThat(fixture.nodes("risk")).isEmpty();
        assertThat(fixture.describe("risk").headNode()).isNull();
    }

    @Test
    void aHeadNodeThatHasToldIsNotGivenUp() {
        fixture.create("risk");
        fixture.report("risk", "main-st-small-1 idle#");
        fixture.slurm.failures.put(fixture.stored("risk").id(), "The head node has ended 3 times.");
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        fixture.report("risk", SlurmFixture.READY);
        stays(ClusterStatus.CREATE_COMPLETE);
    }

    @Test
    void aHeadNodeThatSaysNothingFailsTheClusterInTime() {
        fixture.create("risk");
        fixture.now = fixture.now.plus(PATIENCE).minusMillis(1);
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        fixture.now = fixture.now.plusMillis(1);
        failsWith("HeadNodeBootstrapTimeout", "the head node did not come up within PT30M");
    }

    @Test
    void permanentNodesThatDoNotComeUpFailTheClusterInTime() {
        fixture.slurm.full.put("main-st-small-2", "no room");
        fixture.create("risk");
        fixture.report("risk", "main-st-small-1 idle", "main-st-small-2 idle#", "rare-st-small-1 idle#");
        stays(ClusterStatus.CREATE_IN_PROGRESS);
        fixture.now = fixture.now.plus(PATIENCE);
        failsWith("StaticNodeBootstrapTimeout", "main-st-small-2 no room; rare-st-small-1 did not come up");
    }

    @Test
    void timeDoesNotFailAClusterThatIsComplete() {
        fixture.createWhole("risk");
        fixture.now = fixture.now.plus(PATIENCE).plus(PATIENCE);
        fixture.report("risk", "main-st-small-1 down*");
        stays(ClusterStatus.CREATE_COMPLETE);
    }

    @Test
    void whatHasFailedIsStoppedUnlessItsOwnerWantsToLook() {
        fixture.create("risk");
        fixture.client()
                .createCluster(
                        new CreateClusterRequest("kept", CONFIGURATION, Set.of(), ValidationLevel.ERROR, false, false));
        fixture.settle();
        fixture.slurm.ends = false;
        fixture.now = fixture.now.plus(PATIENCE);
        fixture.settle();
        assertThat(fixture.step("risk")).isNotEmpty(); // its tasks are waited for
        assertThat(fixture.step("kept")).isEmpty();
        fixture.slurm.ends = true;
        assertThat(fixture.step("risk")).isEmpty();
        assertThat(fixture.nodes("risk")).isEmpty();
        assertThat(fixture.step("kept")).isEmpty();
        assertThat(fixture.nodes("kept")).containsExactly("head");
        assertThat(fixture.describe("kept").clusterStatus()).isEqualTo(ClusterStatus.CREATE_FAILED);
    }

    @Test
    void unavailableNodesAreStoredAndTriedAgain() {
        fixture.createWhole("risk");
        fixture.slurm.full.put("main-dy-big-1", "no room");
        fixture.report("risk", "main-st-small-1 idle", "main-dy-big-1 alloc#");
        fixture.settle();
        assertThat(fixture.stored("risk").unavailable()).containsExactly(entry("main-dy-big-1", "no room"));
        assertThat(fixture.nodes("risk")).containsExactly("head", "main-st-small-1");
        assertThat(fixture.step("risk")).isNotEmpty();

        fixture.slurm.full.clear();
        fixture.settle();
        assertThat(fixture.stored("risk").unavailable()).isEmpty();
        assertThat(fixture.nodes("risk")).containsExactly("head", "main-dy-big-1", "main-st-small-1");
        assertThat(fixture.step("risk")).isEmpty();
    }

    @Test
    void aDeletedClusterIsThereUntilItsNodesHaveEnded() {
        fixture.createWhole("risk");
        String id = fixture.stored("risk").id();
        fixture.slurm.ends = false;
        assertThat(fixture.client().deleteCluster("risk").cluster().clusterStatus())
                .isEqualTo(ClusterStatus.DELETE_IN_PROGRESS);
        stays(ClusterStatus.DELETE_IN_PROGRESS);
        assertThat(fixture.step("risk")).isNotEmpty();
        assertThat(fixture.slurm.files).containsExactly(id);
        refused(400, "already exists", () -> fixture.create("risk"));
        refused(
                409,
                "DELETE_IN_PROGRESS",
                () -> fixture.client().updateComputeFleet("risk", ComputeFleetStatus.START_REQUESTED));
        assertThat(fixture.client().deleteCluster("risk").cluster().clusterStatus())
                .isEqualTo(ClusterStatus.DELETE_IN_PROGRESS);

        fixture.slurm.ends = true;
        fixture.settle();
        refused(404, "Cluster 'risk' does not exist", () -> fixture.describe("risk"));
        refused(404, "Cluster 'risk' does not exist", () -> fixture.client().deleteCluster("risk"));
        assertThat(fixture.slurm.nodes).isEmpty();
        assertThat(fixture.slurm.files).isEmpty();
    }

    @Test
    void aClusterOfTheSameNameIsAnother() {
        fixture.createWhole("risk");
        HpcCluster first = fixture.stored("risk");
        fixture.client().deleteCluster("risk");
        fixture.settle();
        fixture.create("risk");
        HpcCluster second = fixture.stored("risk");
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.arn()).isNotEqualTo(first.arn());
        assertThat(second.firstUser()).isEqualTo(first.firstUser()); // nobody has them any more
        assertThat(second.states()).isEmpty();
        // The head node of the first is not that of the second.
        assertThat(fixture.parallelCluster.report(first.id(), fixture.slurm.secret(first.id()), "a idle"))
                .isEmpty();
        stays(ClusterStatus.CREATE_IN_PROGRESS);
    }

    @Test
    void oneThatHasStartedFollowsChanges() throws InterruptedException {
        fixture.create("before");
        fixture.parallelCluster.start();
        assertThat(fixture.slurm.runs.poll(2, TimeUnit.MINUTES)).isEqualTo("before");
        fixture.create("after");
        String ran;
        do {
            ran = fixture.slurm.runs.poll(2, TimeUnit.MINUTES);
        } while ("before".equals(ran)); // it is looked at again until it is complete
        assertThat(ran).isEqualTo("after");
    }
}

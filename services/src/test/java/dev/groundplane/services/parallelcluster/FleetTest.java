package dev.groundplane.services.parallelcluster;

import static dev.groundplane.services.parallelcluster.SlurmFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.parallelcluster.model.ClusterInstance;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.DescribeClusterInstancesRequest;
import dev.groundplane.services.parallelcluster.model.NodeType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Compute fleets that stop and start, and the nodes that there are. */
class FleetTest {
    @TempDir
    private Path directory;

    private SlurmFixture fixture;

    @BeforeEach
    void open() {
        fixture = new SlurmFixture(directory);
        fixture.createWhole("risk");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private ComputeFleetStatus fleet() {
        return fixture.client().describeComputeFleet("risk").status();
    }

    private ComputeFleetStatus update(ComputeFleetStatus status) {
        return fixture.client().updateComputeFleet("risk", status).status();
    }

    private List<ClusterInstance> instances(NodeType type, String queue) {
        return fixture.client()
                .describeClusterInstances(new DescribeClusterInstancesRequest("risk", type, queue, null))
                .instances();
    }

    @Test
    void aFleetStopsWhenItsNodesHaveEndedAndStartsAgain() {
        assertThat(fleet()).isEqualTo(ComputeFleetStatus.RUNNING);
        fixture.slurm.ends = false;
        assertThat(update(ComputeFleetStatus.STOP_REQUESTED)).isEqualTo(ComputeFleetStatus.STOP_REQUESTED);
        fixture.settle();
        assertThat(fleet()).isEqualTo(ComputeFleetStatus.STOP_REQUESTED);

        fixture.slurm.ends = true;
        fixture.now = fixture.now.plusSeconds(5);
        fixture.settle();
        assertThat(fleet()).isEqualTo(ComputeFleetStatus.STOPPED);
        assertThat(fixture.client().describeComputeFleet("risk").lastStatusUpdatedTime())
                .isEqualTo(fixture.now);
        assertThat(fixture.nodes("risk")).containsExactly("head");

        assertThat(update(ComputeFleetStatus.START_REQUESTED)).isEqualTo(ComputeFleetStatus.START_REQUESTED);
        fixture.settle();
        assertThat(fleet()).isEqualTo(ComputeFleetStatus.RUNNING);
        assertThat(fixture.nodes("risk"))
                .containsExactly("head", "main-st-small-1", "main-st-small-2", "rare-st-small-1");
    }

    @Test
    void aStoppedFleetHasNoNodesWhateverSlurmWants() {
        update(ComputeFleetStatus.STOP_REQUESTED);
        fixture.settle();
        fixture.report("risk", "main-st-small-1 idle#", "main-dy-big-1 alloc#");
        fixture.settle();
        assertThat(fixture.nodes("risk")).containsExactly("head");
        assertThat(fleet()).isEqualTo(ComputeFleetStatus.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"START_REQUESTED", "STOP_REQUESTED"})
    void onlyStartsAndStopsAreAskedFor(ComputeFleetStatus status) {
        refused(400, "START_REQUESTED or STOP_REQUESTED, not " + status, () -> update(status));
        assertThat(fleet()).isEqualTo(ComputeFleetStatus.RUNNING);
    }

    @Test
    void aFleetThatIsNotThereYetCannotBeStopped() {
        fixture.create("new");
        refused(
                409,
                "CREATE_IN_PROGRESS",
                () -> fixture.client().updateComputeFleet("new", ComputeFleetStatus.STOP_REQUESTED));
        refused(404, "'none'", () -> fixture.client().updateComputeFleet("none", ComputeFleetStatus.STOP_REQUESTED));
        refused(404, "'none'", () -> fixture.client().describeComputeFleet("none"));
    }

    @Test
    void nodesAreShownByTypeAndQueue() {
        assertThat(instances(null, null))
                .extracting(ClusterInstance::instanceId)
                .containsExactly(
                        "task-of-head",
                        "task-of-main-st-small-1",
                        "task-of-main-st-small-2",
                        "task-of-rare-st-small-1");
        assertThat(instances(NodeType.HeadNode, null))
                .containsExactly(new ClusterInstance(
                        "task-of-head",
                        "t3.micro",
                        FakeClusters.LAUNCHED,
                        "10.0.0.1",
                        "running",
                        NodeType.HeadNode,
                        null));
        assertThat(instances(null, "rare"))
                .containsExactly(new ClusterInstance(
                        "task-of-rare-st-small-1",
                        "m5.large",
                        FakeClusters.LAUNCHED,
                        "10.0.0.1",
                        "running",
                        NodeType.ComputeNode,
                        "rare"));
        assertThat(instances(NodeType.HeadNode, "rare")).isEmpty();
    }
}

package dev.groundplane.services.parallelcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What head nodes tell, and what they are answered. */
class HeadNodeReportTest {
    @TempDir
    private Path directory;

    private SlurmFixture fixture;

    @BeforeEach
    void open() {
        fixture = new SlurmFixture(directory);
        fixture.create("risk");
        fixture.settle();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void onlyWhoHasTheClustersSecretIsAnswered() {
        String id = fixture.stored("risk").id();
        fixture.create("other");
        String others = fixture.slurm.secret(fixture.stored("other").id());
        assertThat(fixture.parallelCluster.report(id, "", "a idle")).isEmpty();
        assertThat(fixture.parallelCluster.report(id, others, "a idle")).isEmpty();
        assertThat(fixture.parallelCluster.report(id, others, "nonsense")).isEmpty();
        assertThat(fixture.stored("risk").states()).isEmpty();
    }

    @Test
    void aClusterThatIsNotThereIsNotAnswered() {
        assertThat(fixture.parallelCluster.report("0", fixture.slurm.secret("0"), "a idle"))
                .isEmpty();
        // Clusters are told apart by their ids, not by their names.
        assertThat(fixture.parallelCluster.report("risk", fixture.slurm.secret("risk"), "a idle"))
                .isEmpty();
    }

    @Test
    void nonsenseIsRefusedAndChangesNothing() {
        fixture.report("risk", "main-st-small-1 idle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.report("risk", "main-st-small-1 down", "sinfo: fatal error"))
                .withMessageContaining("'sinfo: fatal error' is not a node and its state");
        assertThat(fixture.stored("risk").states()).isEqualTo(Map.of("main-st-small-1", "idle"));
    }

    @Test
    void statesAreKeptAsTheyWereToldLast() {
        fixture.report("risk", "main-st-small-1 idle", "main-dy-big-1 idle~");
        fixture.report("risk", "main-st-small-1 alloc");
        assertThat(fixture.stored("risk").states()).isEqualTo(Map.of("main-st-small-1", "alloc"));
    }

    @Test
    void whatIsToldAgainIsNotWrittenAgain() {
        fixture.report("risk", "main-st-small-1 idle");
        var before = fixture.store.require(SlurmFixture.SCOPE, "risk");
        assertThat(fixture.report("risk", "main-st-small-1 idle")).contains("partitions up\n");
        assertThat(fixture.store.require(SlurmFixture.SCOPE, "risk")).isEqualTo(before);
    }

    @Test
    void jobsBeginWhileTheFleetRuns() {
        assertThat(fixture.report("risk", SlurmFixture.READY)).contains("partitions up\n");
        fixture.settle();
        fixture.client().updateComputeFleet("risk", ComputeFleetStatus.STOP_REQUESTED);
        assertThat(fixture.report("risk", SlurmFixture.READY)).contains("partitions inactive\n");
        fixture.settle();
        assertThat(fixture.report("risk", SlurmFixture.READY)).contains("partitions inactive\n");
        fixture.client().updateComputeFleet("risk", ComputeFleetStatus.START_REQUESTED);
        assertThat(fixture.report("risk", SlurmFixture.READY)).contains("partitions up\n");
    }

    @Test
    void whatCannotBeHadIsDownForAsLongAsSlurmWantsIt() {
        fixture.slurm.full.put("main-dy-big-1", "(Code:InsufficientInstanceCapacity)no room");
        fixture.report("risk", "main-dy-big-1 alloc#", "main-dy-small-1 alloc#");
        fixture.settle();
        assertThat(fixture.report("risk", "main-dy-big-1 alloc#", "main-dy-small-1 alloc#"))
                .contains("partitions up\ndown main-dy-big-1 (Code:InsufficientInstanceCapacity)no room\n");
        // Slurm has given it up, which nobody has looked at yet.
        assertThat(fixture.report("risk", "main-dy-big-1 down~", "main-dy-small-1 alloc#"))
                .contains("partitions up\n");
        assertThat(fixture.stored("risk").unavailable()).containsOnlyKeys("main-dy-big-1");
        fixture.settle();
        assertThat(fixture.stored("risk").unavailable()).isEmpty();
    }
}

package dev.groundplane.services.parallelcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SlurmClusterTest {
    private static final SlurmCluster CLUSTER = new SlurmCluster(
            "1a2b3c4d", "risk", "/logs", 700_000, Descriptions.configuration(SlurmFixture.CONFIGURATION));

    @Test
    void nodesHaveParallelClustersNamesAndPermanentOnesOfAResourceComeFirst() {
        assertThat(CLUSTER.nodes())
                .containsExactly(
                        new SlurmNode("main-st-small-1", 1, "main", "small", true),
                        new SlurmNode("main-st-small-2", 2, "main", "small", true),
                        new SlurmNode("main-dy-small-1", 3, "main", "small", false),
                        new SlurmNode("main-dy-small-2", 4, "main", "small", false),
                        new SlurmNode("main-dy-big-1", 5, "main", "big", false),
                        new SlurmNode("rare-st-small-1", 6, "rare", "small", true));
    }

    @Test
    void aNodeIsMadeFromTheResourceOfItsOwnQueue() {
        assertThat(CLUSTER.nodes())
                .extracting(node -> CLUSTER.resource(node).instanceType().name())
                .containsExactly("c5.large", "c5.large", "c5.large", "c5.large", "c5.xlarge", "m5.large");
        var stranger = new SlurmNode("rare-dy-big-1", 7, "rare", "big", false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CLUSTER.resource(stranger))
                .withMessageContaining("is no node of cluster risk");
    }
}

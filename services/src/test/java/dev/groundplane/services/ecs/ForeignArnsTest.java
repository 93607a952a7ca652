package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Failure;

/** An ARN of another account or region does not mean what has the same name here. */
class ForeignArnsTest {
    private EcsFixture ecs;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        ecs.client().createCluster(r -> r.clusterName("risk"));
        ecs.define("etl", 1, 10);
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:ecs:us-east-1:111122223333:", "arn:aws:ecs:eu-west-1:123456789012:"})
    void namesakesAreNotMeant(String elsewhere) {
        String cluster = elsewhere + "cluster/risk";
        String definition = elsewhere + "task-definition/etl:1";

        assertThat(ecs.client().describeClusters(r -> r.clusters(cluster)).failures())
                .extracting(Failure::reason)
                .containsExactly("MISSING");
        assertThatThrownBy(() -> ecs.client().deleteCluster(r -> r.cluster(cluster)))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> ecs.client().listTasks(r -> r.cluster(cluster)))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> ecs.client().describeTaskDefinition(r -> r.taskDefinition(definition)))
                .isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> ecs.client().deregisterTaskDefinition(r -> r.taskDefinition(definition)))
                .isInstanceOf(ClientException.class);
        assertThatThrownBy(() ->
                        ecs.client().describeServices(r -> r.cluster(cluster).services("x")))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThat(ecs.client()
                        .describeServices(r -> r.cluster("risk").services(elsewhere + "service/risk/x"))
                        .failures())
                .hasSize(1);

        assertThat(ecs.client()
                        .describeClusters(r -> r.clusters("arn:aws:ecs:us-east-1:123456789012:cluster/risk"))
                        .clusters())
                .extracting(Cluster::status)
                .containsExactly("ACTIVE");
        assertThat(ecs.client()
                        .describeTaskDefinition(r -> r.taskDefinition("etl"))
                        .taskDefinition()
                        .statusAsString())
                .isEqualTo("ACTIVE");
    }
}

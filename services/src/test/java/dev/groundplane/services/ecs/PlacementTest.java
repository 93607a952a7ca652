package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;

class PlacementTest {
    private static final List<Attribute> DOCKER =
            List.of(Attribute.builder().name("docker").build());
    private static final String GROUP = "family:etl";
    private static final TaskSize SMALL = new TaskSize(100, 100, Set.of(), Set.of());

    @Test
    void theInstanceWithTheMostMemoryLeftIsChosenEachTime() {
        Placement placement = placement(PlacementConstraints.NONE, List.of(instance("a", 250), instance("b", 420)));

        assertThat(place(placement, SMALL)).isEqualTo("b"); // 420 -> 320
        assertThat(place(placement, SMALL)).isEqualTo("b"); // 320 -> 220
        assertThat(place(placement, SMALL)).isEqualTo("a"); // 250 -> 150
        assertThat(placement.touched())
                .extracting(i -> EcsFixture.remaining(i.value(), "MEMORY"))
                .containsExactly(150, 220);
        assertThat(placement.touched())
                .extracting(i -> i.value().pendingTasksCount())
                .containsExactly(1, 2);
    }

    @Test
    void onlyWhatWasChosenIsTouched() {
        Placement placement = placement(PlacementConstraints.NONE, List.of(instance("a", 250), instance("b", 420)));
        place(placement, SMALL);

        assertThat(placement.touched()).extracting(Stored::name).containsExactly("b");
    }

    @Test
    void nothingIsPlacedBeyondWhatIsLeft() {
        Placement placement = placement(PlacementConstraints.NONE, List.of(instance("a", 250)));

        assertThat(place(placement, SMALL)).isEqualTo("a");
        assertThat(place(placement, SMALL)).isEqualTo("a");
        assertThat(placement.place(SMALL, DOCKER, GROUP)).isEmpty();
        assertThat(placement.failures(SMALL, DOCKER))
                .extracting(Failure::reason)
                .containsExactly("RESOURCE:MEMORY");
    }

    @Test
    void portsAreTakenWithinOneLaunch() {
        Placement placement = placement(PlacementConstraints.NONE, List.of(instance("a", 1_000)));
        TaskSize web = new TaskSize(1, 1, Set.of(80), Set.of());

        assertThat(placement.place(web, DOCKER, GROUP)).isPresent();
        assertThat(placement.place(web, DOCKER, GROUP)).isEmpty();
        assertThat(placement.failures(web, DOCKER)).extracting(Failure::reason).containsExactly("RESOURCE:PORTS");
    }

    @Test
    void distinctInstancesAreEachChosenOnce() {
        Placement placement = placement(
                new PlacementConstraints(true, List.of()), List.of(instance("a", 1_000), instance("b", 1_000)));

        assertThat(placement.place(SMALL, DOCKER, GROUP)).isPresent();
        assertThat(placement.place(SMALL, DOCKER, GROUP)).isPresent();
        assertThat(placement.place(SMALL, DOCKER, GROUP)).isEmpty();
        assertThat(placement.touched()).hasSize(2);
        assertThat(placement.failures(SMALL, DOCKER))
                .hasSize(2)
                .allSatisfy(f -> assertThat(f.reason()).contains("constraint"));
    }

    @Test
    void everyInstanceSaysWhyItCannot() {
        Stored<ContainerInstance> away = instance("away", 1_000);
        Placement placement = placement(
                PlacementConstraints.NONE,
                List.of(
                        away.with(away.value().toBuilder().agentConnected(false).build()),
                        new Stored<>(
                                EcsFixture.SCOPE,
                                "bare",
                                1,
                                away.value().toBuilder().attributes(List.of()).build(),
                                Map.of()),
                        instance("small", 50)));

        assertThat(placement.place(SMALL, DOCKER, GROUP)).isEmpty();
        assertThat(placement.failures(SMALL, DOCKER))
                .extracting(Failure::reason)
                .containsExactly("AGENT", "ATTRIBUTE", "RESOURCE:MEMORY");
        assertThat(placement.touched()).isEmpty();
    }

    private static Placement placement(PlacementConstraints constraints, List<Stored<ContainerInstance>> instances) {
        return new Placement(instances, constraints, PlacementStrategies.NONE, Map.of());
    }

    private static String place(Placement placement, TaskSize size) {
        return placement.place(size, DOCKER, GROUP).orElseThrow().name();
    }

    private static Stored<ContainerInstance> instance(String name, int memory) {
        return new Stored<>(
                EcsFixture.SCOPE,
                name,
                1,
                ContainerInstance.builder()
                        .containerInstanceArn(EcsFixture.SCOPE.arn("ecs", "container-instance/default/" + name))
                        .agentConnected(true)
                        .pendingTasksCount(0)
                        .attributes(DOCKER)
                        .remainingResources(
                                EcsFixture.resource("CPU", 10_000),
                                EcsFixture.resource("MEMORY", memory),
                                EcsFixture.ports("PORTS"))
                        .build(),
                Map.of());
    }
}

package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.store.Stored;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;

class PlacementStrategiesTest {
    private static final TaskSize SMALL = new TaskSize(10, 10, Set.of(), Set.of());
    private static final String GROUP = "service:web";

    @Test
    void binpackTakesTheFullestThatFits() {
        Placement placement = placement(
                List.of(instance("a", 100, ""), instance("b", 25, ""), instance("c", 5, "")),
                strategy("binpack", "memory"));

        assertThat(place(placement, 4)).containsExactly("b", "b", "a", "a");
    }

    @Test
    void spreadGoesByAttributeThenByInstance() {
        Placement placement = placement(
                List.of(instance("a1", 1000, "a"), instance("a2", 1000, "a"), instance("b1", 100, "b")),
                strategy("spread", "attribute:zone"),
                strategy("spread", "instanceId"));
        List<String> placed = place(placement, 4);

        assertThat(placed.stream().filter("b1"::equals)).hasSize(2);
        assertThat(placed).contains("a1", "a2");
    }

    @Test
    void tasksThatAreThereAlreadyCount() {
        Placement placement = new Placement(
                List.of(instance("a", 1000, ""), instance("b", 100, "")),
                PlacementConstraints.NONE,
                PlacementStrategies.of(List.of(strategy("spread", "host"))),
                Map.of("a", Map.of(GROUP, 2), "b", Map.of("service:other", 9)));

        assertThat(place(placement, 2)).containsExactly("b", "b");
    }

    @Test
    void randomTakesWhateverFits() {
        Placement placement =
                placement(List.of(instance("a", 5, ""), instance("b", 100, "")), strategy("random", null));

        assertThat(place(placement, 3)).containsOnly("b");
    }

    @Property(tries = 200)
    void spreadOverInstancesWithRoomIsEven(
            @ForAll @IntRange(min = 1, max = 8) int hosts, @ForAll @IntRange(max = 40) int tasks) {
        Stored<ContainerInstance>[] all = instances(hosts);
        Map<String, Integer> counts = new HashMap<>();
        for (String name : place(placement(Arrays.asList(all), strategy("spread", "instanceId")), tasks)) {
            counts.merge(name, 1, Integer::sum);
        }
        int most = counts.values().stream().mapToInt(i -> i).max().orElse(0);

        assertThat(counts.values().stream().mapToInt(i -> i).sum()).isEqualTo(tasks);
        assertThat(most).isEqualTo((tasks + hosts - 1) / hosts);
    }

    @Property(tries = 200)
    void nothingIsPlacedBeyondWhatIsLeftWhateverTheStrategies(
            @ForAll @Size(max = 5) List<@IntRange(max = 4) Integer> chain, @ForAll @IntRange(max = 30) int tasks) {
        List<PlacementStrategy> strategies = List.of(
                strategy("binpack", "cpu"),
                strategy("binpack", "memory"),
                strategy("spread", "instanceId"),
                strategy("spread", "attribute:zone"),
                strategy("random", null));
        Placement placement = placement(
                List.of(instance("a", 55, "x"), instance("b", 30, "y"), instance("c", 9, "y")),
                chain.stream().map(strategies::get).toArray(PlacementStrategy[]::new));

        assertThat(place(placement, tasks)).hasSize(Math.min(tasks, 8)).doesNotContain("c");
        assertThat(placement.touched()).allMatch(i -> EcsFixture.remaining(i.value(), "MEMORY") >= 0);
    }

    @ParameterizedTest
    @CsvSource({"random,memory", "binpack,", "binpack,disk", "spread,", "spread,zone", "spread,attribute:", "best,cpu"})
    void wrongStrategiesAreRefused(String type, String field) {
        assertThatThrownBy(() -> PlacementStrategies.of(List.of(strategy(type, field))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(type);
    }

    @Test
    void thereAreFiveAtTheMost() {
        List<PlacementStrategy> six = java.util.Collections.nCopies(6, strategy("random", null));

        assertThatThrownBy(() -> PlacementStrategies.of(six))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("found 6");
    }

    private static PlacementStrategy strategy(String type, String field) {
        return PlacementStrategy.builder().type(type).field(field).build();
    }

    private static Placement placement(List<Stored<ContainerInstance>> instances, PlacementStrategy... strategies) {
        return new Placement(
                instances, PlacementConstraints.NONE, PlacementStrategies.of(List.of(strategies)), Map.of());
    }

    private static List<String> place(Placement placement, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> placement.place(SMALL, List.of(), GROUP))
                .flatMap(java.util.Optional::stream)
                .map(Stored::name)
                .toList();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static Stored<ContainerInstance>[] instances(int count) {
        Stored[] all = new Stored[count];
        for (int i = 0; i < count; i++) {
            all[i] = instance("host" + i, 10_000, "");
        }
        return all;
    }

    private static Stored<ContainerInstance> instance(String name, int memory, String zone) {
        return new Stored<>(
                EcsFixture.SCOPE,
                name,
                1,
                ContainerInstance.builder()
                        .containerInstanceArn(EcsFixture.SCOPE.arn("ecs", "container-instance/default/" + name))
                        .agentConnected(true)
                        .pendingTasksCount(0)
                        .attributes(Attribute.builder().name("zone").value(zone).build())
                        .remainingResources(
                                EcsFixture.resource("CPU", 10_000),
                                EcsFixture.resource("MEMORY", memory),
                                EcsFixture.ports("PORTS"))
                        .build(),
                Map.of());
    }
}

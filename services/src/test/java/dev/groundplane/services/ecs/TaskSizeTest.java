package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Resource;

class TaskSizeTest {
    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "1, 1",
        "0.5 vCPU, 512",
        "'.25 vcpu', 256",
        "' 2 VCPU ', 2048",
        "1vCPU, 1024",
        "16 vcpu, 16384"
    })
    void cpuIsUnitsOrCores(String text, int units) {
        assertThat(TaskSize.parseCpu(text)).contains(units);
    }

    @ParameterizedTest
    @CsvSource({"512, 512", "1 GB, 1024", "0.5gb, 512", "30 GB, 30720"})
    void memoryIsMebibytesOrGibibytes(String text, int mebibytes) {
        assertThat(TaskSize.parseMemory(text)).contains(mebibytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "x", "-1", "1e3", "1.", ".", "vcpu", "1 core", "0", "0.0001 vCPU", "12345678", "1,5"})
    void whatIsNoSizeIsRefusedByItsText(String text) {
        assertThatThrownBy(() -> TaskSize.parseCpu(text))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("'cpu'");
        assertThatThrownBy(() -> TaskSize.parseMemory(text.replace("vcpu", "gb").replace("vCPU", "GB")))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("'memory'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4194305 vCPU", "9999999 vCPU", "2097152 vCPU"})
    void aSizeBeyondAnIntIsRefused(String text) {
        assertThatThrownBy(() -> TaskSize.parseCpu(text)).isInstanceOf(ClientException.class);
    }

    @Test
    void noTextIsNoSize() {
        assertThat(TaskSize.parseCpu(null)).isEmpty();
        assertThat(TaskSize.parseMemory(null)).isEmpty();
    }

    @Test
    void theTasksOwnSizeWinsOverItsContainers() {
        List<ContainerDefinition> containers = List.of(
                container().cpu(100).memory(300).memoryReservation(200).build(),
                container().memory(50).build());

        assertThat(TaskSize.of(null, null, containers)).isEqualTo(new TaskSize(100, 250, Set.of(), Set.of()));
        assertThat(TaskSize.of("1 vCPU", "1 GB", containers)).isEqualTo(new TaskSize(1024, 1024, Set.of(), Set.of()));
    }

    @Test
    void aSumBeyondAnIntIsNeverNegative() {
        ContainerDefinition huge =
                container().cpu(2_000_000_000).memory(2_000_000_000).build();

        assertThatThrownBy(() -> TaskSize.of(null, null, List.of(huge, huge))).isInstanceOf(ClientException.class);
    }

    @Test
    void aTaskTakesTheHostPortsOfItsContainersAndItsProcesses() {
        PortMapping dynamic = PortMapping.builder().containerPort(80).build();
        PortMapping fixed =
                PortMapping.builder().containerPort(80).hostPort(8080).build();
        PortMapping udp = PortMapping.builder()
                .containerPort(53)
                .hostPort(5353)
                .protocol("udp")
                .build();

        assertThat(TaskSize.of(
                        null,
                        null,
                        List.of(container().portMappings(dynamic, fixed, udp).build())))
                .isEqualTo(new TaskSize(0, 0, Set.of(8080), Set.of(5353)));
        assertThat(TaskSize.of(
                        null,
                        null,
                        List.of(container().image("host").portMappings(dynamic).build())))
                .as("a process on the host has no port of its own")
                .isEqualTo(new TaskSize(0, 0, Set.of(80), Set.of()));
    }

    @Test
    void whatDoesNotFitIsSaidInEcsWords() {
        List<Resource> host = List.of(
                EcsFixture.resource("CPU", 100),
                EcsFixture.resource("MEMORY", 200),
                EcsFixture.ports("PORTS", "22"),
                EcsFixture.ports("PORTS_UDP", "53"));

        assertThat(size(100, 200).misfit(host)).isEmpty();
        assertThat(size(101, 200).misfit(host)).contains("RESOURCE:CPU");
        assertThat(size(100, 201).misfit(host)).contains("RESOURCE:MEMORY");
        assertThat(new TaskSize(1, 1, Set.of(22), Set.of()).misfit(host)).contains("RESOURCE:PORTS");
        assertThat(new TaskSize(1, 1, Set.of(), Set.of(53)).misfit(host)).contains("RESOURCE:PORTS");
        assertThat(new TaskSize(1, 1, Set.of(53), Set.of(22)).misfit(host))
                .as("tcp is not udp")
                .isEmpty();
        assertThat(size(1, 1).misfit(List.of())).contains("RESOURCE:CPU");
    }

    @Test
    void whatIsTakenComesBackExactly() {
        List<Resource> host = List.of(
                EcsFixture.resource("CPU", 100),
                EcsFixture.resource("MEMORY", 200),
                EcsFixture.ports("PORTS", "22"),
                EcsFixture.ports("PORTS_UDP"),
                EcsFixture.resource("GPU", 1));
        TaskSize size = new TaskSize(30, 50, Set.of(80, 443), Set.of(53));
        List<Resource> taken = size.takenFrom(host);

        assertThat(taken)
                .containsExactly(
                        EcsFixture.resource("CPU", 70),
                        EcsFixture.resource("MEMORY", 150),
                        EcsFixture.ports("PORTS", "22", "443", "80"),
                        EcsFixture.ports("PORTS_UDP", "53"),
                        EcsFixture.resource("GPU", 1));
        assertThat(size.returnedTo(taken)).isEqualTo(host);
    }

    private static TaskSize size(int cpu, int memory) {
        return new TaskSize(cpu, memory, Set.of(), Set.of());
    }

    private static ContainerDefinition.Builder container() {
        return ContainerDefinition.builder().name("c").image("busybox");
    }
}

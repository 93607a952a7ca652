package dev.groundplane.services.ecs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/**
 * What a task takes from its host.
 *
 * @param cpu units, 1024 to a core
 * @param memory MiB
 * @param tcpPorts host ports
 * @param udpPorts host ports
 */
record TaskSize(int cpu, int memory, Set<Integer> tcpPorts, Set<Integer> udpPorts) {
    private static final int CPU_PER_CORE = 1024;
    private static final int MIB_PER_GIB = 1024;
    /** More than any host has, and sums of it stay far from overflow. */
    private static final int MAX = 100_000_000;

    /** The task's own size where it has one, else the sum over its containers. */
    static TaskSize of(@Nullable String taskCpu, @Nullable String taskMemory, List<ContainerDefinition> containers) {
        int cpu =
                parseCpu(taskCpu).orElseGet(() -> sum(containers, c -> Objects.requireNonNullElse(c.cpu(), 0), "cpu"));
        int memory = parseMemory(taskMemory).orElseGet(() -> sum(containers, TaskSize::reserved, "memory"));
        return withPorts(cpu, memory, containers);
    }

    /** The size that a task was placed with, from the {@code cpu} and {@code memory} it shows. */
    static TaskSize placed(String cpu, String memory, List<ContainerDefinition> containers) {
        return withPorts(Integer.parseInt(cpu), Integer.parseInt(memory), containers);
    }

    private static TaskSize withPorts(int cpu, int memory, List<ContainerDefinition> containers) {
        Set<Integer> tcp = new HashSet<>();
        Set<Integer> udp = new HashSet<>();
        for (ContainerDefinition container : containers) {
            for (PortMapping port : container.portMappings()) {
                boolean onHost = TaskDefinitionRules.HOST_IMAGE.equals(container.image());
                int hostPort = Objects.requireNonNullElse(port.hostPort(), 0);
                int taken = hostPort == 0 && onHost ? port.containerPort() : hostPort;
                if (taken != 0) {
                    (port.protocol() == TransportProtocol.UDP ? udp : tcp).add(taken);
                }
            }
        }
        return new TaskSize(cpu, memory, tcp, udp);
    }

    private static int sum(
            List<ContainerDefinition> containers, ToLongFunction<ContainerDefinition> size, String what) {
        return bounded(containers.stream().mapToLong(size).sum(), "The containers' '%s' together is".formatted(what));
    }

    private static int bounded(long value, String what) {
        if (value > MAX) {
            throw EcsErrors.client("%s %d: it must be at most %d.", what, value, MAX);
        }
        return (int) value;
    }

    private static int reserved(ContainerDefinition container) {
        Integer memory = container.memoryReservation() != null ? container.memoryReservation() : container.memory();
        return Objects.requireNonNullElse(memory, 0);
    }

    /** {@code "512"} units or {@code "0.5 vCPU"}; empty when null. */
    static Optional<Integer> parseCpu(@Nullable String text) {
        return parse(text, "vcpu", CPU_PER_CORE, "cpu", "units such as 512, or vCPUs such as '0.5 vCPU'");
    }

    /** {@code "512"} MiB or {@code "1 GB"}; empty when null. */
    static Optional<Integer> parseMemory(@Nullable String text) {
        return parse(text, "gb", MIB_PER_GIB, "memory", "MiB such as 512, or GB such as '1 GB'");
    }

    private static Optional<Integer> parse(@Nullable String text, String unit, int factor, String what, String right) {
        if (text == null) {
            return Optional.empty();
        }
        String number = text.strip().toLowerCase(Locale.ROOT);
        boolean inUnits = number.endsWith(unit);
        if (inUnits) {
            number = number.substring(0, number.length() - unit.length()).strip();
        }
        if (!number.matches("[0-9]{0,7}(\\.[0-9]{1,6})?") || number.isEmpty()) {
            throw EcsErrors.client("Invalid '%s' setting '%s': use %s.", what, text, right);
        }
        long exact = new BigDecimal(number)
                .multiply(BigDecimal.valueOf(inUnits ? factor : 1))
                .longValue();
        int value = bounded(exact, "Invalid '%s' setting".formatted(what));
        if (value <= 0) {
            throw EcsErrors.client("Invalid '%s' setting '%s': it must be above 0.", what, text);
        }
        return Optional.of(value);
    }

    /** Why this does not fit into what an instance has left, in ECS's words; empty when it fits. */
    Optional<String> misfit(List<Resource> remaining) {
        if (amount(remaining, "CPU") < cpu) {
            return Optional.of("RESOURCE:CPU");
        }
        if (amount(remaining, "MEMORY") < memory) {
            return Optional.of("RESOURCE:MEMORY");
        }
        boolean taken = tcpPorts.stream().anyMatch(ports(remaining, "PORTS")::contains)
                || udpPorts.stream().anyMatch(ports(remaining, "PORTS_UDP")::contains);
        return taken ? Optional.of("RESOURCE:PORTS") : Optional.empty();
    }

    /** What is left of {@code remaining} once this is placed. */
    List<Resource> takenFrom(List<Resource> remaining) {
        return changed(remaining, -1);
    }

    /** What is left once this has gone. */
    List<Resource> returnedTo(List<Resource> remaining) {
        return changed(remaining, 1);
    }

    private List<Resource> changed(List<Resource> remaining, int sign) {
        List<Resource> result = new ArrayList<>();
        for (Resource resource : remaining) {
            result.add(
                    switch (resource.name()) {
                        case "CPU" ->
                            resource.toBuilder()
                                    .integerValue(resource.integerValue() + sign * cpu)
                                    .build();
                        case "MEMORY" ->
                            resource.toBuilder()
                                    .integerValue(resource.integerValue() + sign * memory)
                                    .build();
                        case "PORTS" -> withPorts(resource, tcpPorts, sign);
                        case "PORTS_UDP" -> withPorts(resource, udpPorts, sign);
                        default -> resource;
                    });
        }
        return result;
    }

    private static Resource withPorts(Resource resource, Set<Integer> ports, int sign) {
        Set<String> taken = new HashSet<>(resource.stringSetValue());
        for (int port : ports) {
            if (sign < 0) {
                taken.add(Integer.toString(port));
            } else {
                taken.remove(Integer.toString(port));
            }
        }
        return resource.toBuilder()
                .stringSetValue(taken.stream().sorted().toList())
                .build();
    }

    private static int amount(List<Resource> resources, String name) {
        return resources.stream()
                .filter(r -> r.name().equals(name))
                .mapToInt(Resource::integerValue)
                .sum();
    }

    private static Set<Integer> ports(List<Resource> resources, String name) {
        Set<Integer> ports = new HashSet<>();
        for (Resource resource : resources) {
            if (resource.name().equals(name)) {
                resource.stringSetValue().forEach(p -> ports.add(Integer.valueOf(p)));
            }
        }
        return ports;
    }
}

package dev.groundplane.agent.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * What this agent offers, as registration carries it.
 *
 * @param cpuUnits CPU units of which 1024 are one core
 * @param memoryMiB memory in MiB
 * @param reservedPorts TCP ports that tasks cannot have
 * @param agentVersion this agent's version
 * @param name the instance's name, for people
 * @param drivers the names of the drivers
 * @param capabilities names of attributes that the drivers add
 * @param attributes attributes that the operator adds; an empty value means an attribute with a name only
 */
public record InstanceDescription(
        int cpuUnits,
        int memoryMiB,
        List<Integer> reservedPorts,
        String agentVersion,
        String name,
        List<String> drivers,
        List<String> capabilities,
        Map<String, String> attributes) {
    private static final int SSH = 22;
    private static final List<String> CAPABILITIES = List.of(
            "ecs.capability.external",
            "ecs.capability.container-ordering",
            "com.amazonaws.ecs.capability.logging-driver.awslogs",
            "com.amazonaws.ecs.capability.task-iam-role-network-host");

    /** The memory of this host in MiB: MemTotal of proc(5)'s meminfo. */
    public static int hostMemoryMiB() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                return Math.toIntExact(Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024);
            }
        }
        throw new IOException("/proc/meminfo has no MemTotal; name the memory with --memory");
    }

    /** The resources in the protocol's form. */
    List<Resource> resources() {
        var ports = new ArrayList<String>();
        ports.add(Integer.toString(SSH));
        reservedPorts.forEach(port -> ports.add(Integer.toString(port)));
        return List.of(
                integer("CPU", cpuUnits),
                integer("MEMORY", memoryMiB),
                strings("PORTS", ports),
                strings("PORTS_UDP", List.of()));
    }

    private static Resource integer(String name, int value) {
        return Resource.builder().name(name).type("INTEGER").integerValue(value).build();
    }

    private static Resource strings(String name, List<String> values) {
        return Resource.builder()
                .name(name)
                .type("STRINGSET")
                .stringSetValue(values)
                .build();
    }

    /** The attributes in the protocol's form. */
    List<Attribute> toAttributes() {
        var result = new ArrayList<Attribute>();
        result.add(valued("ecs.os-type", "linux"));
        result.add(valued("ecs.os-family", "LINUX"));
        result.add(valued("ecs.cpu-architecture", architecture()));
        CAPABILITIES.forEach(capability -> result.add(named(capability)));
        capabilities.forEach(capability -> result.add(named(capability)));
        drivers.forEach(driver -> result.add(named("groundplane.driver." + driver)));
        result.add(valued("groundplane.name", name));
        attributes.forEach((key, value) -> result.add(value.isEmpty() ? named(key) : valued(key, value)));
        return result;
    }

    private static Attribute named(String name) {
        return Attribute.builder().name(name).build();
    }

    private static Attribute valued(String name, String value) {
        return Attribute.builder().name(name).value(value).build();
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
            case "aarch64", "arm64" -> "arm64";
            default -> "x86_64";
        };
    }
}

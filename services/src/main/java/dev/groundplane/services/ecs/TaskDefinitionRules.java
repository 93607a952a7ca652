package dev.groundplane.services.ecs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerDependency;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.MountPoint;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Volume;

/** What a task definition must satisfy. Source: Amazon ECS Developer Guide, "Task definition parameters". */
final class TaskDefinitionRules {
    /** The reserved image name of tasks that are processes on the host itself. */
    static final String HOST_IMAGE = "host";

    /** MiB; Docker's own minimum. */
    static final int MIN_MEMORY = 6;

    private static final Set<String> LOG_OPTIONS =
            Set.of("awslogs-group", "awslogs-region", "awslogs-stream-prefix", "awslogs-create-group");

    private final RegisterTaskDefinitionRequest request;

    private TaskDefinitionRules(RegisterTaskDefinitionRequest request) {
        this.request = request;
    }

    /** @throws RuntimeException ECS's ClientException or InvalidParameterException, naming what is wrong */
    static void check(RegisterTaskDefinitionRequest request) {
        SupportedFields.check(request, SupportedFields.REGISTER_TASK_DEFINITION);
        new TaskDefinitionRules(request).check();
    }

    private void check() {
        if (request.family() == null || !request.family().matches("[a-zA-Z0-9_-]{1,255}")) {
            throw EcsErrors.client(
                    "Family '%s' must be 1 to 255 letters, digits, hyphens and underscores.", request.family());
        }
        if (request.requiresCompatibilities().contains(Compatibility.FARGATE)) {
            throw EcsErrors.client("requiresCompatibilities FARGATE is not available: tasks run on registered hosts,"
                    + " use EXTERNAL or EC2.");
        }
        if (request.networkMode() == NetworkMode.AWSVPC) {
            throw EcsErrors.client("networkMode awsvpc is not available on external hosts; use host, bridge or none.");
        }
        TaskSize.parseCpu(request.cpu());
        TaskSize.parseMemory(request.memory());
        PlacementConstraints.ofDefinition(request.placementConstraints());
        List<ContainerDefinition> containers = request.containerDefinitions();
        if (containers.isEmpty()) {
            throw EcsErrors.client("Container list cannot be empty.");
        }
        Set<String> names = new HashSet<>();
        for (ContainerDefinition container : containers) {
            check(container);
            if (!names.add(container.name())) {
                throw EcsErrors.client("Container name '%s' is used twice; names must be unique.", container.name());
            }
        }
        if (containers.stream().allMatch(c -> Boolean.FALSE.equals(c.essential()))) {
            throw EcsErrors.client("A task definition must have at least one essential container.");
        }
        for (ContainerDefinition container : containers) {
            checkDependencies(container, containers);
        }
        checkNoCycle(containers);
    }

    private void check(ContainerDefinition container) {
        String name = container.name();
        if (name == null || !name.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw EcsErrors.client(
                    "Container name '%s' must be 1 to 255 letters, digits, hyphens and underscores.", name);
        }
        if (container.image() == null || container.image().isBlank()) {
            throw EcsErrors.client("Container.image cannot be null or empty (container '%s').", name);
        }
        checkSize(container);
        inRange(container.startTimeout(), 2, 120, name, "startTimeout");
        inRange(container.stopTimeout(), 0, 120, name, "stopTimeout");
        container.portMappings().forEach(p -> check(container, p));
        Set<String> volumes = request.volumes().stream().map(Volume::name).collect(Collectors.toSet());
        for (MountPoint mount : container.mountPoints()) {
            if (!volumes.contains(mount.sourceVolume())) {
                throw EcsErrors.client("Unknown volume '%s'.", mount.sourceVolume());
            }
            if (mount.containerPath() == null || !mount.containerPath().startsWith("/")) {
                throw EcsErrors.client(
                        "Container '%s': containerPath '%s' must be an absolute path.", name, mount.containerPath());
            }
        }
        ContainerRules.check(container, request.executionRoleArn());
        if (container.logConfiguration() != null) {
            check(name, container.logConfiguration());
        }
    }

    private void checkSize(ContainerDefinition container) {
        Integer memory = container.memory();
        Integer reservation = container.memoryReservation();
        if (memory == null && reservation == null && request.memory() == null) {
            throw EcsErrors.client(
                    "Invalid setting for container '%s'. At least one of 'memory' or 'memoryReservation' must be"
                            + " specified.",
                    container.name());
        }
        inRange(memory, MIN_MEMORY, Integer.MAX_VALUE, container.name(), "memory");
        inRange(reservation, MIN_MEMORY, Integer.MAX_VALUE, container.name(), "memoryReservation");
        inRange(container.cpu(), 0, Integer.MAX_VALUE, container.name(), "cpu");
        if (memory != null && reservation != null && reservation > memory) {
            throw EcsErrors.client(
                    "Invalid setting for container '%s'. 'memoryReservation' %d must not be above 'memory' %d.",
                    container.name(), reservation, memory);
        }
    }

    private static void inRange(@Nullable Integer value, int min, int max, String container, String field) {
        if (value != null && (value < min || value > max)) {
            throw EcsErrors.client(
                    max == Integer.MAX_VALUE
                            ? "Container '%s': %s must be at least %d, found %d."
                            : "Container '%s': %s must be from %d to %d, found %d.",
                    max == Integer.MAX_VALUE
                            ? new Object[] {container, field, min, value}
                            : new Object[] {container, field, min, max, value});
        }
    }

    private void check(ContainerDefinition container, PortMapping port) {
        int containerPort = Objects.requireNonNullElse(port.containerPort(), 0);
        int hostPort = Objects.requireNonNullElse(port.hostPort(), 0);
        if (containerPort < 1 || containerPort > 65_535 || hostPort < 0 || hostPort > 65_535) {
            throw EcsErrors.client(
                    "Container '%s': ports must be from 1 to 65535, found containerPort %s, hostPort %s.",
                    container.name(), port.containerPort(), port.hostPort());
        }
        boolean onHost = HOST_IMAGE.equals(container.image()) || request.networkMode() == NetworkMode.HOST;
        if (onHost && hostPort != 0 && hostPort != containerPort) {
            throw EcsErrors.client(
                    "Container '%s': hostPort %d must be the containerPort %d: the process uses the host's network.",
                    container.name(), hostPort, containerPort);
        }
    }

    private static void check(String container, LogConfiguration log) {
        if (log.logDriver() != LogDriver.AWSLOGS) {
            throw EcsErrors.client(
                    "Container '%s': logDriver %s is not implemented by Groundplane; use awslogs.",
                    container, log.logDriverAsString());
        }
        for (String option : log.options().keySet()) {
            if (!LOG_OPTIONS.contains(option)) {
                throw EcsErrors.client(
                        "Container '%s': log option %s is not implemented by Groundplane; use %s.",
                        container, option, String.join(", ", new TreeSet<>(LOG_OPTIONS)));
            }
        }
        if (!log.options().containsKey("awslogs-group")) {
            throw EcsErrors.client("Container '%s': log driver awslogs requires option awslogs-group.", container);
        }
    }

    private static void checkDependencies(ContainerDefinition container, List<ContainerDefinition> containers) {
        for (ContainerDependency dependency : container.dependsOn()) {
            ContainerDefinition other = containers.stream()
                    .filter(c -> c.name().equals(dependency.containerName())
                            && !c.name().equals(container.name()))
                    .findFirst()
                    .orElseThrow(() -> EcsErrors.client(
                            "Container '%s' depends on '%s', which is not another container of the task definition.",
                            container.name(), dependency.containerName()));
            switch (dependency.condition()) {
                case START -> {}
                case COMPLETE, SUCCESS -> {
                    if (!Boolean.FALSE.equals(other.essential())) {
                        throw EcsErrors.client(
                                "Container '%s' cannot wait for the end (%s) of '%s', which is essential: its end stops the"
                                        + " task.",
                                container.name(), dependency.condition(), other.name());
                    }
                }
                case HEALTHY -> {
                    if (other.healthCheck() == null) {
                        throw EcsErrors.client(
                                "Container '%s' depends on '%s' being HEALTHY, which has no healthCheck.",
                                container.name(), other.name());
                    }
                }
                case UNKNOWN_TO_SDK_VERSION ->
                    throw EcsErrors.client(
                            "Container '%s': dependsOn condition '%s' must be START, COMPLETE, SUCCESS or HEALTHY.",
                            container.name(), dependency.conditionAsString());
                case null -> throw EcsErrors.client("Container '%s': a dependsOn has no condition.", container.name());
            }
        }
    }

    private static void checkNoCycle(List<ContainerDefinition> containers) {
        Map<String, Set<String>> waiting = new HashMap<>();
        for (ContainerDefinition container : containers) {
            waiting.put(
                    container.name(),
                    container.dependsOn().stream()
                            .map(ContainerDependency::containerName)
                            .collect(Collectors.toCollection(HashSet::new)));
        }
        while (!waiting.isEmpty()) {
            Set<String> free = waiting.entrySet().stream()
                    .filter(e -> e.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            if (free.isEmpty()) {
                throw EcsErrors.client("Containers %s depend on each other in a circle.", waiting.keySet());
            }
            waiting.keySet().removeAll(free);
            waiting.values().forEach(d -> d.removeAll(free));
        }
    }
}

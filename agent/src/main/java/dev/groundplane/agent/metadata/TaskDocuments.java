package dev.groundplane.agent.metadata;

import dev.groundplane.agent.metadata.Documents.ContainerDocument;
import dev.groundplane.agent.metadata.Documents.Health;
import dev.groundplane.agent.metadata.Documents.Limits;
import dev.groundplane.agent.metadata.Documents.Network;
import dev.groundplane.agent.metadata.Documents.Port;
import dev.groundplane.agent.metadata.Documents.TaskDocument;
import dev.groundplane.agent.model.DockerSettings;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.task.TaskView;
import dev.groundplane.agent.task.TaskView.ContainerView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts tasks and containers into the form of the metadata endpoint. */
final class TaskDocuments {
    private static final String LABEL = "com.amazonaws.ecs.";
    /** Docker takes no fewer; the ECS agent reports as much. */
    private static final int LEAST_CPU_UNITS = 2;

    private TaskDocuments() {}

    static TaskDocument task(TaskView task) {
        var spec = task.spec();
        return new TaskDocument(
                cluster(spec),
                spec.arn(),
                spec.family(),
                spec.version(),
                task.desired().name(),
                task.known().name(),
                limits(spec),
                text(task.executionStoppedAt()),
                "EXTERNAL",
                spec.groundplane() == null ? null : spec.groundplane().service(),
                task.containers().stream()
                        .filter(container -> container.handle() != null)
                        .map(container -> container(task, container))
                        .toList());
    }

    private static @Nullable Limits limits(TaskSpec spec) {
        if (spec.cpu() == 0 && spec.memory() == 0) {
            return null;
        }
        return new Limits(spec.cpu() == 0 ? null : spec.cpu(), spec.memory() == 0 ? null : spec.memory());
    }

    static ContainerDocument container(TaskView task, ContainerView container) {
        var spec = container.spec();
        var settings = DockerSettings.of(spec);
        return new ContainerDocument(
                dockerId(container),
                spec.name(),
                spec.image(),
                container.imageDigest(),
                labels(task.spec(), spec.name()),
                task.desired().name(),
                container.known().name(),
                container.exitCode(),
                new Limits((double) Math.max(LEAST_CPU_UNITS, spec.cpu()), spec.memory()),
                text(container.startedAt()),
                "NORMAL",
                settings.logDriver(),
                settings.logOptions(),
                spec.containerArn(),
                container.health() == null ? null : new Health(container.health()),
                container.bindings().stream()
                        .map(port -> new Port(port.containerPort(), port.protocol(), port.hostPort(), port.bindIp()))
                        .toList(),
                List.of(new Network(NetworkModes.of(task.spec(), spec))),
                spec.restartPolicy() == null ? null : container.restartCount());
    }

    /** What the driver knows a container by; empty before it was prepared. */
    static String dockerId(ContainerView container) {
        return container.handle() == null ? "" : container.handle().data();
    }

    private static Map<String, String> labels(TaskSpec task, String container) {
        var labels = new LinkedHashMap<String, String>();
        labels.put(LABEL + "cluster", cluster(task));
        labels.put(LABEL + "container-name", container);
        labels.put(LABEL + "task-arn", task.arn());
        labels.put(LABEL + "task-definition-family", Objects.requireNonNullElse(task.family(), ""));
        labels.put(LABEL + "task-definition-version", Objects.requireNonNullElse(task.version(), ""));
        return labels;
    }

    /** The cluster's name, the middle of a task's ARN. */
    private static String cluster(TaskSpec task) {
        var parts = task.arn().split("/", -1);
        return parts.length > 2 ? parts[1] : "default";
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}

package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.Task;

/** Whose log a stream is. Thread-safe. */
public final class TaskLogs {
    private final EcsStore store;

    TaskLogs(EcsStore store) {
        this.store = store;
    }

    /**
     * Whether a stream is the log of a container whose task was placed on a host.
     *
     * @param scope where the host is registered
     * @param hostId the managed-instance id, {@code mi-...}
     */
    public boolean areOf(Scope scope, String hostId, String group, String stream) {
        String taskId = stream.substring(stream.lastIndexOf('/') + 1);
        return clusters(scope, hostId)
                .flatMap(cluster -> store.tasks().find(scope, EcsNames.inCluster(cluster, taskId)).stream())
                .anyMatch(task -> isOn(hostId, task) && logsTo(task, group, stream));
    }

    /** The host's own cluster, and then all: it may have been deregistered from one where its tasks run on. */
    private Stream<String> clusters(Scope scope, String hostId) {
        Stream<String> own = store.instances().namesByIndex(scope, EcsStore.BY_HOST, hostId).stream()
                .map(name -> name.substring(0, name.lastIndexOf('/')));
        return Stream.concat(
                own,
                Stream.of(scope)
                        .flatMap(s -> store.clusters().list(s, "", "", Resources.ALL).items().stream())
                        .map(Stored::name));
    }

    private boolean isOn(String hostId, Stored<Task> task) {
        Optional<Stored<ContainerInstance>> instance =
                store.instances().find(task.scope(), EcsNames.name(task.value().containerInstanceArn()));
        return instance.isPresent() && hostId.equals(instance.get().value().ec2InstanceId());
    }

    private boolean logsTo(Stored<Task> task, String group, String stream) {
        String taskId = EcsNames.taskId(task.value().taskArn());
        return store.definition(task).containerDefinitions().stream().anyMatch(container -> {
            LogConfiguration log = container.logConfiguration();
            if (log == null) {
                return false;
            }
            Map<String, String> options = DockerForm.logOptions(log, container.name(), taskId);
            return group.equals(options.get("awslogs-group")) && stream.equals(options.get(DockerForm.LOG_STREAM));
        });
    }
}

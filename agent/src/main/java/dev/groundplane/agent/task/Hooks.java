package dev.groundplane.agent.task;

import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.secrets.Retrieval;
import dev.groundplane.agent.secrets.SecretStores;
import java.util.List;

/** The hooks of containers, in their order. */
public final class Hooks {
    private Hooks() {}

    /** All hooks: what an agent with a control plane runs containers with. */
    public static ContainerHook.Factory all(TaskJournal journal, LogDelivery logs, SecretStores secrets) {
        return (task, container) -> List.of(
                new VolumesHook(task, container),
                new EnvironmentFilesHook(container, new Retrieval(secrets, task, container)),
                new SecretsHook(container, new Retrieval(secrets, task, container)),
                new RegistryHook(container, new Retrieval(secrets, task, container)),
                new LogsHook(
                        logs,
                        container,
                        journal.directory(task.taskId())
                                .container(container.name())
                                .log()));
    }

    /** No hooks that need a control plane: for stopping tasks without one. Logs are delivered at the next run. */
    public static ContainerHook.Factory offline() {
        return (task, container) -> List.of();
    }
}

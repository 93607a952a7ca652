package dev.groundplane.services.ecs;

import dev.groundplane.services.ecs.TaskPayload.RegistryAuthentication;
import dev.groundplane.services.ecs.TaskPayload.RegistryAuthentication.AsmAuthData;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Task;

/** Where a container's agent finds its secrets, in the form of the agent's protocol. Values are never sent. */
final class ContainerSecrets {
    private static final String SECRETS_MANAGER = ":secretsmanager:";

    private ContainerSecrets() {}

    static List<TaskPayload.Secret> of(Task task, ContainerDefinition container) {
        return container.secrets().stream()
                .map(secret -> new TaskPayload.Secret(
                        secret.name(),
                        secret.valueFrom(),
                        region(secret.valueFrom(), task),
                        secret.valueFrom().contains(SECRETS_MANAGER) ? "asm" : "ssm",
                        "ENVIRONMENT_VARIABLE",
                        "CONTAINER"))
                .toList();
    }

    static @Nullable RegistryAuthentication registryAuthentication(Task task, ContainerDefinition container) {
        if (container.repositoryCredentials() == null) {
            return null;
        }
        String secret = container.repositoryCredentials().credentialsParameter();
        return new RegistryAuthentication("asm", new AsmAuthData(secret, region(secret, task)));
    }

    /** An ARN's region; a plain name is in the task's own. */
    private static String region(String nameOrArn, Task task) {
        String arn = nameOrArn.startsWith("arn:") ? nameOrArn : task.taskArn();
        return arn.split(":")[3];
    }
}

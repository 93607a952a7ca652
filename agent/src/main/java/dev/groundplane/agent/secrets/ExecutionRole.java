package dev.groundplane.agent.secrets;

import dev.groundplane.agent.model.TaskSpec;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Knows the newest credentials of tasks' execution roles. Thread safe. */
@FunctionalInterface
public interface ExecutionRole {
    /** A task's; empty while there are none. */
    Optional<AwsSessionCredentials> of(TaskSpec task);

    /** Those that the payload brought; there are none in a task that a former agent process accepted. */
    static Optional<AwsSessionCredentials> fromPayload(TaskSpec task) {
        return Optional.ofNullable(task.executionRoleCredentials())
                .map(role -> AwsSessionCredentials.create(
                        role.accessKeyId(), role.secretAccessKey(), role.sessionToken()));
    }
}

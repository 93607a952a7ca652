package dev.groundplane.agent.secrets;

import dev.groundplane.agent.model.TaskSpec;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Knows the newest credentials of tasks' execution roles. Thread safe. */
@FunctionalInterface
public interface ExecutionRole {
    /** A task's; empty while there are none. */
    Optional<AwsSessionCredentials> of(TaskSpec task);
}

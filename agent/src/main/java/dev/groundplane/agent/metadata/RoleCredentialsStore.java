package dev.groundplane.agent.metadata;

import dev.groundplane.agent.model.RoleCredentials;
import dev.groundplane.agent.model.TaskSpec;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * The newest credentials of the roles of this agent's tasks, in memory only: the control plane sends them with every
 * connection and renews them before they end. Thread safe.
 */
public final class RoleCredentialsStore {

    /** What a role is for. */
    public enum Use {
        /** A task role: the task's own programs call AWS APIs with it. */
        TASK,
        /** An execution role: the agent fetches what the task needs with it. */
        EXECUTION;

        /** What the protocol's {@code roleType} means; empty when it is no type of role. */
        public static Optional<Use> ofRoleType(String roleType) {
            return switch (roleType) {
                case "TaskApplication" -> Optional.of(TASK);
                case "TaskExecution" -> Optional.of(EXECUTION);
                default -> Optional.empty();
            };
        }
    }

    private record Key(String taskArn, Use use) {}

    private final Map<Key, RoleCredentials> credentials = new ConcurrentHashMap<>();

    /** A store without credentials. */
    public RoleCredentialsStore() {}

    /** Keeps what a payload's task brings; what it does not bring stays as it is. */
    public void accept(TaskSpec task) {
        put(task.arn(), Use.TASK, task.roleCredentials());
        put(task.arn(), Use.EXECUTION, task.executionRoleCredentials());
    }

    /** Replaces the credentials of a task's role. */
    public void put(String taskArn, Use use, @Nullable RoleCredentials fresh) {
        if (fresh != null) {
            credentials.put(new Key(taskArn, use), fresh);
        }
    }

    /** What a task's programs may call AWS APIs with; empty when it has no role or they have not come yet. */
    Optional<RoleCredentials> taskRole(String taskArn) {
        return Optional.ofNullable(credentials.get(new Key(taskArn, Use.TASK)));
    }

    /**
     * What the agent may fetch a task's secrets and images with; empty when the task has no execution role, or, after a
     * restart of the agent, until the control plane has sent them again ({@link TaskSpec#executionRoleArn} tells which).
     */
    public Optional<AwsSessionCredentials> executionRole(TaskSpec task) {
        return Optional.ofNullable(credentials.get(new Key(task.arn(), Use.EXECUTION)))
                .map(role ->
                        AwsSessionCredentials.create(role.accessKeyId(), role.secretAccessKey(), role.sessionToken()));
    }

    /** Forgets the credentials of all tasks but these. */
    public void retain(Collection<String> taskArns) {
        var kept = Set.copyOf(taskArns);
        credentials.keySet().removeIf(key -> !kept.contains(key.taskArn()));
    }
}

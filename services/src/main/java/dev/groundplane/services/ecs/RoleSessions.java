package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.ecs.TaskPayload.RoleCredentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Gets the credentials of tasks' roles: one session per task and role, named after the task, as in ECS. They go to the task's
 * agent; nothing of them is stored or logged. Thread-safe.
 */
final class RoleSessions {
    private static final Logger LOG = LoggerFactory.getLogger(RoleSessions.class);
    /** Every role allows it. */
    private static final Duration LIFE = Duration.ofHours(1);
    /** A role that cannot be assumed now may be put right. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final TaskRoles roles;
    private final InstantSource clock;

    RoleSessions(TaskRoles roles, InstantSource clock) {
        this.roles = roles;
        this.clock = clock;
    }

    /**
     * A task's credentials.
     *
     * @param task null when the task has no task role, or it cannot be assumed
     * @param execution likewise
     * @param renewAt when to get new ones; null when the task has no roles
     * @param refused the role that cannot be assumed; null when there is none
     */
    record Credentials(
            @Nullable RoleCredentials task,
            @Nullable RoleCredentials execution,
            @Nullable Instant renewAt,
            @Nullable String refused) {
        private static final Credentials NONE = new Credentials(null, null, null, null);
    }

    private record Session(
            @Nullable RoleCredentials credentials,
            Instant renewAt,
            @Nullable String refused) {}

    /** New credentials for a task. Blocks; costs nothing when the task has no roles. */
    Credentials of(Stored<Task> stored, TaskDefinition definition) {
        Task task = stored.value();
        RoleArns arns = RoleArns.of(task, definition);
        if (arns.none()) {
            return Credentials.NONE;
        }
        Session application = session(stored.scope(), task, "TaskApplication", arns.task());
        Session execution = session(stored.scope(), task, "TaskExecution", arns.execution());
        return new Credentials(
                application == null ? null : application.credentials(),
                execution == null ? null : execution.credentials(),
                Stream.of(application, execution)
                        .filter(Objects::nonNull)
                        .map(Session::renewAt)
                        .min(Instant::compareTo)
                        .orElseThrow(),
                Stream.of(application, execution)
                        .filter(Objects::nonNull)
                        .map(Session::refused)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
    }

    private @Nullable Session session(Scope scope, Task task, String roleType, @Nullable String role) {
        if (role == null) {
            return null;
        }
        String arn = Objects.requireNonNull(RoleArns.full(scope.account(), role));
        Instant now = clock.instant();
        try (StsClient sts = roles.sts().apply(scope)) {
            var keys = sts.assumeRole(r -> r.roleArn(arn)
                            .roleSessionName(EcsNames.taskId(task.taskArn()))
                            .durationSeconds((int) LIFE.toSeconds()))
                    .credentials();
            return new Session(
                    new RoleCredentials(
                            roles.ids().apply(roleType + " " + task.taskArn()),
                            arn,
                            keys.accessKeyId(),
                            keys.secretAccessKey(),
                            keys.sessionToken(),
                            keys.expiration().toString()),
                    // So that a control plane may be away for as long before the credentials end.
                    now.plus(Duration.between(now, keys.expiration()).dividedBy(2)),
                    null);
        } catch (StsException e) {
            LOG.warn("task {} cannot have role {}: {}", task.taskArn(), arn, e.getMessage());
            return new Session(null, now.plus(RETRY), arn);
        }
    }
}

package dev.groundplane.services.ecs;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Which roles a task has: its overrides' before its definition's; null means none. */
record RoleArns(@Nullable String task, @Nullable String execution) {
    static RoleArns of(Task task, TaskDefinition definition) {
        return of(
                Objects.requireNonNullElse(
                        task.overrides(), TaskOverride.builder().build()),
                definition);
    }

    static RoleArns of(TaskOverride overrides, TaskDefinition definition) {
        return new RoleArns(
                first(overrides.taskRoleArn(), definition.taskRoleArn()),
                first(overrides.executionRoleArn(), definition.executionRoleArn()));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return present(one) ? one : present(other) ? other : null;
    }

    /** Tools send an empty text where there is no role. */
    private static boolean present(@Nullable String role) {
        return role != null && !role.isEmpty();
    }

    /** The ARN of a role that may be given by name, with or without its path; null stays null. */
    static @Nullable String full(String account, @Nullable String role) {
        if (role == null || role.isEmpty() || role.startsWith("arn:")) {
            return role;
        }
        return "arn:aws:iam::" + account + ":role/" + role;
    }

    boolean none() {
        return task == null && execution == null;
    }
}

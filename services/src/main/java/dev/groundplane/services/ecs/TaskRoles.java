package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * What ECS needs to act with the roles of tasks.
 *
 * @param passing decides who may hand which role to tasks
 * @param sts STS as {@link #PRINCIPAL} calls it
 * @param ids turns a name into text that only this installation can compute, always the same
 */
public record TaskRoles(RolePassing passing, Function<Scope, StsClient> sts, UnaryOperator<String> ids) {
    /** The service that roles must trust for tasks to have them. */
    public static final String PRINCIPAL = "ecs-tasks.amazonaws.com";
}

package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.RolePassing.Verdict;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

/**
 * Who may give tasks which roles. As in ECS, a definition may name a role that does not trust tasks yet; they are not started
 * until it does.
 */
final class RoleRules {
    private final RolePassing passing;

    RoleRules(RolePassing passing) {
        this.passing = passing;
    }

    /** Checks the roles that a definition names. */
    void check(Call call, RegisterTaskDefinitionRequest request) {
        for (String role : new String[] {request.taskRoleArn(), request.executionRoleArn()}) {
            if (role != null && !role.isEmpty()) {
                Verdict verdict = pass(call.caller(), role);
                if (verdict == Verdict.NO_SUCH_ROLE) {
                    throw EcsErrors.client(
                            "Role is not valid: there is no role %s in account %s.",
                            role, call.scope().account());
                }
            }
        }
    }

    /** Checks the roles that tasks are about to be started with. */
    void check(Call call, RoleArns roles) {
        launch(call.caller(), roles.task());
        launch(call.caller(), roles.execution());
    }

    private void launch(Caller caller, @Nullable String role) {
        if (role != null && pass(caller, role) != Verdict.PASSED) {
            throw EcsErrors.client("%s", cannotAssume(role));
        }
    }

    private Verdict pass(Caller caller, String role) {
        Verdict verdict = passing.pass(caller, role, TaskRoles.PRINCIPAL);
        if (verdict == Verdict.NOT_ALLOWED) {
            throw AccessDeniedException.builder()
                    .message(("User: %s is not authorized to perform: iam:PassRole on resource: %s because no"
                                    + " identity-based policy allows the iam:PassRole action")
                            .formatted(caller.arn(), RoleArns.full(caller.account(), role)))
                    .build();
        }
        return verdict;
    }

    /** AWS's words for a role that tasks cannot have. */
    static String cannotAssume(String role) {
        return ("ECS was unable to assume the role '%s' that was provided for this task. Please verify that the role being"
                        + " passed has the proper trust relationship and permissions and that your IAM user has permissions"
                        + " to pass this role.")
                .formatted(role);
    }
}

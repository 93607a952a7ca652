package dev.groundplane.platform.identity;

/** Decides whether a caller may hand a role to a service that then acts as it: {@code iam:PassRole}. */
@FunctionalInterface
public interface RolePassing {
    /** What a service finds when a role is handed to it. */
    enum Verdict {
        /** The role is there, trusts the service, and the caller may pass it. */
        PASSED,
        /** The caller's policies do not allow {@code iam:PassRole}. */
        NOT_ALLOWED,
        /** There is no such role in the caller's account. */
        NO_SUCH_ROLE,
        /** The role does not trust the service. */
        NOT_TRUSTED
    }

    /**
     * Decides; changes nothing.
     *
     * @param caller who hands the role over
     * @param role the role's name, path and name ({@code service-role/Name}), or ARN
     * @param service the principal that is to assume it, for example {@code ecs-tasks.amazonaws.com}
     */
    Verdict pass(Caller caller, String role, String service);
}

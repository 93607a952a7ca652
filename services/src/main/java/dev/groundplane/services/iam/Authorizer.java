package dev.groundplane.services.iam;

/**
 * Decides whether a principal may do something: what is not allowed is denied. The account's root has {@code *}. Thread-safe.
 */
public final class Authorizer {
    /**
     * Whether {@code principal} may perform {@code action}.
     *
     * @param action service prefix and operation, for example {@code ecs:RunTask}
     */
    public boolean allows(Principal principal, String action) {
        return principal.allowedActions().stream().anyMatch(pattern -> matches(pattern, action));
    }

    private static boolean matches(String pattern, String action) {
        return pattern.endsWith("*")
                ? action.regionMatches(true, 0, pattern, 0, pattern.length() - 1)
                : pattern.equalsIgnoreCase(action);
    }
}

package dev.groundplane.platform.policy;

import dev.groundplane.platform.identity.Caller;

/**
 * Who asks, as policies see it.
 *
 * @param caller the caller
 * @param principalArn the value of {@code aws:PrincipalArn}: the ARN of the user, of the root, or of the role whose session
 *     it is, with its path
 */
public record Subject(Caller caller, String principalArn) {
    /** A caller that is no session of a role with a path. */
    public static Subject of(Caller caller) {
        return new Subject(
                caller,
                caller.roleName()
                        .map(role -> "arn:aws:iam::" + caller.account() + ":role/" + role)
                        .orElse(caller.arn()));
    }
}

package dev.groundplane.services.warehouse;

import dev.groundplane.platform.identity.Caller;

/** Which database users IAM's principals are. */
public final class DatabaseUserNames {
    private DatabaseUserNames() {}

    /** As Redshift names them: {@code IAM:} and a user's name, {@code IAMR:} and a role's. */
    public static String of(Caller caller) {
        return caller.roleName().map(role -> "IAMR:" + role).orElseGet(() -> "IAM:" + caller.userName());
    }
}

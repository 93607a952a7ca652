package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.identity.Caller;

/**
 * Whose a statement is.
 *
 * @param identity the user's, or the role's whichever of its sessions called
 * @param userId {@code aws:userid} of the caller, with the session's name
 */
record Owner(String identity, String userId) {
    static Owner of(Caller caller) {
        return new Owner(caller.roleId().orElse(caller.userId()), caller.userId());
    }
}

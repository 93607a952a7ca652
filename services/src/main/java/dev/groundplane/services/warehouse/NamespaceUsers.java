package dev.groundplane.services.warehouse;

import java.util.List;

/**
 * Who can log in to a namespace's databases, and groups and roles, with verifiers of passwords and never passwords.
 *
 * @param administrator the administrator's name
 * @param verifier of the administrator's password; empty for none
 * @param principals users, groups and roles
 * @param lastId no greater id was given to one of them
 */
public record NamespaceUsers(String administrator, String verifier, List<Principal> principals, int lastId) {
    public NamespaceUsers {
        principals = List.copyOf(principals);
    }

    /**
     * One of them.
     *
     * @param kind {@code user}, {@code group} or {@code role}
     * @param value a JSON object with {@code id} and {@code name}
     * @param verifier of a user's password; empty for none
     */
    public record Principal(String kind, String value, String verifier) {}
}

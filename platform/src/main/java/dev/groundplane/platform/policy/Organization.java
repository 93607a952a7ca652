package dev.groundplane.platform.policy;

import java.util.List;
import java.util.Optional;

/** Where accounts stand in an organization. Thread-safe. */
@FunctionalInterface
public interface Organization {
    /**
     * An account's place.
     *
     * @param organizationId {@code o-...}
     * @param path the value of {@code aws:PrincipalOrgPaths}: {@code o-.../r-.../ou-.../}
     * @param controls the texts of the service control policies at each level from the root to the account; every level
     *     must allow. Empty for the management account, which they do not bind, and while the type is not enabled
     */
    record Place(String organizationId, String path, List<List<String>> controls) {}

    /** The place of an account; empty when it is in no organization. */
    Optional<Place> of(String account);
}

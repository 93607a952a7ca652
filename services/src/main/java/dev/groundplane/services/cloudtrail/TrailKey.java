package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.identity.Scope;

/**
 * Identifies a trail.
 *
 * @param scope its account and home region
 * @param name its name
 */
record TrailKey(Scope scope, String name) {
    static TrailKey of(TrailState trail) {
        return new TrailKey(trail.scope(), trail.name());
    }
}

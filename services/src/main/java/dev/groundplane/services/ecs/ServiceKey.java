package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;

/**
 * A service.
 *
 * @param scope account and region
 * @param name {@code cluster/name}
 */
record ServiceKey(Scope scope, String name) {
    String cluster() {
        return name.substring(0, name.indexOf('/'));
    }
}

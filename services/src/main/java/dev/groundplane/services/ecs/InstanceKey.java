package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;

/**
 * A container instance.
 *
 * @param scope account and region
 * @param name {@code cluster/id}
 */
record InstanceKey(Scope scope, String name) {
    /** The instance that a change is about. */
    static InstanceKey of(ResourceChange change) {
        return new InstanceKey(change.scope(), change.name());
    }
}

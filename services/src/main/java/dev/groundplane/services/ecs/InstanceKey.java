package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;

/**
 * A container instance.
 *
 * @param scope account and region
 * @param name {@code cluster/id}
 */
record InstanceKey(Scope scope, String name) {}

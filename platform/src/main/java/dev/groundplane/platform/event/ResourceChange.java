package dev.groundplane.platform.event;

import dev.groundplane.platform.identity.Scope;

/**
 * Says that a resource was written or removed; what it is now must be read.
 *
 * @param type the resource type's name
 * @param scope account and region
 * @param name the resource's name
 */
public record ResourceChange(String type, Scope scope, String name) {}

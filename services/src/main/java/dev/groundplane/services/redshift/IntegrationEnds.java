package dev.groundplane.services.redshift;

import dev.groundplane.platform.identity.Scope;

/** What integrations may have as their sources and targets. Thread-safe. */
public interface IntegrationEnds {
    /** Whether an account has a bucket of that name in the scope's region. */
    boolean isBucket(Scope scope, String name);

    /** Whether there is a warehouse's namespace of an ARN. */
    boolean isNamespace(String arn);
}

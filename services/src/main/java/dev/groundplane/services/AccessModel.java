package dev.groundplane.services;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/**
 * What a service's operations ask to do, in the terms of policies: AWS's actions, resources and condition keys. Source: AWS
 * Service Authorization Reference. Thread-safe.
 */
@FunctionalInterface
public interface AccessModel {
    /**
     * What a call needs to be allowed, all of it. May read the store, to find a resource's policy or tags; changes nothing.
     *
     * @param scope the account and region that are called
     * @param operation the operation's name, for example {@code RunTask}
     * @param request the SDK's request object; not yet validated by the service
     */
    List<AccessRequest> asked(Scope scope, String operation, SdkPojo request);

    /** The same for a caller whom some operations mean when they name nobody. */
    default List<AccessRequest> asked(Caller caller, Scope scope, String operation, SdkPojo request) {
        return asked(scope, operation, request);
    }

    /** A service whose actions are its operations' names, on every resource. */
    static AccessModel onEverything(String actionPrefix) {
        return (scope, operation, request) -> List.of(AccessRequest.onEverything(actionPrefix + ":" + operation));
    }
}

package dev.groundplane.platform.policy;

import dev.groundplane.platform.identity.Caller;

/** Decides whether a caller may do something, by all policies that apply at this moment. Thread-safe. */
@FunctionalInterface
public interface AccessDecisions {
    /** Decides; changes nothing. */
    Decision decide(Caller caller, AccessRequest request);
}

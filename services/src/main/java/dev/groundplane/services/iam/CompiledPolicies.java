package dev.groundplane.services.iam;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Policies by their text, compiled once: what a text says never changes, so nothing needs to be forgotten when policies
 * change. Thread-safe.
 */
final class CompiledPolicies {
    private static final int MAX_KNOWN = 10_000;

    @FunctionalInterface
    private interface Compiler {
        Policy compile(String document) throws MalformedPolicyException;
    }

    private final Map<String, Policy> identity = new ConcurrentHashMap<>();
    private final Map<String, Policy> resource = new ConcurrentHashMap<>();
    private final Map<String, Policy> trust = new ConcurrentHashMap<>();

    /** A policy without principals. */
    Policy identity(String document) {
        return get(identity, document, Policy::parse);
    }

    Policy resource(String document) {
        return get(resource, document, Policy::parseResourcePolicy);
    }

    Policy trust(String document) {
        return get(trust, document, Policy::parseTrustPolicy);
    }

    private static Policy get(Map<String, Policy> known, String document, Compiler compiler) {
        Policy found = known.get(document);
        if (found != null) {
            return found;
        }
        try {
            Policy policy = compiler.compile(document);
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.put(document, policy);
            return policy;
        } catch (MalformedPolicyException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored policy is damaged: " + document, e);
        }
    }
}

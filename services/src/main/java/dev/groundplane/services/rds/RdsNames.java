package dev.groundplane.services.rds;

import dev.groundplane.platform.identity.Scope;
import java.security.SecureRandom;

/** ARNs and ids, as AWS forms them. */
final class RdsNames {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LENGTH = 26;

    private RdsNames() {}

    static String cluster(Scope scope, String identifier) {
        return scope.arn("rds", "cluster:" + identifier);
    }

    static String instance(Scope scope, String identifier) {
        return scope.arn("rds", "db:" + identifier);
    }

    static String snapshot(Scope scope, String identifier) {
        return scope.arn("rds", "cluster-snapshot:" + identifier);
    }

    static String parameterGroup(Scope scope, String name) {
        return scope.arn("rds", "cluster-pg:" + name);
    }

    /**
     * An id that is never used again.
     *
     * @param kind for example {@code cluster}
     */
    static String resourceId(String kind) {
        StringBuilder id = new StringBuilder(kind).append('-');
        RANDOM.ints(LENGTH, 0, LETTERS.length()).forEach(at -> id.append(LETTERS.charAt(at)));
        return id.toString();
    }
}

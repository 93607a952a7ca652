package dev.groundplane.services.rds;

import dev.groundplane.pgwire.ScramVerifier;
import java.security.SecureRandom;

/** What is kept of passwords. */
final class Passwords {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT = 16;
    /** As PostgreSQL's. */
    private static final int ITERATIONS = 4096;

    private Passwords() {}

    /** A password's verifier, as PostgreSQL takes it for a password. */
    static String verifier(String password) {
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        return ScramVerifier.of(password, salt, ITERATIONS).toString();
    }
}

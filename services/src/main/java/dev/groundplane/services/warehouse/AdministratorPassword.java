package dev.groundplane.services.warehouse;

import dev.groundplane.pgwire.ScramVerifier;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Passwords of administrators. Source: Redshift API reference, {@code CreateCluster} and {@code CreateNamespace}. */
public final class AdministratorPassword {
    /** What one must be, to go on after the name of a member. */
    public static final String RULE =
            "must have 8 to 64 printable characters other than / @ \" ' \\ and space, among them a"
                    + " capital letter, a small letter and a digit.";

    private static final Pattern PASSWORD = Pattern.compile("[\\x21-\\x7E&&[^/@\"'\\\\]]{8,64}");
    /** As PostgreSQL's. */
    private static final int ITERATIONS = 4096;

    private static final SecureRandom RANDOM = new SecureRandom();

    private AdministratorPassword() {}

    /** Whether a text follows {@link #RULE}. */
    public static boolean isValid(String password) {
        return PASSWORD.matcher(password).matches()
                && password.chars().anyMatch(c -> c >= 'A' && c <= 'Z')
                && password.chars().anyMatch(c -> c >= 'a' && c <= 'z')
                && password.chars().anyMatch(c -> c >= '0' && c <= '9');
    }

    /** What is kept of one. */
    public static ScramVerifier verifier(String password) {
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        return ScramVerifier.of(password, salt, ITERATIONS);
    }
}

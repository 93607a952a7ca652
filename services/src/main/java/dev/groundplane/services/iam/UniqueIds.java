package dev.groundplane.services.iam;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids and secrets in the form that IAM gives them. Thread-safe. */
final class UniqueIds {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LENGTH = 17;
    private static final int SECRET_BYTES = 30;
    private static final SecureRandom RANDOM = new SecureRandom();

    private UniqueIds() {}

    /** @param prefix four letters that tell the kind, for example {@code AROA} */
    static String next(String prefix) {
        return next(prefix, LENGTH);
    }

    static String next(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** The secret of an access key. */
    static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}

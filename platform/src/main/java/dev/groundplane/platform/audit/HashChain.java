package dev.groundplane.platform.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Each record's hash covers its body and the hash before it: SHA-256(previous || body). */
final class HashChain {
    private static final int LENGTH = 32;

    private HashChain() {}

    static byte[] start() {
        return new byte[LENGTH];
    }

    static byte[] next(byte[] previous, String body) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(previous);
            return sha.digest(body.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

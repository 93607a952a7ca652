package dev.groundplane.services.s3.external;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A number for what is listed: objects in any order, each by its key, ETag and size. Sums of such numbers are listings'. */
final class Fingerprint {
    private Fingerprint() {}

    /** @param etag without quotes */
    static long of(String key, String etag, long size) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((key + "\0" + etag + "\0" + size).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}

package dev.groundplane.services.cloudtrail;

import org.jspecify.annotations.Nullable;

/**
 * Where the chain of a trail's digests in one region stands.
 *
 * @param region of the events
 * @param start when the next digest begins, ISO 8601 with whole seconds: where the last one ended
 * @param previous the last digest; null at the start of the chain
 * @param pendingEnd when the digest ends that is being delivered. It is stored before the object is written, with {@code
 *     pendingUpTo}, so that a repetition after a crash writes the same content
 * @param pendingUpTo the last log file's name in the store that this digest lists; empty for none
 */
record DigestChain(
        String region,
        String start,
        @Nullable Link previous,
        @Nullable String pendingEnd,
        @Nullable String pendingUpTo) {
    /**
     * A digest that was delivered.
     *
     * @param bucket where
     * @param key where in it
     * @param hash SHA-256 of its uncompressed content, hexadecimal
     * @param signature hexadecimal
     */
    record Link(String bucket, String key, String hash, String signature) {}

    static DigestChain from(String region, String start) {
        return new DigestChain(region, start, null, null, null);
    }

    DigestChain pending(String end, String upTo) {
        return new DigestChain(region, start, previous, end, upTo);
    }

    DigestChain then(String end, Link delivered) {
        return new DigestChain(region, end, delivered, null, null);
    }
}

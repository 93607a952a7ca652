package dev.groundplane.services.s3.external;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** A number for what is listed: objects in any order, each by its key, ETag and size. Sums of such numbers are listings'. */
final class Fingerprint {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Fingerprint() {}

    /** @param etag without quotes */
    static long of(String key, String etag, long size) {
        return mixed(mixed(hash(key) + GOLDEN) ^ mixed(hash(etag) + 2 * GOLDEN) ^ mixed(size + 3 * GOLDEN));
    }

    /** 64 bits of a text: a cyclic redundancy check, and a polynomial of its characters. */
    private static long hash(String text) {
        CRC32C sum = new CRC32C();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sum.update(bytes, 0, bytes.length);
        return (sum.getValue() << 32) ^ (text.hashCode() & 0xFFFF_FFFFL);
    }

    /** Every bit has a say in every other, so that sums of similar keys differ (the finalizer of SplitMix64). */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}

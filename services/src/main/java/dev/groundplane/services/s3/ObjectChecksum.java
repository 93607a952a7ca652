package dev.groundplane.services.s3;

import java.util.Map;

/**
 * An object's checksum besides its ETag.
 *
 * @param composite whether it is of the parts' checksums and not of the content
 * @param value base64; of parts, with {@code -} and their number
 */
record ObjectChecksum(ChecksumKind kind, boolean composite, String value) {
    /** As members of response bodies have it: its name and value. */
    Map<String, String> member() {
        return Map.of("Checksum" + kind.name(), value);
    }

    String type() {
        return composite ? "COMPOSITE" : "FULL_OBJECT";
    }
}

package dev.groundplane.services.s3;

/**
 * An object's checksum besides its ETag.
 *
 * @param composite whether it is of the parts' checksums and not of the content
 * @param value base64; of parts, with {@code -} and their number
 */
record ObjectChecksum(ChecksumKind kind, boolean composite, String value) {
    String type() {
        return composite ? "COMPOSITE" : "FULL_OBJECT";
    }
}

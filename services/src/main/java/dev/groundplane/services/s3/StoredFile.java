package dev.groundplane.services.s3;

import java.time.Instant;

/**
 * A content as a row names it: all of an object, or one part.
 *
 * @param part 1, 2, 3...; in an upload the caller's part number
 * @param name in {@link ContentFiles} or, of a small one, in {@link SmallTable}
 * @param size of the content, in bytes
 * @param etag MD5 in hexadecimal
 * @param checksum base64, of the kind that the version or upload has
 * @param modified when it was stored
 */
record StoredFile(int part, String name, long size, String etag, String checksum, Instant modified) {
    StoredFile as(int number) {
        return new StoredFile(number, name, size, etag, checksum, modified);
    }
}

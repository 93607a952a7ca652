package dev.groundplane.services.s3;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What an object's key may be. Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
final class ObjectKey {
    private static final int MAX_BYTES = 1024;

    private ObjectKey() {}

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code KeyTooLongError}, {@code InvalidArgument} */
    static String valid(@Nullable String key) {
        if (key == null || key.isEmpty()) {
            throw S3Errors.invalidArgument("An object's key must have at least one character.");
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw S3Errors.of("KeyTooLongError", 400, "Your key is too long: it may have %d bytes.", MAX_BYTES);
        }
        if (key.indexOf('\0') >= 0) {
            throw S3Errors.invalidArgument(
                    "An object's key must not have the character U+0000: %s", key.replace('\0', '?'));
        }
        return key;
    }
}

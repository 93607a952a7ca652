package dev.groundplane.services.s3;

import java.io.IOException;

/** A content file that is not what was written. */
final class DamagedContentException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedContentException(String message) {
        super(message);
    }
}

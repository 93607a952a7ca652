package dev.groundplane.platform;

import org.jspecify.annotations.Nullable;

/** The one exception for failures inside Groundplane. Its message names what was wrong and what would be right. */
public final class GroundplaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    /** An error with its cause; {@code cause} may be null. */
    public GroundplaneException(ErrorKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** An error that has no cause but itself. */
    public GroundplaneException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    /** Whose turn it is. */
    public ErrorKind kind() {
        return kind;
    }
}

package dev.groundplane.platform.secret;

/** A sealed value that this key cannot open: made with another key, for another resource, or changed since. */
public final class SealedException extends Exception {
    private static final long serialVersionUID = 1L;

    SealedException(String message) {
        super(message);
    }
}

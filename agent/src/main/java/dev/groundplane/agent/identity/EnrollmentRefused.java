package dev.groundplane.agent.identity;

/** This host cannot be registered as things are, and trying again will not help; the message says what would. */
public final class EnrollmentRefused extends Exception {
    private static final long serialVersionUID = 1L;

    EnrollmentRefused(String message) {
        super(message);
    }
}

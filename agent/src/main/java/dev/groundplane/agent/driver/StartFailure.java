package dev.groundplane.agent.driver;

/** A container cannot be started. The message is for the user: it names the value and what would be right. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** A failure whose message is for the user. */
    public StartFailure(String message) {
        super(message);
    }

    /** A failure whose message is for the user, with what lay behind it. */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

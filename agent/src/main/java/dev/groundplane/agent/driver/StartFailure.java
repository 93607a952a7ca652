package dev.groundplane.agent.driver;

import java.util.regex.Pattern;

/** A container cannot be started. The message is for the user: it names the value and what would be right. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final Pattern NAMED = Pattern.compile("[A-Z][A-Za-z]*Error: ");

    /** A failure whose message is for the user. */
    public StartFailure(String message) {
        super(message);
    }

    /** A failure whose message is for the user, with what lay behind it. */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The message as a container's reason: with ECS's name of the error before it, unless it begins with one. */
    public String reason() {
        var message = String.valueOf(getMessage());
        return NAMED.matcher(message).lookingAt() ? message : "CannotStartContainerError: " + message;
    }
}

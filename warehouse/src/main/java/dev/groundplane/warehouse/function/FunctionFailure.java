package dev.groundplane.warehouse.function;

import org.jspecify.annotations.Nullable;

/**
 * An argument that a function cannot take. The engine passes on nothing of it but its text, so the SQLSTATE stands there.
 */
public final class FunctionFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String MARK = FunctionFailure.class.getName() + ": ";
    private static final int STATE_LENGTH = 5;

    private final String told;

    /**
     * @param sqlState of five characters
     * @param message for the client
     */
    public FunctionFailure(String sqlState, String message) {
        super(sqlState + " " + message);
        this.told = message;
    }

    /** What the client is told, where the engine has no part in it. */
    public String told() {
        return told;
    }

    /** The SQLSTATE in the engine's text of a failure; null when that is another failure. */
    public static @Nullable String sqlState(String text) {
        return text.startsWith(MARK) ? text.substring(MARK.length(), MARK.length() + STATE_LENGTH) : null;
    }

    /** What the client is told, from the first line of such a text. */
    public static String message(String text) {
        return text.substring(MARK.length() + STATE_LENGTH + 1);
    }
}

package dev.groundplane.services.logs;

/**
 * A message as the store keeps it. Programs log whatever bytes they like, U+0000 among them, which PostgreSQL's text cannot
 * hold: it is kept as U+001A and a zero, and U+001A, which is as rare, as two of itself.
 */
final class StoredMessage {
    private static final char NUL = '\0';
    private static final char SUBSTITUTE = '\u001a';
    private static final char FOR_NUL = '0';

    private StoredMessage() {}

    static String of(String message) {
        if (message.indexOf(NUL) < 0 && message.indexOf(SUBSTITUTE) < 0) {
            return message;
        }
        return message.replace("" + SUBSTITUTE, "" + SUBSTITUTE + SUBSTITUTE)
                .replace("" + NUL, "" + SUBSTITUTE + FOR_NUL);
    }

    /** The inverse. A U+001A that stands alone was stored before it meant anything, and is itself. */
    static String read(String stored) {
        if (stored.indexOf(SUBSTITUTE) < 0) {
            return stored;
        }
        StringBuilder message = new StringBuilder(stored.length());
        for (int i = 0; i < stored.length(); i++) {
            char next = stored.charAt(i);
            char after = next == SUBSTITUTE && i + 1 < stored.length() ? stored.charAt(i + 1) : NUL;
            if (after == FOR_NUL || after == SUBSTITUTE) {
                message.append(after == FOR_NUL ? NUL : SUBSTITUTE);
                i++;
            } else {
                message.append(next);
            }
        }
        return message.toString();
    }
}

package dev.groundplane.wire;

/** The start of a value that a caller sent, short enough for an error message. */
final class Excerpt {
    private static final int LIMIT = 100;

    private Excerpt() {}

    static String of(String text) {
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "...";
    }
}

package dev.groundplane.services.logs;

/**
 * A text in double quotation marks inside a filter pattern; a backslash takes the next character as it is.
 *
 * @param text what stands between the marks
 * @param end the place behind the closing mark
 */
record QuotedText(String text, int end) {
    /** Reads from the opening mark on. */
    static QuotedText read(String pattern, int start) {
        StringBuilder text = new StringBuilder();
        for (int at = start + 1; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c == '"') {
                return new QuotedText(text.toString(), at + 1);
            }
            if (c == '\\' && at + 1 < pattern.length()) {
                at++;
                c = pattern.charAt(at);
            }
            text.append(c);
        }
        throw FilterPattern.malformed("Unterminated quotation in '%s'".formatted(pattern));
    }
}

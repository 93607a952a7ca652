package dev.groundplane.services.logs;

import java.util.ArrayList;
import java.util.List;

/**
 * Terms to look for anywhere in a message, case-sensitive: {@code ERROR "exact phrase" -excluded}, or {@code ?one
 * ?another}. As AWS has it, optional terms count only when there are no others.
 */
record TermPattern(List<String> required, List<String> excluded, List<String> optional) implements FilterPattern {
    static FilterPattern parse(String pattern) {
        TermPattern terms = new TermPattern(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            List<String> kind = c == '-' ? terms.excluded : c == '?' ? terms.optional : terms.required;
            at = term(pattern, c == '-' || c == '?' ? at + 1 : at, kind);
        }
        return terms;
    }

    /** Reads one term; returns the place behind it. */
    private static int term(String pattern, int start, List<String> kind) {
        if (start < pattern.length() && pattern.charAt(start) == '"') {
            QuotedText quoted = QuotedText.read(pattern, start);
            if (!quoted.text().isBlank()) { // " " is AWS's way to write a pattern that matches everything
                kind.add(quoted.text());
            }
            return quoted.end();
        }
        int end = start;
        while (end < pattern.length() && !Character.isWhitespace(pattern.charAt(end))) {
            end++;
        }
        String term = pattern.substring(start, end);
        if (term.startsWith("%")) {
            throw FilterPattern.regularExpression();
        }
        if (term.isEmpty() || term.contains("\"")) {
            throw FilterPattern.malformed(
                    "Invalid character(s) in term '%s'".formatted(pattern.substring(Math.max(0, start - 1), end)));
        }
        kind.add(term);
        return end;
    }

    @Override
    public boolean matches(String message) {
        if (required.isEmpty() && excluded.isEmpty()) {
            return optional.isEmpty() || optional.stream().anyMatch(message::contains);
        }
        return required.stream().allMatch(message::contains)
                && excluded.stream().noneMatch(message::contains);
    }
}

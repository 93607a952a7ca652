package dev.groundplane.services.ecs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/** Reads a {@link ClusterQuery}'s text from left to right; white space between tokens means nothing. Not thread-safe. */
final class ClusterQueryScanner {
    /** A subject, a name of an operator, or a Boolean operator. */
    static final Pattern WORD = Pattern.compile("[A-Za-z0-9_:./\\\\-]++");

    /** A comparison operator, as a symbol or a name, or what stands in its place. */
    static final Pattern OPERATOR = Pattern.compile("[=!<>~]=|=~|!~|[<>]|!?[A-Za-z_]++");

    /** A value without quotes. */
    static final Pattern VALUE = Pattern.compile("[^\\s()\\[\\],'\"=<>!~&|]++");

    /** A regular expression without quotes. */
    static final Pattern REGEX = Pattern.compile("(?:(?!&&|\\|\\|)[^\\s()'\"])++");

    private static final Pattern SPACE = Pattern.compile("\\s*+");
    private static final int SHOWN = 20;

    private final String text;
    private int position;

    ClusterQueryScanner(String text) {
        this.text = text;
    }

    /** Where the next token begins. */
    int position() {
        next(SPACE);
        return position;
    }

    boolean atEnd() {
        return position() == text.length();
    }

    /** Whether the next token is this sign, and then takes it. */
    boolean accept(String sign) {
        if (!text.startsWith(sign, position())) {
            return false;
        }
        position += sign.length();
        return true;
    }

    /** Whether the next token is this word, and then takes it. */
    boolean acceptWord(String word) {
        int start = position();
        if (next(WORD).equals(word)) {
            return true;
        }
        position = start;
        return false;
    }

    /** Takes the next token of a form; empty, and nothing taken, when there is none. */
    String take(Pattern form) {
        position();
        return next(form);
    }

    /** Takes the next argument: of a form, or anything in single or double quotes, in which nothing is an escape. */
    String argument(Pattern form, String expected) {
        int start = position();
        char first = start < text.length() ? text.charAt(start) : ' ';
        if (first == '\'' || first == '"') {
            int end = text.indexOf(first, start + 1);
            if (end < 0) {
                throw expected(text.length(), "the closing quote of position " + (start + 1));
            }
            position = end + 1;
            return text.substring(start + 1, end);
        }
        String argument = next(form);
        if (argument.isEmpty()) {
            throw expected(start, expected);
        }
        return argument;
    }

    /** @param at where it is, counted from 0 */
    InvalidParameterException expected(int at, String what) {
        String rest = text.substring(at).strip();
        String shown = rest.length() > SHOWN ? rest.substring(0, SHOWN) + "..." : rest;
        return EcsErrors.invalidParameter(
                "Invalid expression '%s': expected %s at position %d, found %s.",
                text, what, at + 1, shown.isEmpty() ? "the end" : "'" + shown + "'");
    }

    private String next(Pattern form) {
        Matcher matcher = form.matcher(text).region(position, text.length());
        if (!matcher.lookingAt()) {
            return "";
        }
        position = matcher.end();
        return matcher.group();
    }
}

package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A pattern of the functions {@code REGEXP_…}, POSIX's or, where a parameter says so, Perl's. */
final class RegularExpression {
    /** Patterns are constants mostly, and compiling one costs more than matching it. */
    private static final Map<String, RegularExpression> CACHE = new ConcurrentHashMap<>();

    private static final int CACHE_SIZE = 1000;

    private final Pattern pattern;
    private final boolean extractsGroup;

    private RegularExpression(Pattern pattern, boolean extractsGroup) {
        this.pattern = pattern;
        this.extractsGroup = extractsGroup;
    }

    /** @param parameters {@code c}ase sensitive, {@code i}nsensitive, {@code e}xtract a group, {@code p}erl's syntax */
    static RegularExpression of(String pattern, String parameters) {
        if (CACHE.size() > CACHE_SIZE) {
            CACHE.clear();
        }
        return CACHE.computeIfAbsent(parameters + "/" + pattern, key -> compile(pattern, parameters));
    }

    private static RegularExpression compile(String pattern, String parameters) {
        var flags = 0;
        for (var i = 0; i < parameters.length(); i++) {
            var c = parameters.charAt(i);
            switch (c) {
                case 'i' -> flags |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                case 'c', 'e', 'p' -> {}
                default ->
                    throw new FunctionFailure(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "parameter \"%s\" of a regular expression is none of c, i, e, p".formatted(c));
            }
        }
        try {
            return new RegularExpression(Pattern.compile(posixClasses(pattern), flags), parameters.indexOf('e') >= 0);
        } catch (PatternSyntaxException e) {
            throw new FunctionFailure(
                    SqlState.INVALID_REGULAR_EXPRESSION,
                    "invalid regular expression \"%s\": %s".formatted(pattern, e.getDescription()));
        }
    }

    /** {@code [[:alpha:]]} as Java writes it. */
    private static String posixClasses(String pattern) {
        return pattern.indexOf("[:") < 0
                ? pattern
                : pattern.replace("[:alpha:]", "\\p{Alpha}")
                        .replace("[:digit:]", "\\p{Digit}")
                        .replace("[:alnum:]", "\\p{Alnum}")
                        .replace("[:upper:]", "\\p{Upper}")
                        .replace("[:lower:]", "\\p{Lower}")
                        .replace("[:punct:]", "\\p{Punct}")
                        .replace("[:space:]", "\\s")
                        .replace("[:blank:]", "\\p{Blank}")
                        .replace("[:cntrl:]", "\\p{Cntrl}")
                        .replace("[:graph:]", "\\p{Graph}")
                        .replace("[:print:]", "\\p{Print}")
                        .replace("[:xdigit:]", "\\p{XDigit}")
                        .replace("[:word:]", "\\w");
    }

    String count(String text, String position) {
        var matcher = matcher(text, position);
        var count = 0;
        while (matcher.find()) {
            count++;
        }
        return Integer.toString(count);
    }

    /** Where a match begins, or ends when the option is 1, from 1; 0 for none. */
    String position(String text, String position, String occurrence, String option) {
        var matcher = matcher(text, position);
        if (!find(matcher, occurrence)) {
            return "0";
        }
        var group = extractsGroup && matcher.groupCount() > 0 ? 1 : 0;
        var at = number(option) == 0 ? matcher.start(group) : matcher.end(group);
        return Integer.toString(text.codePointCount(0, at) + 1);
    }

    /** The text of a match; empty for none. */
    String part(String text, String position, String occurrence) {
        var matcher = matcher(text, position);
        if (!find(matcher, occurrence)) {
            return "";
        }
        var part = matcher.group(extractsGroup && matcher.groupCount() > 0 ? 1 : 0);
        return part == null ? "" : part;
    }

    /** With all matches from a position on replaced. */
    String replace(String text, String replacement, String position) {
        var from = offset(text, position);
        return text.substring(0, from) + pattern.matcher(text.substring(from)).replaceAll(javaReplacement(replacement));
    }

    /** References to groups are {@code $1} and {@code \1}; a dollar sign before anything else is one. */
    private String javaReplacement(String replacement) {
        var groups = pattern.matcher("").groupCount();
        var java = new StringBuilder();
        for (var i = 0; i < replacement.length(); i++) {
            var c = replacement.charAt(i);
            var next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : ' ';
            if ((c == '$' || c == '\\') && next >= '1' && next <= '9' && next - '0' <= groups) {
                java.append('$').append(next);
                i++;
            } else {
                java.append(Matcher.quoteReplacement(String.valueOf(c)));
            }
        }
        return java.toString();
    }

    private static boolean find(Matcher matcher, String occurrence) {
        for (var left = number(occurrence); left > 0; left--) {
            if (!matcher.find()) {
                return false;
            }
        }
        return true;
    }

    private Matcher matcher(String text, String position) {
        return pattern.matcher(text)
                .region(offset(text, position), text.length())
                .useAnchoringBounds(false);
    }

    private static int offset(String text, String position) {
        var characters = number(position) - 1;
        return characters >= text.codePointCount(0, text.length())
                ? text.length()
                : text.offsetByCodePoints(0, characters);
    }

    private static int number(String text) {
        var number = Integer.parseInt(text);
        if (number < 0) {
            throw new FunctionFailure(
                    SqlState.INVALID_PARAMETER_VALUE, "%d is no position in a text".formatted(number));
        }
        return number;
    }
}

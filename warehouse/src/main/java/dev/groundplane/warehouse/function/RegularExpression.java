package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A pattern of the functions {@code REGEXP_…}, in POSIX's syntax or, where a parameter says so, in Perl's. */
final class RegularExpression {
    /** Patterns are constants mostly, and compiling one costs more than matching it. */
    private static final Map<String, RegularExpression> CACHE = new ConcurrentHashMap<>();

    private static final int CACHE_SIZE = 1000;

    private final RegularSyntax syntax;
    private final boolean extractsGroup;

    private RegularExpression(RegularSyntax syntax, boolean extractsGroup) {
        this.syntax = syntax;
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
        for (var i = 0; i < parameters.length(); i++) {
            if ("ciep".indexOf(parameters.charAt(i)) < 0) {
                throw new FunctionFailure(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "parameter \"%s\" of a regular expression is none of c, i, e, p"
                                .formatted(parameters.charAt(i)));
            }
        }
        var ignoresCase = parameters.indexOf('i') >= 0;
        var syntax = parameters.indexOf('p') >= 0
                ? new PerlSyntax(pattern, ignoresCase)
                : new PosixSyntax(pattern, ignoresCase);
        return new RegularExpression(syntax, parameters.indexOf('e') >= 0 && syntax.groups() > 0);
    }

    String count(String text, String position) {
        var search = search(text, position);
        var count = 0;
        while (search.next()) {
            count++;
        }
        return Integer.toString(count);
    }

    /** Where a match begins, or ends unless the option is 0, from 1; 0 for none. */
    String position(String text, String position, String occurrence, String option) {
        var search = search(text, position);
        if (!find(search, text, occurrence)) {
            return "0";
        }
        var at = option.equals("0") ? search.start(group()) : search.end(group());
        return Integer.toString(at < 0 ? 0 : text.codePointCount(0, at) + 1);
    }

    private int group() {
        return extractsGroup ? 1 : 0;
    }

    /** The text of a match; empty for none, null for an occurrence that no text of this length can have. */
    @Nullable
    String part(String text, String position, String occurrence) {
        if (!isPossible(text, occurrence)) {
            return null;
        }
        var search = search(text, position);
        if (!find(search, text, occurrence)) {
            return "";
        }
        return part(text, search, group());
    }

    /** What a group has of a match; empty where it has no part in it. */
    private static String part(String text, RegularSyntax.Search search, int group) {
        return search.start(group) < 0 ? "" : text.substring(search.start(group), search.end(group));
    }

    /** With all matches from a position on replaced. */
    String replace(String text, String replacement, String position) {
        var search = search(text, position);
        var result = new StringBuilder();
        var copied = 0;
        while (search.next()) {
            result.append(text, copied, search.start(0));
            append(result, text, search, replacement);
            copied = search.end(0);
        }
        return result.append(text, copied, text.length()).toString();
    }

    /** References to groups are {@code $1} and {@code \1}; a dollar sign before anything else is one. */
    private void append(StringBuilder result, String text, RegularSyntax.Search search, String replacement) {
        for (var i = 0; i < replacement.length(); i++) {
            var c = replacement.charAt(i);
            var next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : ' ';
            if ((c == '$' || c == '\\') && next >= '1' && next <= '9' && next - '0' <= syntax.groups()) {
                result.append(part(text, search, next - '0'));
                i++;
            } else {
                result.append(c);
            }
        }
    }

    private static boolean find(RegularSyntax.Search search, String text, String occurrence) {
        if (!isPossible(text, occurrence)) {
            return false;
        }
        for (var left = number(occurrence); left > 0; left--) {
            if (!search.next()) {
                return false;
            }
        }
        return true;
    }

    /** As "Redshift Database Developer Guide, REGEXP_INSTR" has it; an empty text has one occurrence. */
    private static boolean isPossible(String text, String occurrence) {
        var number = number(occurrence);
        return number >= 1 && number <= Math.max(1, text.codePointCount(0, text.length()));
    }

    private RegularSyntax.Search search(String text, String position) {
        var characters = Math.max(1, number(position)) - 1;
        var length = text.codePointCount(0, text.length());
        return characters >= Math.max(1, length)
                ? RegularSyntax.Search.NONE
                : syntax.search(text, text.offsetByCodePoints(0, characters));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new FunctionFailure(SqlState.INVALID_PARAMETER_VALUE, "%s is no position in a text".formatted(text));
        }
    }
}

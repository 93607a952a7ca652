package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Perl's operators, which look ahead and refer to groups. Finding a match may take time without end: then it is given up, as PCRE
 * does at its match limit.
 */
final class PerlSyntax implements RegularSyntax {
    /** Characters looked at for one text; PCRE's own limit is of the same size. */
    private static final int LIMIT = 10_000_000;

    private final Pattern pattern;

    PerlSyntax(String pattern, boolean ignoresCase) {
        try {
            this.pattern = Pattern.compile(
                    posixClasses(pattern), ignoresCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        } catch (PatternSyntaxException e) {
            throw new FunctionFailure(
                    SqlState.INVALID_REGULAR_EXPRESSION,
                    "invalid regular expression \"%s\": %s".formatted(pattern, e.getDescription()));
        } catch (StackOverflowError e) {
            throw tooComplex();
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

    private static FunctionFailure tooComplex() {
        return new FunctionFailure(
                SqlState.STATEMENT_TOO_COMPLEX, "a regular expression takes too long for a text: match limit reached");
    }

    @Override
    public int groups() {
        return pattern.matcher("").groupCount();
    }

    @Override
    public Search search(String text, int from) {
        var matcher = pattern.matcher(new Watched(text, new int[] {LIMIT}))
                .region(from, text.length())
                .useAnchoringBounds(false)
                .useTransparentBounds(true);
        return new Found(matcher);
    }

    private record Found(Matcher matcher) implements Search {
        @Override
        public boolean next() {
            try {
                return matcher.find();
            } catch (StackOverflowError e) {
                throw tooComplex();
            }
        }

        @Override
        public int start(int group) {
            return matcher.start(group);
        }

        @Override
        public int end(int group) {
            return matcher.end(group);
        }
    }

    /**
     * A text that is looked at so often at most.
     *
     * @param left how often, in its first element
     */
    private record Watched(String text, int[] left) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (left[0]-- == 0) {
                throw tooComplex();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

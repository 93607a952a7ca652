package dev.groundplane.warehouse.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.groundplane.pgwire.SqlState;

/** POSIX's operators. The time for a text grows with its length and the pattern's, never more: nothing is tried twice. */
final class PosixSyntax implements RegularSyntax {
    private final Pattern pattern;

    PosixSyntax(String pattern, boolean ignoresCase) {
        try {
            this.pattern = Pattern.compile(pattern, ignoresCase ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            throw new FunctionFailure(
                    SqlState.INVALID_REGULAR_EXPRESSION,
                    "invalid regular expression \"%s\": %s".formatted(pattern, e.getDescription()));
        }
    }

    @Override
    public int groups() {
        return pattern.groupCount();
    }

    @Override
    public Search search(String text, int from) {
        return new Found(pattern.matcher(text), from);
    }

    private static final class Found implements Search {
        private final Matcher matcher;
        private final int from;
        private boolean begun;

        Found(Matcher matcher, int from) {
            this.matcher = matcher;
            this.from = from;
        }

        @Override
        public boolean next() {
            var found = begun ? matcher.find() : matcher.find(from);
            begun = true;
            return found;
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
}

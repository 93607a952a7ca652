package dev.groundplane.services.ecs;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression from a caller, which may be built to run forever: a match may look at only so many characters.
 *
 * @param pattern must match the whole value
 */
record ClusterQueryPattern(Pattern pattern) implements Predicate<String> {
    /** In characters. */
    static final int MAX_LENGTH = 256;

    /** In characters; bounds how deep the matcher recurses. */
    private static final int MAX_VALUE_LENGTH = 1024;

    private static final int MAX_STEPS = 100_000;

    /** @throws PatternSyntaxException when it is malformed or too long */
    static ClusterQueryPattern of(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new PatternSyntaxException(
                    "at most %d characters are allowed".formatted(MAX_LENGTH), regex, MAX_LENGTH);
        }
        return new ClusterQueryPattern(Pattern.compile(regex));
    }

    /** @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException when it takes too many steps */
    @Override
    public boolean test(String value) {
        if (value.length() > MAX_VALUE_LENGTH) {
            throw tooLong();
        }
        return pattern.matcher(new Countdown(value)).matches();
    }

    private RuntimeException tooLong() {
        return EcsErrors.invalidParameter(
                "The regular expression '%s' takes too many steps; use a simpler one.", pattern.pattern());
    }

    /** Text that can be looked at only so often. */
    private final class Countdown implements CharSequence {
        private final String text;
        private int left = MAX_STEPS;

        Countdown(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (left-- == 0) {
                throw tooLong();
            }
            return text.charAt(index);
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

package dev.groundplane.platform.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy with wildcards and policy variables, compiled. What a variable stands for is compared literally: a
 * {@code *} in a tag's value is no wildcard. A pattern whose variable has no value matches nothing. Immutable. Source: IAM
 * User Guide, "IAM policy elements: Variables and tags".
 */
final class TextPattern {
    /** Noncharacters of Unicode stand for wildcards in compiled text, so that literal ones can be told from them. */
    private static final char ANY_TEXT = '\uFFFE';

    private static final char ANY_CHARACTER = '\uFFFF';

    private record Variable(String key, @Nullable String otherwise) {}

    /** Texts and {@link Variable}s in turn; a single text when there are no variables. */
    private final List<Object> parts;

    private final @Nullable String constant;
    /** For constants: how many characters before the only wildcard, a {@code *} at the end; -1 when they are others. */
    private final int prefix;

    private final boolean exact;
    /** What every match begins with: tells most texts apart before variables are looked up. */
    private final String head;

    private TextPattern(List<Object> parts) {
        this.parts = List.copyOf(parts);
        constant = parts.isEmpty() ? "" : parts.size() == 1 && parts.getFirst() instanceof String text ? text : null;
        int wildcard = constant == null ? -1 : firstWildcard(constant);
        exact = constant != null && wildcard < 0;
        head = parts.isEmpty() || !(parts.getFirst() instanceof String first) ? "" : head(first);
        prefix = constant != null
                        && wildcard == constant.length() - 1
                        && wildcard >= 0
                        && constant.charAt(wildcard) == ANY_TEXT
                ? wildcard
                : -1;
    }

    private static String head(String text) {
        int wildcard = firstWildcard(text);
        return wildcard < 0 ? text : text.substring(0, wildcard);
    }

    /**
     * Compiles a text.
     *
     * @param wildcards whether {@code *} and {@code ?} are wildcards
     * @param variables whether <code>${...}</code> is a variable: not in policies of version 2008-10-17
     */
    static TextPattern of(String text, boolean wildcards, boolean variables) throws MalformedPolicyException {
        List<Object> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (variables && text.startsWith("${", i)) {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new MalformedPolicyException("The policy variable in '%s' is not closed.".formatted(text));
                }
                String name = text.substring(i + 2, end);
                if (name.length() == 1 && "*?$".contains(name)) {
                    literal.append(name);
                } else {
                    if (!literal.isEmpty()) {
                        parts.add(literal.toString());
                        literal.setLength(0);
                    }
                    parts.add(variable(name, text));
                }
                i = end;
            } else if (c == ANY_TEXT || c == ANY_CHARACTER) {
                throw new MalformedPolicyException("A policy cannot have the noncharacters U+FFFE and U+FFFF.");
            } else {
                literal.append(wildcards && c == '*' ? ANY_TEXT : wildcards && c == '?' ? ANY_CHARACTER : c);
            }
        }
        if (!literal.isEmpty()) {
            parts.add(literal.toString());
        }
        return new TextPattern(parts);
    }

    /** {@code key} or {@code key, 'default'}. */
    private static Variable variable(String name, String text) throws MalformedPolicyException {
        int comma = name.indexOf(',');
        String key = (comma < 0 ? name : name.substring(0, comma)).strip().toLowerCase(Locale.ROOT);
        if (key.isEmpty()) {
            throw new MalformedPolicyException("The policy variable in '%s' has no name.".formatted(text));
        }
        if (comma < 0) {
            return new Variable(key, null);
        }
        String otherwise = name.substring(comma + 1).strip();
        if (otherwise.length() < 2 || !otherwise.startsWith("'") || !otherwise.endsWith("'")) {
            throw new MalformedPolicyException(
                    "The default of the policy variable in '%s' must stand in single quotes.".formatted(text));
        }
        return new Variable(key, otherwise.substring(1, otherwise.length() - 1));
    }

    /** Whether it matches every text. */
    boolean matchesAll() {
        return prefix == 0;
    }

    /** Whether every variable in it has a value. */
    boolean resolvable(ConditionValues values) {
        return constant != null || resolved(values) != null;
    }

    boolean matches(String text, ConditionValues values) {
        if (exact) {
            return text.equals(constant);
        }
        if (prefix >= 0 && constant != null) {
            return text.regionMatches(0, constant, 0, prefix);
        }
        if (!text.startsWith(head)) {
            return false;
        }
        String pattern = constant != null ? constant : resolved(values);
        return pattern != null && glob(pattern, text);
    }

    boolean matchesIgnoringCase(String text, ConditionValues values) {
        String pattern = constant != null ? constant : resolved(values);
        return pattern != null && pattern.equalsIgnoreCase(text);
    }

    private @Nullable String resolved(ConditionValues values) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Variable variable) {
                List<String> found = values.of(variable.key());
                String value = found != null && found.size() == 1 ? found.getFirst() : variable.otherwise();
                if (value == null || firstWildcard(value) >= 0) {
                    return null;
                }
                text.append(value);
            } else {
                text.append(part);
            }
        }
        return text.toString();
    }

    private static int firstWildcard(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= ANY_TEXT) {
                return i;
            }
        }
        return -1;
    }

    /** Takes at most the product of both lengths in steps, whatever the pattern. */
    private static boolean glob(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == ANY_TEXT) {
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == ANY_CHARACTER || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == ANY_TEXT) {
            p++;
        }
        return p == pattern.length();
    }
}

package dev.groundplane.platform.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for ARNs, compared segment by segment: a wildcard stays within its segment, but the last of six may have colons.
 * What an incomplete ARN leaves out may be anything, as IAM completes it. Immutable. Source: IAM User Guide, "IAM JSON
 * policy elements: Resource".
 */
final class ArnPattern {
    static final int SEGMENTS = 6;

    private final TextPattern whole;
    private final List<TextPattern> segments;

    private ArnPattern(TextPattern whole, List<TextPattern> segments) {
        this.whole = whole;
        this.segments = List.copyOf(segments);
    }

    /** @throws MalformedPolicyException when {@code text} is neither {@code *} nor begins as an ARN does */
    static ArnPattern of(String text, boolean variables) throws MalformedPolicyException {
        if (!text.equals("*") && !text.startsWith("arn:") && !(variables && text.startsWith("${"))) {
            throw new MalformedPolicyException("Resource %s must be in ARN format or \"*\".".formatted(text));
        }
        List<TextPattern> segments = new ArrayList<>();
        if (!text.equals("*")) {
            for (String segment : split(text, variables)) {
                segments.add(TextPattern.of(segment, true, variables));
            }
        }
        return new ArnPattern(TextPattern.of(text, true, variables), segments);
    }

    /** Colons of variables, as in <code>${aws:username}</code>, separate nothing. */
    private static List<String> split(String text, boolean variables) {
        List<String> segments = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < text.length() && segments.size() < SEGMENTS - 1; i++) {
            if (variables && text.startsWith("${", i)) {
                int end = text.indexOf('}', i);
                i = end < 0 ? i : end;
            } else if (text.charAt(i) == ':') {
                segments.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        segments.add(text.substring(begin));
        return segments;
    }

    boolean resolvable(ConditionValues values) {
        return whole.resolvable(values);
    }

    /**
     * @param arn the whole ARN
     * @param parts its segments; fewer than six when it is none
     */
    boolean matches(String arn, String[] parts, ConditionValues values) {
        if (segments.isEmpty()) {
            return true;
        }
        if (parts.length < SEGMENTS || segments.size() == 1) {
            return whole.matches(arn, values);
        }
        // The resource tells most ARNs apart, so it is compared first.
        for (int i = segments.size() - 1; i >= 0; i--) {
            if (!segments.get(i).matches(parts[i], values)) {
                return false;
            }
        }
        return true;
    }
}

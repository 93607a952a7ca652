package dev.groundplane.services.logs;

import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;

/**
 * What a search keeps: <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html">AWS's filter patterns</a>,
 * except for space-delimited ones and regular expressions.
 */
@FunctionalInterface
interface FilterPattern {
    int MAX_LENGTH = 1024;

    /** Whether an event with this message is kept. */
    boolean matches(String message);

    /** @throws InvalidParameterException when the pattern is malformed or of a kind that is not supported */
    static FilterPattern parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw Parameters.violation(
                    text, "filterPattern", "Member must have length less than or equal to " + MAX_LENGTH);
        }
        String pattern = text.strip();
        if (pattern.startsWith("[")) {
            throw Parameters.invalid("Space-delimited patterns ([...]) in filterPattern are not supported.");
        }
        return pattern.startsWith("{") ? new JsonPatternParser(pattern).parse() : TermPattern.parse(pattern);
    }

    static InvalidParameterException regularExpression() {
        return Parameters.invalid("Regular expressions (%...%) in filterPattern are not supported.");
    }

    static InvalidParameterException malformed(String reason) {
        return Parameters.invalid("Invalid filter pattern: " + reason);
    }
}

package dev.groundplane.services.ssm;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.InvalidAllowedPatternException;
import software.amazon.awssdk.services.ssm.model.ParameterPatternMismatchException;
import software.amazon.awssdk.services.ssm.model.ParameterTier;

/** What values a parameter may have. No message holds one. */
final class ParameterValue {
    static final int STANDARD_CHARACTERS = 4096;
    private static final int ADVANCED_CHARACTERS = 8192;
    private static final int MAX_PATTERN = 1024;
    private static final Set<String> TIERS = Set.of("Standard", "Advanced", "Intelligent-Tiering");

    private ParameterValue() {}

    /**
     * The tier that a value is kept in.
     *
     * @param asked the request's tier; null keeps the one before
     * @param before null for a new parameter
     */
    static ParameterTier tier(@Nullable String asked, @Nullable ParameterTier before, String value) {
        if (asked != null && !TIERS.contains(asked)) {
            throw ParameterErrors.invalid(
                    "1 validation error detected: Value '%s' at 'tier' failed to satisfy constraint: Member must satisfy"
                            + " enum value set: [Standard, Advanced, Intelligent-Tiering]",
                    asked);
        }
        boolean wasAdvanced = before == ParameterTier.ADVANCED;
        if (wasAdvanced && "Standard".equals(asked)) {
            throw ParameterErrors.invalid(
                    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from"
                            + " the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the"
                            + " advanced parameter and recreate it as a standard parameter.");
        }
        boolean grows = "Intelligent-Tiering".equals(asked) && value.length() > STANDARD_CHARACTERS;
        boolean advanced = wasAdvanced || grows || "Advanced".equals(asked);
        checkSize(value, advanced);
        return advanced ? ParameterTier.ADVANCED : ParameterTier.STANDARD;
    }

    private static void checkSize(String value, boolean advanced) {
        if (!advanced && value.length() > STANDARD_CHARACTERS) {
            throw ParameterErrors.invalid(
                    "Standard tier parameters support a maximum parameter value of %d characters. To create a larger"
                            + " parameter value, upgrade the parameter to use the advanced-parameter tier. For more"
                            + " information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
                            + "parameter-store-advanced-parameters.html",
                    STANDARD_CHARACTERS);
        }
        if (value.length() > ADVANCED_CHARACTERS) {
            throw ParameterErrors.invalid(
                    "Advanced tier parameters support a maximum parameter value of %d characters.",
                    ADVANCED_CHARACTERS);
        }
    }

    /**
     * Checks a value against a user's regular expression.
     *
     * @throws InvalidAllowedPatternException when it is none, or takes too many steps
     * @throws ParameterPatternMismatchException when the value does not match
     */
    static void matches(@Nullable String allowedPattern, String value) {
        if (allowedPattern == null || allowedPattern.isEmpty()) {
            return;
        }
        try {
            if (allowedPattern.length() <= MAX_PATTERN
                    && Pattern.compile(allowedPattern)
                            .matcher(new BoundedText(value))
                            .find()) {
                return;
            }
        } catch (PatternSyntaxException | BoundedText.TooManySteps | StackOverflowError e) {
            throw InvalidAllowedPatternException.builder()
                    .message("The request does not meet the regular expression requirement: " + allowedPattern)
                    .build();
        }
        throw ParameterPatternMismatchException.builder()
                .message("Parameter value, cannot be validated against allowedPattern: " + allowedPattern)
                .build();
    }
}

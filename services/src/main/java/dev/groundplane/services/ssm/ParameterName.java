package dev.groundplane.services.ssm;

import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.HierarchyLevelLimitExceededException;

/** How parameters may be named, and how a caller names one: with or without ARN and selector. */
final class ParameterName {
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_.\\-/]+");
    private static final int MAX_LEVELS = 15;
    private static final int MAX_LENGTH = 1011;

    static final String REQUIREMENTS =
            "The parameter doesn't meet the parameter name requirements. The parameter name must"
                    + " begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must"
                    + " use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special"
                    + " characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\"."
                    + " Valid example: /get/parameters2-/by1./path0_.";

    private ParameterName() {}

    /**
     * What a caller asks for.
     *
     * @param name the parameter's name
     * @param selector a version number or label; null for the newest version
     */
    record Selection(String name, @Nullable String selector) {}

    /** A name for a new parameter. */
    static String checked(@Nullable String name) {
        if (name == null || name.isEmpty() || name.length() > MAX_LENGTH) {
            throw ParameterErrors.invalid("Parameter name must have between 1 and %d characters.", MAX_LENGTH);
        }
        String bare = name.startsWith("/") ? name.substring(1) : name;
        String lower = bare.toLowerCase(Locale.ROOT);
        if (lower.startsWith("aws") || lower.startsWith("ssm")) {
            throw ParameterErrors.invalid(
                    "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).");
        }
        if (!FORM.matcher(name).matches() || name.contains("//") || name.endsWith("/")) {
            throw ParameterErrors.invalid(
                    "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist"
                            + " of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters,"
                            + " numbers and the following 3 symbols .-_");
        }
        if (bare.contains("/") && !name.startsWith("/")) {
            throw ParameterErrors.invalid("Parameter name must be a fully qualified name.");
        }
        if (bare.chars().filter(c -> c == '/').count() >= MAX_LEVELS) {
            throw HierarchyLevelLimitExceededException.builder()
                    .message("A hierarchy can have a maximum of %d levels.".formatted(MAX_LEVELS))
                    .build();
        }
        return name;
    }

    /** The ARN of a parameter: a name without a slash at its start gets one. */
    static String arn(Scope scope, String name) {
        return scope.arn("ssm", "parameter" + (name.startsWith("/") ? name : "/" + name));
    }

    /** A name, or an ARN of this account and region, either with {@code :selector}. */
    static Selection selection(Scope scope, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw ParameterErrors.invalid("Parameter name must have between 1 and %d characters.", MAX_LENGTH);
        }
        String rest = text;
        if (Arns.isArn(text)) {
            String prefix = scope.arn("ssm", "parameter");
            if (!text.startsWith(prefix + "/")) {
                throw ParameterErrors.notFound(text);
            }
            rest = text.substring(prefix.length());
        }
        int colon = rest.indexOf(':');
        String name = colon < 0 ? rest : rest.substring(0, colon);
        // In an ARN the slash before a name of one part may be the ARN's own.
        boolean onePart = Arns.isArn(text) && name.indexOf('/', 1) < 0;
        return new Selection(onePart ? name.substring(1) : name, colon < 0 ? null : rest.substring(colon + 1));
    }

    /** A path to look below, without a slash at its end; empty for the root. */
    static String path(@Nullable String path) {
        if (path == null
                || !path.startsWith("/")
                || path.contains("//")
                || !FORM.matcher(path).matches()) {
            throw ParameterErrors.invalid("%s", REQUIREMENTS);
        }
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Whether a parameter lies below a path: one level, or any. */
    static boolean isBelow(String name, String path, boolean recursive) {
        String full = name.startsWith("/") ? name : "/" + name;
        return full.startsWith(path + "/") && (recursive || full.indexOf('/', path.length() + 1) < 0);
    }
}

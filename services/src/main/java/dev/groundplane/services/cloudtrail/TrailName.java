package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/**
 * How callers name a trail. Source: AWS CloudTrail API Reference, CreateTrail, and User Guide, "Naming requirements".
 *
 * @param scope where it is, when an ARN says so; else where the call is
 * @param name its name
 * @param byArn whether it was named by its ARN
 */
record TrailName(Scope scope, String name, boolean byArn) {
    private static final Pattern ARN =
            Pattern.compile("arn:aws:cloudtrail:([a-z0-9-]+):(\\d{12}):trail/([A-Za-z0-9._-]{3,128})");
    private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    /** @throws software.amazon.awssdk.services.cloudtrail.model.CloudTrailException when it is neither name nor ARN */
    static TrailName of(Scope scope, @Nullable String nameOrArn) {
        if (nameOrArn != null && Arns.isArn(nameOrArn)) {
            Matcher arn = ARN.matcher(nameOrArn);
            if (!arn.matches()) {
                throw TrailErrors.invalidArn(nameOrArn);
            }
            if (!arn.group(2).equals(scope.account())) {
                throw TrailErrors.notFound(nameOrArn, scope.account());
            }
            return new TrailName(new Scope(arn.group(2), arn.group(1)), arn.group(3), true);
        }
        return new TrailName(scope, valid(nameOrArn), false);
    }

    /** @throws software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException when it is no name */
    static String valid(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw TrailErrors.invalidName("Trail name cannot be blank!");
        }
        if (name.length() < 3) {
            throw TrailErrors.invalidName(
                    "Trail name too short. Minimum allowed length: 3 characters. Specified name length: %d characters.",
                    name.length());
        }
        if (name.length() > 128) {
            throw TrailErrors.invalidName(
                    "Trail name too long. Maximum allowed length: 128 characters. Specified name length: %d characters.",
                    name.length());
        }
        if (!name.matches("[A-Za-z0-9].*")) {
            throw TrailErrors.invalidName("Trail name must starts with a letter or number.");
        }
        if (!name.matches(".*[A-Za-z0-9]")) {
            throw TrailErrors.invalidName("Trail name must ends with a letter or number.");
        }
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw TrailErrors.invalidName("Trail name or ARN can only contain uppercase letters, lowercase letters,"
                    + " numbers, periods (.), hyphens (-), and underscores (_).");
        }
        if (name.matches(".*[._-]{2}.*") || ADDRESS.matcher(name).matches()) {
            throw TrailErrors.invalidName(
                    "Trail name '%s' must not have adjacent periods, hyphens or underscores, nor the form of an IP address.",
                    name);
        }
        return name;
    }

    static String arn(Scope scope, String name) {
        return scope.arn("cloudtrail", "trail/" + name);
    }

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw TrailErrors.notImplemented(path);
        });
    }
}

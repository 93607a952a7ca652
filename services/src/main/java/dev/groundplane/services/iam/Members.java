package dev.groundplane.services.iam;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** The constraints that AWS's model puts on members. */
final class Members {
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]+");
    private static final Pattern PATH = Pattern.compile("/|/[\\x21-\\x7E]{0,510}/");
    private static final int MAX_ITEMS = 1_000;
    private static final int DEFAULT_ITEMS = 100;

    private Members() {}

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw IamErrors.validation("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    static String roleName(@Nullable String name) {
        return name("roleName", name, 64);
    }

    static String userName(@Nullable String name) {
        return name("userName", name, 64);
    }

    static String groupName(@Nullable String name) {
        return name("groupName", name, 128);
    }

    /** The name of a user, group or role. */
    static String name(EntityKind kind, @Nullable String name) {
        return switch (kind) {
            case USER -> userName(name);
            case GROUP -> groupName(name);
            case ROLE -> roleName(name);
        };
    }

    static String instanceProfileName(@Nullable String name) {
        return name("instanceProfileName", name, 128);
    }

    static String arn(String member, @Nullable String arn) {
        String value = required(member, arn);
        if (value.length() < 20 || value.length() > 2_048) {
            throw failed(member, value, "Member must have length between 20 and 2048");
        }
        if (!value.startsWith("arn:")) {
            throw IamErrors.invalidInput("ARN %s is not valid.", value);
        }
        return value;
    }

    static String policyName(@Nullable String name) {
        return name("policyName", name, 128);
    }

    private static String name(String member, @Nullable String name, int longest) {
        String value = required(member, name);
        if (value.length() > longest) {
            throw failed(member, value, "Member must have length less than or equal to " + longest);
        }
        if (!NAME.matcher(value).matches()) {
            throw IamErrors.validation(
                    "The specified value for %s is invalid. It must contain only alphanumeric characters and/or the"
                            + " following: +=,.@_-",
                    member);
        }
        return value;
    }

    static String required(String member, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw failed(member, "", "Member must not be null or empty");
        }
        return value;
    }

    static String path(@Nullable String path) {
        String value = path == null ? "/" : path;
        if (!PATH.matcher(value).matches()) {
            throw IamErrors.validation(
                    "The specified value for path is invalid. It must begin and end with / and contain only"
                            + " alphanumeric characters and/or / characters; found '%s'",
                    value);
        }
        return value;
    }

    static int between(String member, @Nullable Integer value, int least, int most, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < least || value > most) {
            throw failed(member, value.toString(), "Member must have value between %d and %d".formatted(least, most));
        }
        return value;
    }

    static int maxItems(@Nullable Integer value) {
        return between("maxItems", value, 1, MAX_ITEMS, DEFAULT_ITEMS);
    }

    static String longest(String member, @Nullable String value, int most) {
        String text = value == null ? "" : value;
        if (text.length() > most) {
            throw failed(member, "...", "Member must have length less than or equal to " + most);
        }
        return text;
    }

    static RuntimeException failed(String member, String value, String constraint) {
        return IamErrors.validation(
                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
                value, member, constraint);
    }
}

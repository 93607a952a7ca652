package dev.groundplane.services.logs;

import dev.groundplane.wire.FieldPaths;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;

/** The constraints that AWS's model puts on members, refused in AWS's wording. */
final class Parameters {
    static final int MAX_TAGS = 50;

    private static final Pattern GROUP_NAME = Pattern.compile("[\\.\\-_/#A-Za-z0-9]+");
    private static final Pattern GROUP_NAME_PART = Pattern.compile("[\\.\\-_/#A-Za-z0-9]*");
    private static final Pattern STREAM_NAME = Pattern.compile("[^:*]*");
    private static final Pattern IDENTIFIER = Pattern.compile("[\\w#+=/:,.@-]*");
    private static final Pattern TAG_KEY = Pattern.compile("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$");
    private static final Pattern TAG_VALUE = Pattern.compile("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$");
    private static final Set<Integer> RETENTIONS = Set.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    private Parameters() {}

    static InvalidParameterException invalid(String message) {
        return InvalidParameterException.builder().message(message).build();
    }

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw invalid("The parameter " + path + " is not supported.");
        });
    }

    /** Refuses a member that is set to something else than its only supported value. */
    static void only(String member, @Nullable Object value, Object supported) {
        if (value != null && !value.equals(supported)) {
            throw invalid("The value '%s' of the parameter %s is not supported; only '%s' is."
                    .formatted(value, member, supported));
        }
    }

    static String groupName(@Nullable String name) {
        return text("logGroupName", name, 1, 512, GROUP_NAME);
    }

    static String groupNamePrefix(String prefix) {
        return text("logGroupNamePrefix", prefix, 1, 512, GROUP_NAME);
    }

    static String groupNamePattern(String pattern) {
        return text("logGroupNamePattern", pattern, 0, 512, GROUP_NAME_PART);
    }

    static String groupIdentifier(@Nullable String identifier) {
        return text("logGroupIdentifier", identifier, 1, 2048, IDENTIFIER);
    }

    static String streamName(@Nullable String name) {
        return text("logStreamName", name, 1, 512, STREAM_NAME);
    }

    static String streamNamePrefix(String prefix) {
        return text("logStreamNamePrefix", prefix, 1, 512, STREAM_NAME);
    }

    static void streamNames(List<String> names) {
        if (names.size() > 100) {
            throw violation(names, "logStreamNames", "Member must have length less than or equal to 100");
        }
        names.forEach(Parameters::streamName);
    }

    /** The value, or the largest allowed when there is none, which is AWS's default everywhere. */
    static int limit(@Nullable Integer limit, int max) {
        if (limit == null) {
            return max;
        }
        if (limit < 1) {
            throw violation(limit, "limit", "Member must have value greater than or equal to 1");
        }
        if (limit > max) {
            throw violation(limit, "limit", "Member must have value less than or equal to " + max);
        }
        return limit;
    }

    static void timestamp(String member, @Nullable Long time) {
        if (time == null) {
            throw missing(member);
        }
        if (time < 0) {
            throw violation(time, member, "Member must have value greater than or equal to 0");
        }
    }

    /** A time that may be missing, in milliseconds. */
    static long optionalTime(String member, @Nullable Long time, long otherwise) {
        if (time == null) {
            return otherwise;
        }
        timestamp(member, time);
        return Math.min(time, EventPosition.MAX_TIMESTAMP);
    }

    static int retention(@Nullable Integer days) {
        if (days == null) {
            throw missing("retentionInDays");
        }
        if (!RETENTIONS.contains(days)) {
            String allowed =
                    RETENTIONS.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
            throw violation(days, "retentionInDays", "Member must satisfy enum value set: " + allowed);
        }
        return days;
    }

    static void tags(Map<String, String> tags) {
        if (tags.isEmpty()) {
            throw violation("{}", "tags", "Member must have length greater than or equal to 1");
        }
        if (tags.size() > MAX_TAGS) {
            throw violation(tags, "tags", "Member must have length less than or equal to " + MAX_TAGS);
        }
        tags.forEach((key, value) -> {
            text("tags", key, 1, 128, TAG_KEY);
            text("tags." + key + ".member", value, 0, 256, TAG_VALUE);
        });
    }

    static InvalidParameterException missing(String member) {
        return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint:".formatted(member)
                + " Member must not be null");
    }

    static InvalidParameterException violation(Object value, String member, String constraint) {
        return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s"
                .formatted(value, member, constraint));
    }

    /** One of AWS's enumerated values; the SDK gives an unknown one as null or {@code UNKNOWN_TO_SDK_VERSION}. */
    static InvalidParameterException notInEnum(String value, String member, Object... known) {
        return violation(value, member, "Member must satisfy enum value set: " + Arrays.toString(known));
    }

    private static String text(String member, @Nullable String value, int min, int max, Pattern pattern) {
        if (value == null) {
            throw missing(member);
        }
        if (value.length() < min) {
            throw violation(value, member, "Member must have length greater than or equal to " + min);
        }
        if (value.length() > max) {
            throw violation(value, member, "Member must have length less than or equal to " + max);
        }
        if (!pattern.matcher(value).matches()) {
            throw violation(value, member, "Member must satisfy regular expression pattern: " + pattern);
        }
        return value;
    }
}

package dev.groundplane.services.sts;

import dev.groundplane.platform.identity.SessionDetails;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.wire.FieldPaths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.sts.model.PackedPolicyTooLargeException;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.Tag;

/** The constraints on what sessions begin with. */
final class SessionMembers {
    static final int LEAST_SECONDS = 900;

    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]*");
    private static final int MOST_TAGS = 50;
    private static final int MOST_POLICIES = 10;
    private static final int MOST_CHARACTERS = 2_048;
    /** What policy, ARNs and tags may have together; AWS packs them and tells only the percentage. */
    private static final int PACKED_CHARACTERS = 4_096;

    private SessionMembers() {}

    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw StsErrors.validation("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    static String name(String member, @Nullable String name, int most) {
        String value = Objects.requireNonNullElse(name, "");
        if (value.length() < 2 || value.length() > most) {
            throw StsErrors.constraint(member, value, "Member must have length between 2 and " + most);
        }
        if (!NAME.matcher(value).matches()) {
            throw StsErrors.constraint(member, value, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        }
        return value;
    }

    static int seconds(@Nullable Integer seconds, int otherwise, int most) {
        int value = Objects.requireNonNullElse(seconds, otherwise);
        if (value < LEAST_SECONDS || value > most) {
            throw StsErrors.constraint(
                    "durationSeconds",
                    Integer.toString(value),
                    "Member must have value between %d and %d".formatted(LEAST_SECONDS, most));
        }
        return value;
    }

    /** The text of a session policy that is well-formed; empty when there is none. */
    static String policy(@Nullable String policy) {
        if (policy == null) {
            return "";
        }
        if (policy.isEmpty() || policy.length() > MOST_CHARACTERS) {
            throw StsErrors.constraint("policy", "...", "Member must have length between 1 and " + MOST_CHARACTERS);
        }
        try {
            Policy.parse(policy);
            return policy;
        } catch (MalformedPolicyException e) {
            throw MalformedPolicyDocumentException.builder()
                    .message(String.valueOf(e.getMessage()))
                    .build();
        }
    }

    /** The ARNs of managed policies that are there. */
    static List<String> policyArns(List<PolicyDescriptorType> descriptors, IamClient iam) {
        if (descriptors.size() > MOST_POLICIES) {
            throw StsErrors.constraint(
                    "policyArns", "...", "Member must have length less than or equal to " + MOST_POLICIES);
        }
        List<String> arns = new ArrayList<>();
        for (PolicyDescriptorType descriptor : descriptors) {
            String arn = Objects.requireNonNullElse(descriptor.arn(), "");
            try {
                arns.add(iam.getPolicy(r -> r.policyArn(arn)).policy().arn());
            } catch (NoSuchEntityException e) {
                throw StsErrors.validation("The policy %s in policyArns is not there.", arn);
            }
        }
        return arns;
    }

    /**
     * Session tags with those that are handed on from the session before.
     *
     * @param before what the caller's session was begun with
     */
    static Map<String, String> tags(List<Tag> tags, SessionDetails before) {
        if (tags.size() > MOST_TAGS) {
            throw StsErrors.constraint("tags", "...", "Member must have length less than or equal to " + MOST_TAGS);
        }
        Map<String, String> all = new LinkedHashMap<>();
        Set<String> keys = new HashSet<>();
        for (String key : before.transitiveTags()) {
            all.put(key, before.tags().getOrDefault(key, ""));
            keys.add(key.toLowerCase(Locale.ROOT));
        }
        for (Tag tag : tags) {
            String key = Objects.requireNonNullElse(tag.key(), "");
            String value = Objects.requireNonNullElse(tag.value(), "");
            if (key.isEmpty() || key.length() > 128 || value.length() > 256) {
                throw StsErrors.constraint("tags", key, "Member must have a key of 1 to 128 and a value of 0 to 256");
            }
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw StsErrors.invalidParameter("Tag keys that begin with aws: are reserved: %s", key);
            }
            if (before.transitiveTags().stream().anyMatch(key::equalsIgnoreCase)) {
                throw StsErrors.invalidParameter(
                        "One of the specified transitive tag keys can't be set because it conflicts with a transitive"
                                + " tag key from the calling session: %s",
                        key);
            }
            if (!keys.add(key.toLowerCase(Locale.ROOT))) {
                throw StsErrors.invalidParameter(
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            all.put(key, value);
        }
        return all;
    }

    /** Keys of tags that go on to further sessions. */
    static List<String> transitive(List<String> keys, List<Tag> tags, SessionDetails before) {
        List<String> all = new ArrayList<>(before.transitiveTags());
        for (String key : keys) {
            if (tags.stream().noneMatch(tag -> key.equalsIgnoreCase(tag.key()))) {
                throw StsErrors.invalidParameter(
                        "The specified transitive tag key must be included in the requested tags: %s", key);
            }
            all.add(key);
        }
        return all;
    }

    /**
     * How much of the room for policies and tags a session takes, in percent; null when it has neither.
     *
     * @throws PackedPolicyTooLargeException when it is more than all
     */
    static @Nullable Integer packedSize(SessionDetails details) {
        int characters = details.policy().length()
                + details.policyArns().stream().mapToInt(String::length).sum();
        for (Map.Entry<String, String> tag : details.tags().entrySet()) {
            characters += tag.getKey().length() + tag.getValue().length();
        }
        if (characters == 0) {
            return null;
        }
        int percent = Math.max(1, characters * 100 / PACKED_CHARACTERS);
        if (percent > 100) {
            throw PackedPolicyTooLargeException.builder()
                    .message("Packed policy consumes %d%% of allotted space, please use smaller policy"
                            .formatted(percent))
                    .build();
        }
        return percent;
    }
}

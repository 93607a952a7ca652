package dev.groundplane.services.iam;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.Tag;

/** The tags of IAM's resources. Keys differ by more than case. */
final class TagList {
    private static final int MOST = 50;
    private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private TagList() {}

    /** The same tags when they are valid. */
    static List<Tag> valid(List<Tag> tags) {
        Set<String> keys = new HashSet<>();
        for (Tag tag : tags) {
            String key = Members.required("tags.member.key", tag.key());
            if (tag.value() == null) {
                throw Members.failed("tags.member.value", "null", "Member must not be null");
            }
            String value = Members.longest("tags.member.value", tag.value(), 256);
            Members.longest("tags.member.key", key, 128);
            requireTagText("key", key);
            requireTagText("value", value);
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw invalid("Tag keys that begin with aws: are reserved: " + key);
            }
            if (!keys.add(key.toLowerCase(Locale.ROOT))) {
                throw invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }
        if (tags.size() > MOST) {
            throw Members.failed("tags", "...", "Member must have length less than or equal to " + MOST);
        }
        return tags;
    }

    private static void requireTagText(String member, String text) {
        if (!TEXT.matcher(text).matches()) {
            throw Members.failed(
                    "tags.member." + member,
                    text,
                    "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+");
        }
    }

    /** Later tags take the places of those of the same key. */
    static List<Tag> merged(List<Tag> tags, List<Tag> more) {
        valid(more);
        Map<String, Tag> merged = new LinkedHashMap<>();
        tags.forEach(tag -> merged.put(tag.key().toLowerCase(Locale.ROOT), tag));
        more.forEach(tag -> merged.put(tag.key().toLowerCase(Locale.ROOT), tag));
        if (merged.size() > MOST) {
            throw IamErrors.limitExceeded("TagsPerResource", MOST);
        }
        return List.copyOf(merged.values());
    }

    static List<Tag> without(List<Tag> tags, List<String> keys) {
        if (keys.size() > MOST) {
            throw Members.failed("tagKeys", "...", "Member must have length less than or equal to " + MOST);
        }
        for (String key : keys) {
            requireTagText("key", Members.longest("tagKeys.member", Members.required("tagKeys.member", key), 128));
        }
        List<Tag> left = new ArrayList<>(tags);
        left.removeIf(tag -> keys.stream().anyMatch(tag.key()::equalsIgnoreCase));
        return left;
    }

    private static InvalidInputException invalid(String message) {
        return InvalidInputException.builder().message(message).build();
    }
}

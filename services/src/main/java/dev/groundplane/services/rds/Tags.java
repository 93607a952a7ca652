package dev.groundplane.services.rds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.rds.model.Tag;

/** Tags of whatever RDS has. */
final class Tags {
    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private Tags() {}

    /** Tags with others added, which win. */
    static List<Tag> added(List<Tag> before, List<Tag> tags) {
        Map<String, Tag> all = new LinkedHashMap<>();
        before.forEach(tag -> all.put(tag.key(), tag));
        for (Tag tag : tags) {
            String key = Objects.requireNonNullElse(tag.key(), "");
            String value = Objects.requireNonNullElse(tag.value(), "");
            if (key.isEmpty() || key.length() > LONGEST_KEY || key.startsWith("aws:")) {
                throw RdsErrors.invalid(
                        "Tag key '%s' must have 1 to %d characters and not begin with aws:.", key, LONGEST_KEY);
            }
            if (value.length() > LONGEST_VALUE) {
                throw RdsErrors.invalid("The value of tag %s must have at most %d characters.", key, LONGEST_VALUE);
            }
            all.put(key, Tag.builder().key(key).value(value).build());
        }
        if (all.size() > MOST) {
            throw RdsErrors.invalid("A resource can have at most %d tags, not %d.", MOST, all.size());
        }
        return List.copyOf(all.values());
    }
}

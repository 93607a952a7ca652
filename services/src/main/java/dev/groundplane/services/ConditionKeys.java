package dev.groundplane.services;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Collects the condition keys of a request for an {@link AccessModel}. Belongs to one request; not thread-safe. */
public final class ConditionKeys {
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Set<String> tagKeys = new LinkedHashSet<>();

    /** Sets a key to one value; nothing when the value is empty. */
    public ConditionKeys set(String key, String value) {
        if (!value.isEmpty()) {
            values.put(key.toLowerCase(Locale.ROOT), List.of(value));
        }
        return this;
    }

    /** Sets a key to several values; nothing when there are none. */
    public ConditionKeys set(String key, List<String> several) {
        if (!several.isEmpty()) {
            values.put(key.toLowerCase(Locale.ROOT), List.copyOf(several));
        }
        return this;
    }

    /** {@code aws:RequestTag/...} and {@code aws:TagKeys}: what the request tags with. */
    public ConditionKeys requestTags(Map<String, String> tags) {
        tags.forEach((key, value) -> values.put("aws:requesttag/" + key.toLowerCase(Locale.ROOT), List.of(value)));
        tagKeys.addAll(tags.keySet());
        return this;
    }

    /** {@code aws:TagKeys}: the tags that the request takes away. */
    public ConditionKeys tagKeys(List<String> keys) {
        tagKeys.addAll(keys);
        return this;
    }

    /** {@code aws:ResourceTag/...}: what the resource is tagged with. */
    public ConditionKeys resourceTags(Map<String, String> tags) {
        tags.forEach((key, value) -> values.put("aws:resourcetag/" + key.toLowerCase(Locale.ROOT), List.of(value)));
        return this;
    }

    /** All that was collected. */
    public Map<String, List<String>> values() {
        Map<String, List<String>> all = new HashMap<>(values);
        if (!tagKeys.isEmpty()) {
            all.put("aws:tagkeys", new ArrayList<>(tagKeys));
        }
        return Map.copyOf(all);
    }
}

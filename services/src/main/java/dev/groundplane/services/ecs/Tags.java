package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Tag;

/** Tags of resources whose model has no member for them: kept as extras that begin with {@code tag:}. */
final class Tags {
    private static final String PREFIX = "tag:";

    private Tags() {}

    static Map<String, String> toExtra(List<Tag> tags) {
        Map<String, String> extra = new LinkedHashMap<>();
        tags.forEach(tag -> extra.put(PREFIX + tag.key(), tag.value() == null ? "" : tag.value()));
        return extra;
    }

    static List<Tag> of(Stored<?> stored) {
        List<Tag> tags = new ArrayList<>();
        stored.extra().forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                tags.add(Tag.builder()
                        .key(key.substring(PREFIX.length()))
                        .value(value)
                        .build());
            }
        });
        return tags;
    }

    /** The resource with these tags in place of the ones it had. */
    static <T> Stored<T> on(Stored<T> stored, List<Tag> tags) {
        Map<String, String> extra = new LinkedHashMap<>(stored.extra());
        extra.keySet().removeIf(key -> key.startsWith(PREFIX));
        extra.putAll(toExtra(tags));
        return new Stored<>(stored.scope(), stored.name(), stored.version(), stored.value(), Map.copyOf(extra));
    }
}

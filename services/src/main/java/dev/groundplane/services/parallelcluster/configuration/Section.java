package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Mapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A mapping of known keys. */
record Section(List<Key> keys) implements Shape {
    Section {
        keys = List.copyOf(keys);
    }

    static Section of(Key... keys) {
        return new Section(List.of(keys));
    }

    @Override
    public void check(YamlNode value, String path, Problems problems) {
        if (!(value instanceof Mapping mapping)) {
            Shapes.wrongType(value, path, problems, "a mapping of keys");
            return;
        }
        Map<String, Key> known = new LinkedHashMap<>();
        keys.forEach(key -> known.put(key.name(), key));
        for (Key key : keys) {
            if (key.required() && mapping.find(key.name()).isEmpty()) {
                problems.error(
                        Problems.join(path, key.name()),
                        Problems.SCHEMA,
                        "The key %s is missing.".formatted(key.name()));
            }
        }
        mapping.entries().forEach((name, child) -> {
            Key key = known.get(name);
            if (key == null) {
                problems.error(
                        Problems.join(path, name),
                        Problems.SCHEMA,
                        "Unknown key %s; known here: %s."
                                .formatted(Problems.quote(name), String.join(", ", known.keySet())));
            } else {
                key.check(child, Problems.join(path, name), problems);
            }
        });
    }
}

package dev.groundplane.platform.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What one process tells the others when it has committed.
 *
 * @param from the process that tells
 * @param changes each as type, account, region and name; none means that there are some that cannot be told
 */
record ChangeNotice(String from, List<List<String>> changes) {
    /** PostgreSQL takes fewer than 8,000 bytes. */
    private static final int MOST_BYTES = 7_500;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The texts that tell of all changes. */
    static List<String> texts(String from, Collection<ResourceChange> changes) {
        List<String> texts = new ArrayList<>();
        List<List<String>> some = new ArrayList<>();
        int bytes = 0;
        for (ResourceChange change : changes) {
            List<String> one = List.of(
                    change.type(), change.scope().account(), change.scope().region(), change.name());
            int size = json(one).getBytes(StandardCharsets.UTF_8).length + 1;
            if (size > MOST_BYTES) {
                texts.add(json(new ChangeNotice(from, List.of())));
                continue;
            }
            if (bytes + size > MOST_BYTES) {
                texts.add(json(new ChangeNotice(from, some)));
                some = new ArrayList<>();
                bytes = 0;
            }
            some.add(one);
            bytes += size;
        }
        if (!some.isEmpty()) {
            texts.add(json(new ChangeNotice(from, some)));
        }
        return texts;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists of strings always have a JSON form", e);
        }
    }

    /** @throws GroundplaneException when it is no such text */
    static ChangeNotice of(String text) {
        try {
            return JSON.readValue(text, ChangeNotice.class);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "not a notice of changes: " + text, e);
        }
    }

    /** Whether it says no more than that something has changed. */
    boolean gap() {
        return changes.isEmpty();
    }

    List<ResourceChange> resources() {
        return changes.stream()
                .map(one -> new ResourceChange(one.get(0), new Scope(one.get(1), one.get(2)), one.get(3)))
                .toList();
    }
}

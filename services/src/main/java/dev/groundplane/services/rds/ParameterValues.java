package dev.groundplane.services.rds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.store.Stored;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Values of parameters by name, as an extra of what has them. */
final class ParameterValues {
    private static final String EXTRA = "parameters";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> TYPE = new TypeReference<>() {};

    private ParameterValues() {}

    /** Those of a group, or those that hold in a cluster's server; in order of their names. */
    static SequencedMap<String, String> of(Stored<?> owner) {
        return of(owner.extra());
    }

    static SequencedMap<String, String> of(Map<String, String> extra) {
        try {
            return JSON.readValue(extra.getOrDefault(EXTRA, "{}"), TYPE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored parameters are not JSON", e);
        }
    }

    static <T> Stored<T> with(Stored<T> owner, Map<String, String> values) {
        return owner.withExtra(EXTRA, encoded(values));
    }

    /** The extras of something new. */
    static Map<String, String> extra(Map<String, String> values) {
        return Map.of(EXTRA, encoded(values));
    }

    private static String encoded(Map<String, String> values) {
        try {
            return JSON.writeValueAsString(new TreeMap<>(values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings always has a JSON form", e);
        }
    }
}

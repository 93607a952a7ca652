package dev.groundplane.services.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.util.Map;
import java.util.TreeMap;

/** Names and values in one column. */
final class StringMap {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<String, String>> TYPE = new TypeReference<>() {};

    private StringMap() {}

    static String encode(Map<String, String> map) {
        try {
            return map.isEmpty() ? "{}" : JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings always has a JSON form", e);
        }
    }

    static Map<String, String> decode(String json) {
        try {
            return json.equals("{}") ? Map.of() : JSON.readValue(json, TYPE);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored map is damaged: " + json, e);
        }
    }
}

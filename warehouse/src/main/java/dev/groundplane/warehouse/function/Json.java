package dev.groundplane.warehouse.function;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** JSON texts: {@code JSON_PARSE}, the functions that extract texts, and what concerns single SUPER values. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final int LARGEST_PRECISION = 38;

    private Json() {}

    /** The same value without space between its parts. */
    static String parse(String json) {
        return write(read(json));
    }

    static boolean canParse(String json) {
        return tryRead(json) != null;
    }

    /**
     * The text at the end of a path; null when there is none, or a null.
     *
     * @param path a JSON array of attributes' names
     * @param nullIfInvalid whether null stands for what is no JSON, too
     */
    static @Nullable String pathText(String json, String path, String nullIfInvalid) {
        var node = read(json, nullIfInvalid);
        for (var name : read(path)) {
            node = node == null ? null : node.get(name.asText());
        }
        return text(node);
    }

    /** The text of an array's element, from 0; empty when there is none. */
    static @Nullable String elementText(String json, String position, String nullIfInvalid) {
        var node = read(json, nullIfInvalid);
        if (node == null) {
            return null;
        }
        var element = node.get(Integer.parseInt(position));
        return element == null ? "" : text(element);
    }

    static @Nullable String arrayLength(String json, String nullIfInvalid) {
        var node = read(json, nullIfInvalid);
        if (node != null && !node.isArray()) {
            if (Boolean.parseBoolean(nullIfInvalid)) {
                return null;
            }
            throw invalid(json, "is no array");
        }
        return node == null ? null : Integer.toString(node.size());
    }

    /** The names of an object's attributes in small letters, or in capitals. */
    static String attributeCase(String json, String upper) {
        return write(attributeCase(read(json), Boolean.parseBoolean(upper)));
    }

    private static JsonNode attributeCase(JsonNode node, boolean upper) {
        if (node.isArray()) {
            var array = MAPPER.createArrayNode();
            node.forEach(element -> array.add(attributeCase(element, upper)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = MAPPER.createObjectNode();
        for (var property : node.properties()) {
            var name = property.getKey();
            object.set(
                    upper ? name.toUpperCase(Locale.ROOT) : name.toLowerCase(Locale.ROOT),
                    attributeCase(property.getValue(), upper));
        }
        return object;
    }

    /** {@code smallint}, {@code integer}, {@code bigint}, {@code decimal} or {@code float}; empty for what is no number. */
    static String numberKind(String json) {
        var node = read(json);
        if (!node.isNumber()) {
            return "";
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            return node.decimalValue().precision() <= LARGEST_PRECISION ? "decimal" : "float";
        }
        var value = node.longValue();
        return value == (short) value ? "smallint" : value == (int) value ? "integer" : "bigint";
    }

    /** How many digits a decimal has, or how many of them after the point; null for what is no decimal. */
    static @Nullable String decimalDigits(String json, String afterPoint) {
        if (numberKind(json).isEmpty() || numberKind(json).equals("float")) {
            return null;
        }
        var value = read(json).decimalValue();
        return Integer.toString(Boolean.parseBoolean(afterPoint) ? value.scale() : value.precision());
    }

    /** @throws FunctionFailure when it is no JSON */
    static JsonNode read(String json) {
        try {
            var node = MAPPER.readTree(json);
            if (node == null || node.isMissingNode()) {
                throw invalid(json, "is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw invalid(json, e.getOriginalMessage());
        }
    }

    private static @Nullable JsonNode read(String json, String nullIfInvalid) {
        return Boolean.parseBoolean(nullIfInvalid) ? tryRead(json) : read(json);
    }

    private static @Nullable JsonNode tryRead(String json) {
        try {
            var node = MAPPER.readTree(json);
            return node == null || node.isMissingNode() ? null : node;
        } catch (JsonProcessingException invalid) {
            return null;
        }
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.isValueNode() ? node.asText() : write(node);
    }

    private static FunctionFailure invalid(String json, String why) {
        return new FunctionFailure(
                SqlState.INVALID_TEXT_REPRESENTATION, "invalid JSON \"%s\": %s".formatted(json, why));
    }
}

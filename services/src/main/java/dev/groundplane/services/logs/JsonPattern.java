package dev.groundplane.services.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.function.Predicate;

/**
 * A condition on messages that are JSON objects as a whole; others never match.
 *
 * @param condition on the object
 */
record JsonPattern(Predicate<JsonNode> condition) implements FilterPattern {
    private static final ObjectReader JSON = new ObjectMapper()
            .readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @Override
    public boolean matches(String message) {
        // Most lines are no JSON: do not start a parser for them.
        if (!message.stripLeading().startsWith("{")) {
            return false;
        }
        try {
            JsonNode object = JSON.readValue(message);
            return condition.test(object);
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}

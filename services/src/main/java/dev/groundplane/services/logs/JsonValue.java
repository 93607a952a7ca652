package dev.groundplane.services.logs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * The right side of a comparison in a JSON pattern.
 *
 * @param text as written; {@code *} stands for any characters
 * @param number the same as a number; empty when it is none
 */
record JsonValue(String text, Optional<BigDecimal> number) {
    static JsonValue quoted(String text) {
        return new JsonValue(text, Optional.empty());
    }

    static JsonValue bare(String text) {
        try {
            return new JsonValue(text, Optional.of(new BigDecimal(text)));
        } catch (NumberFormatException e) {
            return new JsonValue(text, Optional.empty());
        }
    }

    /** Whether a field that exists equals this: as numbers when both are, else as texts. */
    boolean equalTo(JsonNode field) {
        if (text.equals("*")) {
            return true;
        }
        if (field.isNumber() && number.isPresent()) {
            return field.decimalValue().compareTo(number.get()) == 0;
        }
        return field.isValueNode() && wildcard(text, field.asText());
    }

    /** Whether {@code pattern}, in which {@code *} stands for any characters, describes all of {@code value}. */
    static boolean wildcard(String pattern, String value) {
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return pattern.equals(value);
        }
        String last = parts[parts.length - 1];
        int at = parts[0].length();
        if (!value.startsWith(parts[0])) {
            return false;
        }
        for (int i = 1; i < parts.length - 1; i++) {
            int found = value.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return value.length() - at >= last.length() && value.endsWith(last);
    }
}

package dev.groundplane.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkNumber;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/** Reads a JSON object into an SDK builder. Unknown members are skipped and {@code null} means absent, as AWS has it. */
final class JsonReader {
    /** Deeper than any AWS model; keeps hostile nesting off the stack. */
    private static final int MAX_DEPTH = 100;

    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Fills {@code builder} from a body. An empty body is an empty object.
     *
     * @throws WireException {@code SerializationException} naming the member and what it should be
     */
    static void read(byte[] body, SdkPojo builder) {
        if (body.length == 0) {
            return;
        }
        try (JsonParser parser = FACTORY.createParser(body)) {
            JsonReader reader = new JsonReader(parser);
            reader.expect(parser.nextToken(), JsonToken.START_OBJECT, "the body");
            reader.pojo(builder);
            if (parser.nextToken() != null) {
                throw WireException.serialization("the body goes on after its JSON object has ended");
            }
        } catch (JacksonException e) {
            // Not Jackson's message: it quotes what it found, which may be a part of a secret.
            JsonLocation at = e.getLocation();
            throw WireException.serialization("the body is not valid JSON"
                    + (at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr())));
        } catch (IOException e) {
            // Nothing is read from outside: the bytes are not of the encoding that they claim.
            throw WireException.serialization("the body is not valid JSON: " + e.getMessage());
        }
    }

    private void pojo(SdkPojo builder) throws IOException {
        Map<String, SdkField<?>> fields = Shape.of(builder).payloadByName();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            SdkField<?> field = fields.get(parser.currentName());
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                field.set(builder, value(field, token));
            }
        }
    }

    private Object value(SdkField<?> field, JsonToken token) throws IOException {
        String name = field.locationName();
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> {
                expect(token, JsonToken.VALUE_STRING, name);
                yield parser.getText();
            }
            case INTEGER -> (int) integer(name, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> integer(name, token, Long.MIN_VALUE, Long.MAX_VALUE);
            case SHORT -> (short) integer(name, token, Short.MIN_VALUE, Short.MAX_VALUE);
            case BYTE -> (byte) integer(name, token, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case FLOAT -> (float) decimal(name, token);
            case DOUBLE -> decimal(name, token);
            case BIG_DECIMAL -> number(name, token);
            case BOOLEAN -> {
                if (!token.isBoolean()) {
                    throw mismatch(name, token, "true or false");
                }
                yield token == JsonToken.VALUE_TRUE;
            }
            case INSTANT -> instant(field, token);
            case SDK_BYTES -> {
                expect(token, JsonToken.VALUE_STRING, name);
                yield base64(name, parser.getText());
            }
            case SDK_POJO -> {
                expect(token, JsonToken.START_OBJECT, name);
                SdkPojo builder = field.constructor().get();
                pojo(builder);
                yield Shape.build(builder);
            }
            case LIST -> list(field, token);
            case MAP -> map(field, token);
            case DOCUMENT -> document(token);
            case NULL -> throw new IllegalStateException("field " + name + " has no type");
        };
    }

    private List<@Nullable Object> list(SdkField<?> field, JsonToken token) throws IOException {
        expect(token, JsonToken.START_ARRAY, field.locationName());
        SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            if (next != JsonToken.VALUE_NULL) {
                list.add(value(member, next));
            }
        }
        return list;
    }

    private Map<String, @Nullable Object> map(SdkField<?> field, JsonToken token) throws IOException {
        expect(token, JsonToken.START_OBJECT, field.locationName());
        SdkField<?> member = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken next = parser.nextToken();
            if (next != JsonToken.VALUE_NULL) {
                map.put(key, value(member, next));
            }
        }
        return map;
    }

    private Document document(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> Document.fromString(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> Document.fromBoolean(token == JsonToken.VALUE_TRUE);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                Document.fromNumber(SdkNumber.fromBigDecimal(parser.getDecimalValue()));
            case START_ARRAY -> {
                Document.ListBuilder list = Document.listBuilder();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.addDocument(document(next));
                }
                yield list.build();
            }
            case START_OBJECT -> {
                Document.MapBuilder map = Document.mapBuilder();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    map.putDocument(key, document(parser.nextToken()));
                }
                yield map.build();
            }
            case VALUE_NULL, NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                Document.fromNull();
        };
    }

    private Object instant(SdkField<?> field, JsonToken token) throws IOException {
        String name = field.locationName();
        if (token == JsonToken.VALUE_STRING) {
            return Timestamps.parse(parser.getText(), Timestamps.format(field, true), name);
        }
        try {
            return Timestamps.ofEpochSeconds(number(name, token));
        } catch (DateTimeException e) {
            throw mismatch(name, token, "a timestamp in epoch seconds");
        }
    }

    private long integer(String name, JsonToken token, long min, long max) throws IOException {
        BigDecimal number = number(name, token);
        // Bounds first: expanding 1e999999999 into a long would never end.
        if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw mismatch(name, token, "an integer from %d to %d".formatted(min, max));
        }
        return number.longValue();
    }

    private double decimal(String name, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return switch (parser.getText()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw mismatch(name, token, "a number");
            };
        }
        return number(name, token).doubleValue();
    }

    private BigDecimal number(String name, JsonToken token) throws IOException {
        if (!token.isNumeric()) {
            throw mismatch(name, token, "a number");
        }
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException e) {
            throw mismatch(name, token, "a number");
        }
    }

    private static SdkBytes base64(String name, String text) {
        try {
            return SdkBytes.fromByteArray(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw WireException.serialization(name + " is not valid base64: " + e.getMessage());
        }
    }

    private void expect(@Nullable JsonToken token, JsonToken expected, String name) throws IOException {
        if (token != expected) {
            String wanted = switch (expected) {
                case START_OBJECT -> "a JSON object";
                case START_ARRAY -> "a JSON array";
                // Where text is wanted, what is found may be a secret.
                default -> throw mismatch(name, "a string", kind(token));
            };
            throw mismatch(name, token, wanted);
        }
    }

    private WireException mismatch(String name, @Nullable JsonToken token, String wanted) throws IOException {
        boolean scalar = token != null && token.isScalarValue();
        return mismatch(name, wanted, scalar ? "'" + Excerpt.of(parser.getText()) + "'" : kind(token));
    }

    private static WireException mismatch(String name, String wanted, String found) {
        return WireException.serialization("%s must be %s, found %s".formatted(name, wanted, found));
    }

    private static String kind(@Nullable JsonToken token) {
        return token == null
                ? "nothing"
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_TRUE, VALUE_FALSE -> "true or false";
                    case VALUE_STRING -> "a string";
                    default -> "a number";
                };
    }
}

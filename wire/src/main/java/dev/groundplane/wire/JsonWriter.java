package dev.groundplane.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Writes an SDK model object's body members as a JSON object; absent members are left out. */
final class JsonWriter {
    private static final int INITIAL_SIZE = 256;
    private static final Set<MarshallLocation> IN_BODY = EnumSet.of(MarshallLocation.PAYLOAD);

    private final JsonGenerator json;

    JsonWriter(JsonGenerator json) {
        this.json = json;
    }

    /** The members of {@code pojo} that travel in a body, as UTF-8 JSON. */
    static byte[] bytes(SdkPojo pojo) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_SIZE);
        try (JsonGenerator json = JsonReader.FACTORY.createGenerator(out)) {
            new JsonWriter(json).pojo(pojo);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** All members of {@code pojo} but those that travel in headers. */
    static byte[] parameters(SdkPojo pojo) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_SIZE);
        try (JsonGenerator json = JsonReader.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            new JsonWriter(json).members(pojo, EnumSet.complementOf(EnumSet.of(MarshallLocation.HEADER)));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    void pojo(SdkPojo pojo) throws IOException {
        json.writeStartObject();
        members(pojo);
        json.writeEndObject();
    }

    void members(SdkPojo pojo) throws IOException {
        members(pojo, IN_BODY);
    }

    private void members(SdkPojo pojo, Set<MarshallLocation> locations) throws IOException {
        for (SdkField<?> field : Shape.of(pojo).fields()) {
            Object value = locations.contains(field.location()) ? Shape.value(field, pojo) : null;
            if (value != null) {
                json.writeFieldName(field.unmarshallLocationName());
                value(field, value);
            }
        }
    }

    private void value(SdkField<?> field, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case Double number -> json.writeNumber(number);
            case Float number -> json.writeNumber(number);
            case Short number -> json.writeNumber(number);
            case Byte number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case Instant instant -> instant(field, instant);
            case SdkBytes bytes -> json.writeBinary(bytes.asByteArrayUnsafe());
            case SdkPojo pojo -> pojo(pojo);
            case Document document -> document(document);
            case List<?> list -> {
                SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
                json.writeStartArray();
                for (Object item : list) {
                    value(member, item);
                }
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                SdkField<?> member = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(entry.getKey().toString());
                    value(member, entry.getValue());
                }
                json.writeEndObject();
            }
            default -> throw new IllegalStateException("no JSON form for " + value.getClass());
        }
    }

    private void instant(SdkField<?> field, Instant instant) throws IOException {
        Format format = Timestamps.format(field, true);
        switch (format) {
            case UNIX_TIMESTAMP -> json.writeNumber(Timestamps.epochSeconds(instant));
            case UNIX_TIMESTAMP_MILLIS -> json.writeNumber(instant.toEpochMilli());
            case ISO_8601, RFC_822 -> json.writeString(Timestamps.text(instant, format));
        }
    }

    private void document(Document document) throws IOException {
        if (document.isNull()) {
            json.writeNull();
        } else if (document.isString()) {
            json.writeString(document.asString());
        } else if (document.isBoolean()) {
            json.writeBoolean(document.asBoolean());
        } else if (document.isNumber()) {
            json.writeNumber(document.asNumber().bigDecimalValue());
        } else if (document.isList()) {
            json.writeStartArray();
            for (Document item : document.asList()) {
                document(item);
            }
            json.writeEndArray();
        } else {
            json.writeStartObject();
            for (Map.Entry<String, Document> entry : document.asMap().entrySet()) {
                json.writeFieldName(entry.getKey());
                document(entry.getValue());
            }
            json.writeEndObject();
        }
    }
}

package dev.groundplane.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** Error bodies of the JSON protocols: {@code __type}, {@code message} and the modeled members. */
final class JsonErrors {
    private JsonErrors() {}

    static WireResponse encode(
            String contentType, String code, int status, String message, @Nullable SdkPojo members, String requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JsonReader.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("__type", code);
            json.writeStringField("message", message);
            if (members != null) {
                new JsonWriter(json).members(members);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WireResponse(
                status,
                Map.of("Content-Type", contentType, "x-amzn-RequestId", requestId, "x-amzn-ErrorType", code),
                out.toByteArray());
    }
}

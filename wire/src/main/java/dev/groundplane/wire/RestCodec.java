package dev.groundplane.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.PayloadTrait;

/** REST-JSON and REST-XML: members travel in path, query, headers and body as the model says. */
final class RestCodec implements Codec {
    private final ServiceModel service;
    private final boolean json;
    private volatile @Nullable RestRoutes routes;

    RestCodec(ServiceModel service) {
        this.service = service;
        this.json = service.protocol() == Protocol.REST_JSON;
    }

    private RestRoutes routes() {
        RestRoutes known = routes;
        if (known == null) {
            known = new RestRoutes(service);
            routes = known;
        }
        return known;
    }

    @Override
    public Optional<OperationModel> operation(WireRequest request) {
        return routes().match(request).map(RestRoutes.Match::operation);
    }

    @Override
    public SdkPojo decode(OperationModel operation, WireRequest request) {
        SdkPojo builder = operation.newRequestBuilder();
        Map<String, String> labels =
                routes().match(request).map(RestRoutes.Match::labels).orElse(Map.of());
        RestBinding.readParameters(request, labels, builder);
        SdkField<?> payload = payloadField(builder);
        if (payload != null) {
            if (request.body().length > 0) {
                payload.set(builder, readPayload(payload, request.body()));
            }
        } else if (json) {
            JsonReader.read(request.body(), builder);
        } else {
            XmlReader.read(request.body(), builder);
        }
        return (SdkPojo) Shape.build(builder);
    }

    private Object readPayload(SdkField<?> field, byte[] body) {
        return switch (field.marshallingType().getKnownType()) {
            case SDK_BYTES -> SdkBytes.fromByteArray(body);
            case SDK_POJO -> {
                SdkPojo builder = field.constructor().get();
                if (json) {
                    JsonReader.read(body, builder);
                } else {
                    XmlReader.read(body, builder);
                }
                yield Shape.build(builder);
            }
            default -> Scalars.parse(field, new String(body, StandardCharsets.UTF_8));
        };
    }

    @Override
    public WireResponse encode(OperationModel operation, SdkPojo response, String requestId) {
        Map<String, String> headers =
                json ? new LinkedHashMap<>(Map.of("x-amzn-RequestId", requestId)) : RestXmlErrors.headers(requestId);
        int status = RestBinding.writeHeaders(response, headers);
        if (operation.streaming() == OperationModel.Streaming.RESPONSE) {
            // The SDK's response objects have no member for the status of a part of an object.
            return new WireResponse(headers.containsKey("Content-Range") ? 206 : status, headers, new byte[0]);
        }
        SdkField<?> payload = XmlRoots.unwrapped(operation) ? null : payloadField(response);
        byte[] body = payload == null ? members(operation, response) : payload(payload, response);
        if (body.length > 0 || json) {
            headers.putIfAbsent("Content-Type", json ? "application/json" : "application/xml");
        }
        return new WireResponse(body.length > 0 ? status : status(operation, response, headers, status), headers, body);
    }

    /** HEAD tells of a part as GET does; successful deletions answer without content, as every REST-XML API has it. */
    private int status(OperationModel operation, SdkPojo response, Map<String, String> headers, int status) {
        if (response instanceof SdkResponse answered && answered.sdkHttpResponse() != null) {
            return answered.sdkHttpResponse().statusCode(); // a service's own word
        }
        return switch (operation.binding().httpMethod()) {
            case HEAD -> headers.containsKey("Content-Range") ? 206 : status;
            case DELETE -> json ? status : 204;
            default -> status;
        };
    }

    private byte[] members(OperationModel operation, SdkPojo response) {
        if (json) {
            return JsonWriter.bytes(response);
        }
        if (Shape.of(response).payloadByName().isEmpty()) {
            return new byte[0];
        }
        XmlText xml = new XmlText();
        if (XmlRoots.unwrapped(operation)) {
            new XmlWriter(xml).members(response);
            return RestXmlErrors.document(xml);
        }
        String root = XmlRoots.of(operation);
        new XmlWriter(xml.open(root, "xmlns", XmlRoots.NAMESPACE)).members(response);
        return RestXmlErrors.document(xml.close(root));
    }

    private byte[] payload(SdkField<?> field, SdkPojo response) {
        Object value = Shape.value(field, response);
        return switch (value) {
            case null -> new byte[0];
            case SdkBytes bytes -> bytes.asByteArrayUnsafe();
            case SdkPojo pojo when json -> JsonWriter.bytes(pojo);
            case SdkPojo pojo -> {
                XmlText xml = new XmlText();
                new XmlWriter(xml).value(field, field.unmarshallLocationName(), pojo);
                yield RestXmlErrors.document(xml);
            }
            default -> value.toString().getBytes(StandardCharsets.UTF_8);
        };
    }

    private static @Nullable SdkField<?> payloadField(SdkPojo pojo) {
        for (SdkField<?> field : Shape.of(pojo).fields()) {
            if (field.location() == MarshallLocation.PAYLOAD && field.containsTrait(PayloadTrait.class)) {
                return field;
            }
        }
        return null;
    }

    @Override
    public WireResponse encodeError(AwsServiceException error, String requestId) {
        ErrorModel.WireError wire = service.errors().describe(error);
        return json
                ? JsonErrors.encode("application/json", wire.code(), wire.status(), wire.message(), error, requestId)
                : RestXmlErrors.encode(wire.status(), wire.code(), wire.message(), error, requestId);
    }
}

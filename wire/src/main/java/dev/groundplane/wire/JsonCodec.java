package dev.groundplane.wire;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The AWS JSON 1.0 and 1.1 protocols. They differ in the content type only; the service's model does not say which of the
 * two it is, and clients read either, so answers are JSON 1.1.
 */
final class JsonCodec implements Codec {
    static final String CONTENT_TYPE = "application/x-amz-json-1.1";

    private final ServiceModel service;

    JsonCodec(ServiceModel service) {
        this.service = service;
    }

    @Override
    public Optional<OperationModel> operation(WireRequest request) {
        String target = request.header("x-amz-target").orElse("");
        return service.operation(target.substring(target.lastIndexOf('.') + 1))
                .filter(o -> target.equals(o.binding().operationIdentifier()));
    }

    @Override
    public SdkPojo decode(OperationModel operation, WireRequest request) {
        SdkPojo builder = operation.newRequestBuilder();
        JsonReader.read(request.body(), builder);
        return (SdkPojo) Shape.build(builder);
    }

    @Override
    public WireResponse encode(OperationModel operation, SdkPojo response, String requestId) {
        return new WireResponse(
                200, Map.of("Content-Type", CONTENT_TYPE, "x-amzn-RequestId", requestId), JsonWriter.bytes(response));
    }

    @Override
    public WireResponse encodeError(AwsServiceException error, String requestId) {
        ErrorModel.WireError wire = service.errors().describe(error);
        return JsonErrors.encode(CONTENT_TYPE, wire.code(), wire.status(), wire.message(), error, requestId);
    }
}

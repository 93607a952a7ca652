package dev.groundplane.wire;

import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** Translates between HTTP messages and SDK model objects in one protocol. Thread-safe. */
public interface Codec {
    /** The codec that serves {@code service}. */
    static Codec of(ServiceModel service) {
        return switch (service.protocol()) {
            case JSON -> new JsonCodec(service);
            case QUERY -> new QueryCodec(service);
            case REST_JSON, REST_XML -> new RestCodec(service);
        };
    }

    /**
     * Finds the operation that a request asks for.
     *
     * @return empty when the request names an operation that the service does not have
     */
    Optional<OperationModel> operation(WireRequest request);

    /**
     * Decodes a request into the SDK's request object.
     *
     * @throws WireException {@code SerializationException} when the body or a parameter cannot be read
     */
    SdkPojo decode(OperationModel operation, WireRequest request);

    /** Encodes a response of {@code operation}. */
    WireResponse encode(OperationModel operation, SdkPojo response, String requestId);

    /** Encodes an error that a service threw; its wire code and status come from the service's model. */
    WireResponse encodeError(AwsServiceException error, String requestId);
}

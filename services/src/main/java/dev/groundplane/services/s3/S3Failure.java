package dev.groundplane.services.s3;

import dev.groundplane.wire.ErrorDetails;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** An error of Amazon S3, whose names of buckets, keys and conditions are elements of their own. */
public final class S3Failure extends S3Exception implements ErrorDetails {
    private static final long serialVersionUID = 1;

    private final transient Map<String, String> elements;
    private final transient Map<String, String> headers;

    /**
     * @param elements besides code and message
     * @param headers of the response
     */
    public S3Failure(
            String code, int status, String message, Map<String, String> elements, Map<String, String> headers) {
        super(builder(code, status, message));
        this.elements = elements;
        this.headers = headers;
    }

    private static Builder builder(String code, int status, String message) {
        Builder builder = S3Exception.builder();
        builder.awsErrorDetails(AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName("S3")
                .build());
        builder.statusCode(status);
        builder.message(message);
        return builder;
    }

    @Override
    public Map<String, String> elements() {
        return elements;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }
}

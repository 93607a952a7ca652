package dev.groundplane.wire;

import software.amazon.awssdk.awscore.internal.AwsServiceProtocol;

/** The protocols that AWS services speak over HTTP and that this module can serve. */
public enum Protocol {
    /** JSON 1.0 and 1.1: POST /, operation in {@code X-Amz-Target}. */
    JSON,
    /** Form-encoded request with {@code Action}, XML response. */
    QUERY,
    /** Operation from method and URI, JSON bodies. */
    REST_JSON,
    /** Operation from method and URI, XML bodies. */
    REST_XML;

    /** Whether errors have JSON's form, codes and statuses. */
    public boolean isJson() {
        return this == JSON || this == REST_JSON;
    }

    static Protocol of(AwsServiceProtocol sdk) {
        return switch (sdk) {
            case AWS_JSON -> JSON;
            case QUERY -> QUERY;
            case REST_JSON -> REST_JSON;
            case REST_XML -> REST_XML;
            case EC2, CBOR, SMITHY_RPC_V2_CBOR ->
                throw new IllegalArgumentException("protocol " + sdk + " is not served; JSON, Query and REST are");
        };
    }
}

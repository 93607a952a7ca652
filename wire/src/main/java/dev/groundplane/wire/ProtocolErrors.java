package dev.groundplane.wire;

/** Errors that arise before a service is asked: unreadable requests, failed authentication, unknown operations. */
public final class ProtocolErrors {
    private ProtocolErrors() {}

    /** Encodes {@code error} as {@code protocol} has it; codes and statuses differ between the protocols. */
    public static WireResponse encode(Protocol protocol, WireException error, String requestId) {
        String message = String.valueOf(error.getMessage());
        String code = error.code(protocol);
        int status = error.status(protocol);
        return switch (protocol) {
            case JSON -> JsonErrors.encode(JsonCodec.CONTENT_TYPE, code, status, message, null, requestId);
            case REST_JSON -> JsonErrors.encode("application/json", code, status, message, null, requestId);
            case QUERY -> QueryCodec.error(status, code, message, null, requestId);
            case REST_XML -> RestXmlErrors.encode(status, code, message, null, requestId);
        };
    }

    /** The protocol that a request of an unknown service seems to be in. */
    public static Protocol guess(WireRequest request) {
        boolean json = request.header("x-amz-target").isPresent()
                || request.header("content-type").orElse("").contains("json");
        return json ? Protocol.JSON : Protocol.QUERY;
    }
}

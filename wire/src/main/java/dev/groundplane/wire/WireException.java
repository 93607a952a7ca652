package dev.groundplane.wire;

/**
 * A request that the protocol layer refuses before any service sees it: unreadable bodies, unknown operations, failed
 * authentication. AWS names and numbers the same condition differently in its JSON and XML protocols; this knows both.
 */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String queryCode;
    private final int jsonStatus;
    private final int queryStatus;

    private WireException(String code, int jsonStatus, String queryCode, int queryStatus, String message) {
        super(message, null, false, false);
        this.code = code;
        this.jsonStatus = jsonStatus;
        this.queryCode = queryCode;
        this.queryStatus = queryStatus;
    }

    /** An error whose code and status are the same in every protocol. */
    public static WireException of(String code, int status, String message) {
        return new WireException(code, status, code, status, message);
    }

    /** An error that AWS names differently in the JSON protocols and in Query. */
    public static WireException of(String code, int jsonStatus, String queryCode, int queryStatus, String message) {
        return new WireException(code, jsonStatus, queryCode, queryStatus, message);
    }

    /** The body does not have the form that the operation's model asks for; 400. */
    public static WireException serialization(String message) {
        return of("SerializationException", 400, "MalformedInput", 400, message);
    }

    /** The operation is not one of the service's; 400. */
    public static WireException unknownOperation(String message) {
        return of("UnknownOperationException", 400, "InvalidAction", 400, message);
    }

    /** AWS documents the operation, this installation does not have it; 501, naming it. */
    public static WireException notImplemented(String service, String operation) {
        return of(
                "NotImplementedException",
                501,
                "NotImplemented",
                501,
                "%s %s is not implemented by Groundplane. docs/coverage lists what is.".formatted(service, operation));
    }

    /** The wire code under {@code protocol}. */
    public String code(Protocol protocol) {
        return switch (protocol) {
            case JSON, REST_JSON -> code;
            case QUERY -> queryCode;
            case REST_XML -> RestXmlErrors.code(queryCode);
        };
    }

    /** The HTTP status under {@code protocol}. */
    public int status(Protocol protocol) {
        return switch (protocol) {
            case JSON, REST_JSON -> jsonStatus;
            case QUERY -> queryStatus;
            case REST_XML -> RestXmlErrors.status(queryCode, queryStatus);
        };
    }
}

package dev.groundplane.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what is so malformed that nobody can tell which service it is for, in the form of S3's errors: only S3's requests
 * have paths and headers that grow. Source: S3 API reference, "Error responses".
 */
final class UnreadableRequests implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String code = switch (status) {
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "RequestHeaderSectionTooLarge";
            case HttpStatus.URI_TOO_LONG_414, HttpStatus.BAD_REQUEST_400 -> "InvalidURI";
            default -> status < HttpStatus.INTERNAL_SERVER_ERROR_500 ? "InvalidRequest" : "InternalError";
        };
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(code, HttpStatus.getMessage(status));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml");
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }
}

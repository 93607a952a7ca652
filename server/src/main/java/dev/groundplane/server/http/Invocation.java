package dev.groundplane.server.http;

import dev.groundplane.wire.Codec;
import dev.groundplane.wire.OpenEnded;
import dev.groundplane.wire.OperationModel;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * One operation called on a service, with the content that streams in or out.
 *
 * @param operation what was called
 * @param response what the service answered
 * @param content what follows the response's members; whoever writes it closes it. Null when nothing does
 */
record Invocation(
        OperationModel operation,
        SdkPojo response,
        @Nullable InputStream content) {
    private static final String ANY_TYPE = "application/octet-stream";

    /**
     * Calls an operation.
     *
     * @param decoded the SDK's request object
     * @param request what it was decoded from; its content is read by the service
     * @throws WireException {@code MissingContentLength} when content comes without its length
     */
    static Invocation of(OperationModel operation, SdkClient service, SdkPojo decoded, WireRequest request) {
        return switch (operation.streaming()) {
            case NONE -> new Invocation(operation, operation.invoke(service, decoded), null);
            case REQUEST -> new Invocation(operation, operation.invoke(service, decoded, body(request)), null);
            case RESPONSE -> {
                ResponseInputStream<?> opened = operation.open(service, decoded);
                yield new Invocation(operation, (SdkPojo) opened.response(), opened);
            }
        };
    }

    private static RequestBody body(WireRequest request) {
        InputStream content = Optional.ofNullable(request.content()).orElseGet(InputStream::nullInputStream);
        if (content instanceof OpenEnded) {
            return RequestBody.fromContentProvider(
                    () -> content, 0, ANY_TYPE); // the service looks at the content itself
        }
        return RequestBody.fromContentProvider(() -> content, length(request), ANY_TYPE);
    }

    /**
     * How long the content of a request is, without what its framing adds.
     *
     * @throws WireException {@code MissingContentLength} when it does not say
     */
    static long length(WireRequest request) {
        return request.header("x-amz-decoded-content-length")
                .or(() -> request.header("content-length"))
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElseThrow(() -> WireException.of(
                        "MissingContentLength", 411, "You must provide the Content-Length HTTP header."));
    }

    WireResponse encoded(Codec codec, String requestId) {
        WireResponse head = codec.encode(operation, response, requestId);
        return content == null ? head : head.withContent(content);
    }
}

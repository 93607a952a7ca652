package dev.groundplane.server.http;

import dev.groundplane.services.ecs.AgentChannel;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.ProtocolErrors;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Jetty's handler: {@code /health}, operators' pages, the agents' {@code /ws}, and AWS API requests on all other paths. */
final class HttpFront extends Handler.Abstract {
    /** AWS's JSON and Query services take far less; what is larger is refused before it is read. */
    private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    private final FrontDoor door;
    private final BrowserDoor browsers;
    private final ManagedInstanceDoor instances;
    private final AgentSockets sockets;
    private final OperatorDoor operators;
    private final ParallelClusterDoor clusters;
    private final HeadNodeDoor headNodes;
    private final Supplier<String> health;

    HttpFront(
            FrontDoor door,
            BrowserDoor browsers,
            ManagedInstanceDoor instances,
            AgentSockets sockets,
            OperatorDoor operators,
            ParallelClusterDoor clusters,
            HeadNodeDoor headNodes,
            Supplier<String> health) {
        this.door = door;
        this.browsers = browsers;
        this.instances = instances;
        this.sockets = sockets;
        this.operators = operators;
        this.clusters = clusters;
        this.headNodes = headNodes;
        this.health = health;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        try {
            return answer(request, response, callback);
        } finally {
            LogContext.clear();
        }
    }

    private boolean answer(Request request, Response response, Callback callback) throws IOException {
        String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "/");
        // A bucket that the host names may have an object of that key, asked for with a signature.
        if (path.equals("/health")
                && Objects.requireNonNullElse(request.getHttpURI().getQuery(), "")
                        .isEmpty()
                && request.getHeaders().get("authorization") == null) {
            write(
                    response,
                    callback,
                    new WireResponse(
                            200,
                            Map.of("Content-Type", "application/json"),
                            health.get().getBytes(StandardCharsets.UTF_8)));
            return true;
        }
        WireRequest head = head(request, path);
        if (operators.handles(head)) {
            write(response, callback, operators.answer(head, Request.getRemoteAddr(request)));
            return true;
        }
        WireRequest wire = door.streams(head) || browsers.streams(head)
                ? head.withContent(Content.Source.asInputStream(request))
                : read(request, head);
        if (wire == null) {
            WireException tooLarge = WireException.of(
                    "RequestEntityTooLargeException",
                    413,
                    "the body is larger than %d bytes".formatted(MAX_BODY_BYTES));
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            write(response, callback, ProtocolErrors.encode(Protocol.JSON, tooLarge, ""));
            return true;
        }
        String peer = Request.getRemoteAddr(request);
        if (path.equals("/ws") && request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
            return connectAgent(request, response, callback, wire, peer);
        }
        write(response, callback, answer(wire, peer, request.isSecure() ? "https" : "http"));
        return true;
    }

    private WireResponse answer(WireRequest request, String peer, String scheme) {
        if (headNodes.handles(request)) {
            return headNodes.answer(request);
        }
        if (clusters.handles(request)) {
            return clusters.answer(request, peer, scheme);
        }
        return instances.handles(request) ? instances.answer(request, peer) : browsers.answer(request, peer, scheme);
    }

    private boolean connectAgent(Request request, Response response, Callback callback, WireRequest wire, String peer) {
        try {
            FrontDoor.Admission admission = door.admit(wire, peer, "ecs:Poll");
            return sockets.upgrade(admission, request, response, callback);
        } catch (AgentChannel.Refused e) {
            write(response, callback, AgentSockets.refusal(e.code(), e.getMessage()));
        } catch (WireException e) {
            write(response, callback, AgentSockets.refusal("AccessDeniedException", e.getMessage()));
        }
        return true;
    }

    private static WireRequest head(Request request, String path) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), n -> new ArrayList<>(1))
                    .add(Objects.requireNonNullElse(field.getValue(), ""));
        }
        String query = Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
        return new WireRequest(request.getMethod(), path, query, headers, new byte[0]);
    }

    /** @return null when the body is too large */
    private static @Nullable WireRequest read(Request request, WireRequest head) throws IOException {
        if (request.getLength() > MAX_BODY_BYTES) {
            return null;
        }
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(MAX_BODY_BYTES + 1);
        }
        return body.length > MAX_BODY_BYTES ? null : head.withBody(body);
    }

    private static void write(Response response, Callback callback, WireResponse wire) {
        response.setStatus(wire.status());
        wire.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        InputStream content = wire.content();
        if (content == null) {
            response.write(true, ByteBuffer.wrap(wire.body()), callback);
        } else {
            ContentWriter.write(content, response, callback);
        }
    }
}

package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.ecs.AgentChannel;
import dev.groundplane.services.ecs.AgentConnection;
import dev.groundplane.wire.WireResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's WebSockets as the agents' connections. */
final class AgentSockets {
    private static final Logger LOG = LoggerFactory.getLogger(AgentSockets.class);
    /** Agents answer a heartbeat every 20 s: a silent one is gone. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private static final long MAX_MESSAGE_BYTES = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServerWebSocketContainer container;
    private final Supplier<AgentChannel> channel;

    AgentSockets(Server server, Supplier<AgentChannel> channel) {
        this.container = ServerWebSocketContainer.ensure(server);
        this.channel = channel;
        container.setIdleTimeout(IDLE);
        container.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
    }

    /** @throws AgentChannel.Refused when the instance may not connect */
    boolean upgrade(FrontDoor.Admission admission, Request request, Response response, Callback callback)
            throws AgentChannel.Refused {
        Scope scope = admission.scope();
        String instance = Request.extractQueryParameters(request).getValue("containerInstanceArn");
        channel.get().admit(scope, admission.caller().userName(), instance);
        return container.upgrade(
                (req, res, cb) -> new Socket(scope, instance, channel.get()), request, response, callback);
    }

    /** The body that agents read when a connection is refused. */
    static WireResponse refusal(String code, @Nullable String message) {
        try {
            return new WireResponse(
                    400,
                    Map.of("Content-Type", "application/json"),
                    JSON.writeValueAsBytes(Map.of(code, String.valueOf(message))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings always has a JSON form", e);
        }
    }

    /** One agent's connection. Jetty calls it from one thread at a time. */
    public static final class Socket implements Session.Listener.AutoDemanding, AgentConnection {
        private final Scope scope;
        private final String instance;
        private final AgentChannel channel;
        private volatile @Nullable Session session;

        Socket(Scope scope, String instance, AgentChannel channel) {
            this.scope = scope;
            this.instance = instance;
            this.channel = channel;
        }

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
            channel.opened(scope, instance, this);
        }

        @Override
        public void onWebSocketText(String message) {
            channel.received(scope, instance, message);
        }

        @Override
        public void onWebSocketClose(int statusCode, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
            channel.closed(scope, instance, this);
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            LOG.info("connection of {} broke: {}", instance, cause.toString());
        }

        @Override
        public void send(String text) {
            Session current = session;
            if (current != null && current.isOpen()) {
                current.sendText(
                        text, org.eclipse.jetty.websocket.api.Callback.from(() -> {}, failure -> close("send failed")));
            }
        }

        @Override
        public void close(String reason) {
            Session current = session;
            if (current != null) {
                current.close(StatusCode.SHUTDOWN, reason, org.eclipse.jetty.websocket.api.Callback.NOOP);
            }
        }
    }
}

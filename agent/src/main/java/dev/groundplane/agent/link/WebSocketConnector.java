package dev.groundplane.agent.link;

import dev.groundplane.agent.link.ConnectFailure.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Opens the agent protocol's WebSocket: signed, one text frame or more per message. Thread safe. */
public final class WebSocketConnector implements ChannelConnector {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(30);
    /** In the body of a refusal, as ECS words it. */
    private static final String DEREGISTERED = "\"InactiveInstanceException\"";

    private static final int FIRST_CLIENT_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;

    private final HttpClient client;
    private final HandshakeSigner signer;
    private final String agentVersion;

    /**
     * A connector that signs with these credentials as they are at each attempt.
     *
     * @param client see {@link #client}
     * @param clock the time to sign with
     */
    public WebSocketConnector(
            HttpClient client, AwsCredentialsProvider credentials, String region, Clock clock, String agentVersion) {
        this.client = client;
        this.signer = new HandshakeSigner(credentials, region, clock);
        this.agentVersion = agentVersion;
    }

    /**
     * What opens the sockets.
     *
     * @param tls whom to trust; empty for whom the JVM does
     */
    public static HttpClient client(Optional<SSLContext> tls) {
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
        tls.ifPresent(builder::sslContext);
        return builder.build();
    }

    @Override
    public MessageChannel connect(URI endpoint, Instance instance) throws ConnectFailure, InterruptedException {
        var uri = withQuery(endpoint, instance);
        // Of the whole handshake, other than the client's own limit. To give up early what a busy control plane is
        // about to
        // answer makes it busier: it answers all the same, and then once more.
        var builder = client.newWebSocketBuilder().connectTimeout(HANDSHAKE_LIMIT);
        signer.sign(uri).forEach(builder::header);
        var channel = new WebSocketChannel();
        try {
            builder.buildAsync(asWebSocket(uri), channel.listener())
                    .get(HANDSHAKE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return channel;
        } catch (TimeoutException e) {
            channel.close();
            throw new ConnectFailure("%s does not answer the opening handshake".formatted(endpoint), Answer.NONE, e);
        } catch (ExecutionException e) {
            throw failure(endpoint, Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private URI withQuery(URI endpoint, Instance instance) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("agentHash", "groundplane");
        parameters.put("agentVersion", agentVersion);
        parameters.put("clusterArn", instance.cluster());
        parameters.put("containerInstanceArn", instance.arn());
        parameters.put("protocolVersion", "2");
        parameters.put("sendCredentials", "true");
        parameters.put("seqNum", "1");
        var query =
                parameters.entrySet().stream().map(WebSocketConnector::encode).collect(Collectors.joining("&"));
        var base = endpoint.toString().replaceAll("/+$", "");
        return URI.create(asHttp(base) + "/ws?" + query);
    }

    private static String encode(Map.Entry<String, String> parameter) {
        return parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8);
    }

    private static String asHttp(String endpoint) {
        return endpoint.startsWith("ws") ? "http" + endpoint.substring("ws".length()) : endpoint;
    }

    private static URI asWebSocket(URI uri) {
        return URI.create("ws" + uri.toString().substring("http".length()));
    }

    private static ConnectFailure failure(URI endpoint, Throwable cause) {
        if (cause instanceof WebSocketHandshakeException handshake && handshake.getResponse() != null) {
            var response = handshake.getResponse();
            var status = response.statusCode();
            return new ConnectFailure(
                    "%s answered %d: %s".formatted(endpoint, status, response.body()),
                    answer(status, String.valueOf(response.body())),
                    cause);
        }
        var what = cause instanceof IOException ? cause.getMessage() : cause.toString();
        return new ConnectFailure(
                "cannot connect to %s: %s".formatted(endpoint, what == null ? cause : what), Answer.NONE, cause);
    }

    private static Answer answer(int status, String body) {
        if (status < FIRST_CLIENT_ERROR || status >= FIRST_SERVER_ERROR) {
            return Answer.NONE;
        }
        return body.contains(DEREGISTERED) ? Answer.DEREGISTERED : Answer.REFUSED;
    }
}

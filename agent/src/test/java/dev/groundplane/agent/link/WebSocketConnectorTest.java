package dev.groundplane.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.groundplane.agent.link.ConnectFailure.Answer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Against a server that knows as much of RFC 6455 as these tests need. */
@Timeout(60)
class WebSocketConnectorTest {
    private static final Instance INSTANCE = new Instance("default", "arn:aws:ecs:r:1:container-instance/default/i");
    private static final Duration LONG = Duration.ofSeconds(30);

    private ServerSocket server;
    private WebSocketConnector connector;

    @BeforeEach
    void begin() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));
        connector = new WebSocketConnector(
                WebSocketConnector.client(Optional.empty()), credentials, "us-east-1", Clock.systemUTC(), "1.0");
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:%d/".formatted(server.getLocalPort()));
    }

    /** The opening request: its first line under the empty name, then its headers. */
    private static Map<String, String> request(DataInputStream input) throws IOException {
        var request = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        request.put("", line(input));
        for (var line = line(input); !line.isEmpty(); line = line(input)) {
            var parts = line.split(": ", 2);
            request.put(parts[0], parts[1]);
        }
        return request;
    }

    private static String line(DataInputStream input) throws IOException {
        var line = new StringBuilder();
        for (var next = input.read(); next != '\n'; next = input.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static void accept(OutputStream output, Map<String, String> request)
            throws IOException, GeneralSecurityException {
        var key = request.get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        var digest = MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.US_ASCII));
        var answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        output.write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(OutputStream output, int head, String text) throws IOException {
        output.write(head);
        output.write(text.length());
        output.write(text.getBytes(StandardCharsets.US_ASCII));
        output.flush();
    }

    private static String unmasked(DataInputStream input) throws IOException {
        input.readByte();
        var bytes = new byte[input.readByte() & 0x7F];
        var mask = input.readNBytes(4);
        input.readFully(bytes);
        for (var index = 0; index < bytes.length; index++) {
            bytes[index] ^= mask[index % 4];
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private interface Conversation {
        void hold(DataInputStream input, OutputStream output) throws IOException, GeneralSecurityException;
    }

    /** In a thread of its own: the JDK's HTTP client needs the common pool, which is small on small hosts. */
    private CompletableFuture<Void> serve(Conversation conversation) {
        var served = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                conversation.hold(new DataInputStream(socket.getInputStream()), socket.getOutputStream());
                served.complete(null);
            } catch (IOException | GeneralSecurityException e) {
                served.completeExceptionally(e);
            }
        });
        return served;
    }

    @Test
    void messagesGoBothWaysOverASignedConnection() throws Exception {
        var opening = new CompletableFuture<Map<String, String>>();
        var heard = new CompletableFuture<String>();
        var served = serve((input, output) -> {
            var request = request(input);
            opening.complete(request);
            accept(output, request);
            var firstPartOfText = 0x01;
            var lastPart = 0x80;
            frame(output, firstPartOfText, "hel");
            frame(output, lastPart, "lo");
            heard.complete(unmasked(input));
        });
        try (var channel = connector.connect(endpoint(), INSTANCE)) {
            assertThat(channel.receive(LONG)).contains("hello");
            channel.send("good day");
            assertThat(heard.join()).isEqualTo("good day");
            served.join();
            assertThat(channel.receive(LONG)).isEmpty();
        }
        assertThat(opening.join().get(""))
                .startsWith("GET /ws?")
                .contains(
                        "clusterArn=default",
                        "containerInstanceArn=arn%3Aaws%3Aecs%3Ar%3A1%3Acontainer-instance%2Fdefault%2Fi",
                        "agentVersion=1.0",
                        "protocolVersion=2",
                        "sendCredentials=true",
                        "seqNum=1");
        assertThat(opening.join().get("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
                .contains("/us-east-1/ecs/aws4_request", "SignedHeaders=host;");
    }

    @Test
    void aRefusalIsToldFromSilence() throws Exception {
        var served = serve((input, output) -> {
            request(input);
            var body = "{\"InactiveInstanceException\":\"gone\"}";
            var answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body);
            output.write(answer.getBytes(StandardCharsets.US_ASCII));
        });
        var refused = catchThrowableOfType(ConnectFailure.class, () -> connector.connect(endpoint(), INSTANCE));
        served.join();
        assertThat(refused.answer()).isEqualTo(Answer.DEREGISTERED);
        assertThat(refused).hasMessageContaining("400").hasMessageContaining("InactiveInstanceException");
        server.close();
        var away = catchThrowableOfType(ConnectFailure.class, () -> connector.connect(endpoint(), INSTANCE));
        assertThat(away.answer()).isEqualTo(Answer.NONE);
    }
}

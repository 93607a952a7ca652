package dev.groundplane.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Enrollment and credentials against a small control plane that answers as it is told. */
class EnrollmentTest {
    private static final Activation ACTIVATION = new Activation("id", "code");

    @TempDir
    private Path directory;

    private final List<String> asked = new ArrayList<>();
    private final List<JsonNode> members = new ArrayList<>();
    private HttpServer server;
    private SdkHttpClient http;
    private Path file;
    private String refusal = "";
    private boolean updateKeyPair;
    private Duration life = Duration.ofHours(1);
    private Duration passed = Duration.ZERO;

    @BeforeEach
    void listen() throws IOException {
        file = directory.resolve("identity.json");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        http = UrlConnectionHttpClient.create();
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("AmazonSSM.", "");
        asked.add(operation);
        members.add(Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
        var answer = Json.MAPPER.createObjectNode();
        if (operation.equals(refusal.split(" ", 2)[0])) {
            answer.put("__type", refusal.split(" ", 2)[1]).put("message", "no");
        } else if (operation.equals("RegisterManagedInstance")) {
            answer.put("InstanceId", "mi-1");
        } else if (operation.equals("RequestManagedInstanceRoleToken")) {
            answer.put("AccessKeyId", "ASIA" + asked.size())
                    .put("SecretAccessKey", "secret")
                    .put("SessionToken", "token")
                    .put(
                            "TokenExpirationDate",
                            Instant.now().plus(passed).plus(life).getEpochSecond())
                    .put("UpdateKeyPair", updateKeyPair);
        }
        var bytes = Json.MAPPER.writeValueAsBytes(answer);
        exchange.sendResponseHeaders(answer.has("__type") ? 400 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private ControlPlaneClock clock() {
        return new ControlPlaneClock(Clock.offset(Clock.systemUTC(), passed));
    }

    private Enrollment enrollment(ControlPlaneClock clock) {
        var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Enrollment(http, new Endpoints(List.of(endpoint)), "us-east-1", clock, file);
    }

    private Enrollment enrolled() throws Exception {
        var enrollment = enrollment(clock());
        enrollment.enroll(Optional.of(ACTIVATION));
        return enrollment;
    }

    @Test
    void registersOnce() throws Exception {
        enrolled();
        assertThat(enrollment(clock()).enroll(Optional.empty())).isEqualTo("mi-1");

        assertThat(asked).containsExactly("RegisterManagedInstance");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aKeyThatWasMadeIsUsedAgainWhenTheAnswerWasLost() throws Exception {
        refusal = "RegisterManagedInstance InvalidActivation";
        assertThatThrownBy(this::enrolled)
                .isInstanceOf(EnrollmentRefused.class)
                .hasMessageContaining("InvalidActivation")
                .hasMessageNotContaining("code");
        refusal = "";
        enrolled();

        assertThat(members.get(1)).isEqualTo(members.get(0));
    }

    @Test
    void registersAnewWithAnActivationWhenItIsNoLongerRegistered() throws Exception {
        enrolled();
        refusal = "RequestManagedInstanceRoleToken InvalidInstanceId";
        enrolled();

        assertThat(asked)
                .containsExactly(
                        "RegisterManagedInstance", "RequestManagedInstanceRoleToken", "RegisterManagedInstance");
        assertThat(members.get(2).path("Fingerprint"))
                .isNotEqualTo(members.get(0).path("Fingerprint"));
    }

    @Test
    void keepsCredentialsUntilHalfOfTheirLife() throws Exception {
        var credentials = new RotatingCredentials(enrolled(), clock());
        var first = credentials.resolveCredentials();

        assertThat(credentials.resolveCredentials()).isEqualTo(first);

        life = Duration.ofSeconds(-1);
        var ended = new RotatingCredentials(enrolled(), clock());
        assertThat(ended.resolveCredentials()).isNotEqualTo(ended.resolveCredentials());
    }

    @Test
    void saysThatTheHostWasDeregistered() throws Exception {
        var credentials = new RotatingCredentials(enrolled(), clock());
        refusal = "RequestManagedInstanceRoleToken InvalidInstanceId";

        assertThatThrownBy(credentials::resolveCredentials)
                .isInstanceOf(SdkClientException.class)
                .hasMessageContaining("mi-1 is not, or no longer, registered");
    }

    @Test
    void changesItsKeyWhenAskedTo() throws Exception {
        var enrollment = enrolled();
        var before = HostIdentity.read(file).orElseThrow();
        updateKeyPair = true;
        enrollment.token();

        var after = HostIdentity.read(file).orElseThrow();
        assertThat(after.privateKey()).isNotEqualTo(before.privateKey());
        assertThat(after.nextPrivateKey()).isNull();
        assertThat(members.getLast().path("NewPublicKey").asText())
                .isEqualTo(HostKey.decode(after.privateKey()).publicKey());
    }

    @Test
    void aChangeOfKeysThatWasInterruptedIsTakenUpAgain() throws Exception {
        var enrollment = enrolled();
        updateKeyPair = true;
        refusal = "UpdateManagedInstancePublicKey InternalServerError";
        enrollment.token();
        var pending = HostIdentity.read(file).orElseThrow();
        assertThat(pending.nextPrivateKey()).isNotNull();

        refusal = "";
        enrollment.token();

        assertThat(HostIdentity.read(file).orElseThrow().privateKey()).isEqualTo(pending.nextPrivateKey());
    }
}

package dev.groundplane.agent.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * The calls of a managed instance that AWS's SDKs do not have: JSON 1.1, unsigned, signed with the host's RSA key, or with
 * credentials. Source: the AWS SSM agent's {@code agent/ssm}. Thread safe.
 */
final class InstanceCalls {
    private static final String SERVICE = "ssm";
    private static final String CONTENT_TYPE = "application/x-amz-json-1.1";
    private static final String SIGNED_HEADERS = "content-type;host;x-amz-date;x-amz-target";
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int OK = 200;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final SdkHttpClient http;
    private final Endpoints endpoints;
    private final String region;
    private final ControlPlaneClock clock;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    InstanceCalls(SdkHttpClient http, Endpoints endpoints, String region, ControlPlaneClock clock) {
        this.http = http;
        this.endpoints = endpoints;
        this.region = region;
        this.clock = clock;
    }

    /** A call that nothing but its content authorises. */
    JsonNode unsigned(String operation, ObjectNode members) throws IOException, CallRefused {
        var body = Json.MAPPER.writeValueAsBytes(members);
        return send(request(operation, endpoints.current()).build(), body);
    }

    /** A call as the host itself. */
    JsonNode signed(String operation, ObjectNode members, String instanceId, HostKey key)
            throws IOException, CallRefused {
        var body = Json.MAPPER.writeValueAsBytes(members);
        var endpoint = endpoints.current();
        var request = request(operation, endpoint);
        var timestamp = TIMESTAMP.format(clock.instant());
        request.putHeader("X-Amz-Date", timestamp);
        var canonical = String.join(
                "\n",
                "POST",
                "/",
                "",
                "content-type:" + CONTENT_TYPE,
                "host:" + hostHeader(endpoint),
                "x-amz-date:" + timestamp,
                "x-amz-target:" + target(operation),
                "",
                SIGNED_HEADERS,
                sha256(body));
        var scope = "%s/%s/%s/aws4_request".formatted(timestamp.substring(0, 8), region, SERVICE);
        var toSign = String.join(
                "\n", "AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        request.putHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                        .formatted(instanceId, scope, SIGNED_HEADERS, key.sign(toSign)));
        return send(request.build(), body);
    }

    /** A call with credentials of the host's role. */
    JsonNode signed(String operation, ObjectNode members, AwsCredentialsIdentity credentials)
            throws IOException, CallRefused {
        var body = Json.MAPPER.writeValueAsBytes(members);
        var signed = signer.sign(signing -> signing.identity(credentials)
                .request(request(operation, endpoints.current()).build())
                .payload(ContentStreamProvider.fromByteArray(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock));
        return send(signed.request(), body);
    }

    private static SdkHttpRequest.Builder request(String operation, URI endpoint) {
        return SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(endpoint.resolve("/"))
                .putHeader("Host", hostHeader(endpoint))
                .putHeader("Content-Type", CONTENT_TYPE)
                .putHeader("X-Amz-Target", target(operation));
    }

    /** As HTTP clients write it: without the scheme's own port. */
    private static String hostHeader(URI endpoint) {
        var port = endpoint.getPort();
        var own = "https".equals(endpoint.getScheme()) ? 443 : 80;
        return port < 0 || port == own ? endpoint.getHost() : endpoint.getHost() + ":" + port;
    }

    private static String target(String operation) {
        return "AmazonSSM." + operation;
    }

    private JsonNode send(SdkHttpRequest request, byte[] body) throws IOException, CallRefused {
        var response = http.prepareRequest(HttpExecuteRequest.builder()
                        .request(request.toBuilder()
                                .putHeader("Content-Length", Integer.toString(body.length))
                                .build())
                        .contentStreamProvider(ContentStreamProvider.fromByteArray(body))
                        .build())
                .call();
        var status = response.httpResponse().statusCode();
        var content = response.responseBody();
        byte[] bytes = {};
        if (content.isPresent()) {
            try (var in = content.get()) {
                bytes = in.readAllBytes();
            }
        }
        var answer = parse(bytes, status);
        if (status == OK) {
            return answer;
        }
        var type = answer.path("__type").asText("status " + status);
        throw new CallRefused(
                type.substring(type.indexOf('#') + 1),
                answer.path("message").asText(answer.path("Message").asText("no reason given")),
                status >= FIRST_SERVER_ERROR);
    }

    private static JsonNode parse(byte[] bytes, int status) throws IOException {
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new IOException("the answer, with status %d, is none of a control plane's".formatted(status));
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}

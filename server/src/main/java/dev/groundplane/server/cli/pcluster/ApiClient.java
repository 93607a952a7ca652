package dev.groundplane.server.cli.pcluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.tls.Authorities;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Calls ParallelCluster's REST API at the installation's endpoint, signed with its root's key. Thread-safe. */
final class ApiClient {
    private static final String SERVICE = "execute-api";
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** What Java's client sends itself. */
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final @Nullable String region;
    private final HttpClient http;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /**
     * What the API answered.
     *
     * @param status of HTTP
     * @param body a JSON object
     */
    record Answer(int status, JsonNode body) {
        /** Whether it did what it was asked to. */
        boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    /** @param region that calls are about; null for the connection's */
    ApiClient(Connection connection, @Nullable String region) {
        this.connection = connection;
        this.region = region;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_PATIENCE);
        if (connection.authorities() != null) {
            builder.sslContext(trusting(Path.of(connection.authorities())));
        }
        http = builder.build();
    }

    private static SSLContext trusting(Path authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {Authorities.trust(Optional.of(authorities))}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM has no TLS", e);
        }
    }

    /** {@code GET /v3/clusters}. */
    Answer listClusters(Map<String, List<String>> query) throws InterruptedException {
        return call(SdkHttpMethod.GET, "/v3/clusters", query, null);
    }

    /** {@code POST /v3/clusters}. */
    Answer createCluster(String name, String configuration, Map<String, List<String>> query)
            throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("clusterName", name).put("clusterConfiguration", configuration);
        return call(SdkHttpMethod.POST, "/v3/clusters", query, body);
    }

    /** {@code GET /v3/clusters/NAME}. */
    Answer describeCluster(String name) throws InterruptedException {
        return call(SdkHttpMethod.GET, path(name), Map.of(), null);
    }

    /** {@code DELETE /v3/clusters/NAME}. */
    Answer deleteCluster(String name) throws InterruptedException {
        return call(SdkHttpMethod.DELETE, path(name), Map.of(), null);
    }

    /** {@code GET /v3/clusters/NAME/computefleet}. */
    Answer describeComputeFleet(String name) throws InterruptedException {
        return call(SdkHttpMethod.GET, path(name) + "/computefleet", Map.of(), null);
    }

    /** {@code PATCH /v3/clusters/NAME/computefleet}. */
    Answer updateComputeFleet(String name, String status) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("status", status);
        return call(SdkHttpMethod.PATCH, path(name) + "/computefleet", Map.of(), body);
    }

    /** {@code GET /v3/clusters/NAME/instances}. */
    Answer describeClusterInstances(String name, Map<String, List<String>> query) throws InterruptedException {
        return call(SdkHttpMethod.GET, path(name) + "/instances", query, null);
    }

    private static String path(String name) {
        return "/v3/clusters/" + encoded(name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Answer call(
            SdkHttpMethod method, String path, Map<String, List<String>> query, @Nullable ObjectNode members)
            throws InterruptedException {
        Map<String, List<String>> parameters = new TreeMap<>(query);
        if (region != null) {
            parameters.put("region", List.of(region));
        }
        URI uri = URI.create(connection.endpoint() + path + queryString(parameters));
        String body = members == null ? "" : members.toString();
        try {
            HttpResponse<byte[]> response = http.send(signed(method, uri, body), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), parse(response));
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL,
                    "no answer from %s: %s; './groundplane status' shows what runs"
                            .formatted(connection.endpoint(), reason(e)),
                    e);
        }
    }

    private static String queryString(Map<String, List<String>> parameters) {
        String pairs = parameters.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> entry.getKey() + "=" + encoded(value)))
                .collect(Collectors.joining("&"));
        return pairs.isEmpty() ? "" : "?" + pairs;
    }

    private HttpRequest signed(SdkHttpMethod method, URI uri, String body) {
        SdkHttpRequest.Builder unsigned =
                SdkHttpRequest.builder().method(method).uri(uri);
        if (!body.isEmpty()) {
            unsigned.putHeader("Content-Type", "application/json");
        }
        SdkHttpRequest signed = signer.sign(signing -> signing.identity(
                                AwsBasicCredentials.create(connection.accessKeyId(), connection.secretAccessKey()))
                        .request(unsigned.build())
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, connection.region()))
                .request();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .method(method.name(), body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        signed.forEachHeader((name, values) -> {
            if (OWN_HEADERS.stream().noneMatch(name::equalsIgnoreCase)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private JsonNode parse(HttpResponse<byte[]> response) throws IOException {
        try {
            JsonNode body = JSON.readTree(response.body());
            if (body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        throw new IOException("what came, with status %d, is no answer of the API".formatted(response.statusCode()));
    }

    /** Some of Java's exceptions have no message; what they are says it. */
    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}

package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.audit.AuditQuery;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.ecs.Ecs;
import dev.groundplane.services.ecs.EcsService;
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.services.iam.Authorizer;
import dev.groundplane.services.iam.Principal;
import dev.groundplane.services.sts.StsService;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** A front door with ECS and STS behind it, on a real store, and callers who sign with the SDK's signer. */
final class FrontDoorFixture implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Instant NOW = Instant.parse("2026-01-15T12:00:00.250Z");
    private static final Scope HOME = new Scope(ACCOUNT, "us-east-1");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final AuditTrail trail;
    private final Ecs ecs;
    final Principal root;
    final Principal reader;
    final FrontDoor door;

    FrontDoorFixture(Path directory) {
        database = new SqliteDatabase(
                directory.resolve("db"),
                Stream.of(Resources.MIGRATIONS, AuditTrail.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList());
        Events events = new Events();
        trail = new AuditTrail(database);
        AccessKeys keys = new AccessKeys(database, events);
        root = keys.create(ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":root", ACCOUNT, "Root", List.of("*"));
        reader = keys.create(
                ACCOUNT,
                "arn:aws:iam::" + ACCOUNT + ":user/reader",
                "AIDAREADER",
                "IAMUser",
                List.of("ecs:Describe*", "ecs:Poll"));
        ecs = new Ecs(database, events, () -> NOW, "http://127.0.0.1:4566");
        ServiceCatalog catalog = new ServiceCatalog(List.of(
                new ServiceEndpoint(StsClient.class, StsService.class, "sts", "2011-06-15", StsService::new),
                new ServiceEndpoint(
                        EcsClient.class, EcsService.class, "ecs", "AmazonEC2ContainerServiceV20141113", ecs::client)));
        door = new FrontDoor(catalog, database, trail, keys, new Authorizer(), () -> NOW, HOME);
    }

    WireResponse answer(WireRequest request) {
        return door.answer(request, "192.0.2.7");
    }

    /** An unsigned call of ECS. */
    static SdkHttpFullRequest.Builder ecs(String operation) {
        return http("").putHeader("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + operation)
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("User-Agent", "test/1");
    }

    static SdkHttpFullRequest.Builder http(String query) {
        return SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:4566/" + query));
    }

    static WireRequest unsigned(SdkHttpFullRequest.Builder http, String body) {
        return wire(http.build(), body);
    }

    WireRequest signed(Principal principal, String service, SdkHttpFullRequest.Builder http, String body) {
        return signed(principal.caller().accessKeyId(), principal.secretAccessKey(), service, http, body);
    }

    static WireRequest signed(
            String keyId, String secret, String service, SdkHttpFullRequest.Builder http, String body) {
        return wire(
                AwsV4HttpSigner.create()
                        .sign(r -> r.identity(AwsCredentialsIdentity.create(keyId, secret))
                                .request(http.build())
                                .payload(ContentStreamProvider.fromUtf8String(body))
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                                .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                                .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
                        .request(),
                body);
    }

    private static WireRequest wire(SdkHttpRequest http, String body) {
        Map<String, List<String>> headers = new TreeMap<>();
        http.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(values)));
        return new WireRequest(
                http.method().name(),
                http.encodedPath(),
                http.encodedQueryParameters().orElse(""),
                headers,
                body.getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }

    static String text(WireResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Every record so far in both regions that calls are recorded in, newest first. */
    List<AuditRecord> records() {
        database.write(tx -> true); // what was appended later is stored now
        return Stream.of("us-east-1", "eu-west-1")
                .flatMap(region -> trail
                        .find(new AuditQuery(
                                ACCOUNT,
                                region,
                                NOW.minusSeconds(1),
                                NOW.plusSeconds(1),
                                Optional.empty(),
                                Optional.empty(),
                                100))
                        .stream())
                .map(AuditTrail.Found::record)
                .toList();
    }

    @Override
    public void close() {
        ecs.close();
        database.close();
    }
}

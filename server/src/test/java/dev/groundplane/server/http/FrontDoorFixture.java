package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.audit.AuditQuery;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.platform.store.Work;
import dev.groundplane.server.metrics.CallMetrics;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ecs.Ecs;
import dev.groundplane.services.ecs.EcsService;
import dev.groundplane.services.ecs.TaskRoles;
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.services.iam.Iam;
import dev.groundplane.services.iam.IamService;
import dev.groundplane.services.iam.Principal;
import dev.groundplane.services.parallelcluster.ParallelClusterApi;
import dev.groundplane.services.sts.ConfiguredKeys;
import dev.groundplane.services.sts.Sts;
import dev.groundplane.services.sts.StsService;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;
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
    private final Iam iam;
    private final Sts sts;
    private final SessionCredentials credentials;
    final Principal root;
    final SessionCredentials.Keys reader;
    Instant now = NOW;
    private final Set<String> setUp = new HashSet<>();
    final PrometheusRegistry metrics = new PrometheusRegistry();
    private final CallMetrics calls = new CallMetrics(metrics);
    final FrontDoor door;

    FrontDoorFixture(Path directory) {
        database = new SqliteDatabase(
                directory.resolve("db"),
                Stream.of(Resources.MIGRATIONS, AuditTrail.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList());
        Events events = new Events();
        trail = new AuditTrail(database);
        Encryption encryption = SecretKeyFile.open(directory.resolve("secret.key"), directory.resolve("none"));
        AccessKeys keys = new AccessKeys(database, events, encryption);
        root = database.write(tx -> keys.createRootKey(tx, ACCOUNT));
        iam = new Iam(database, events, keys, account -> Optional.empty(), () -> NOW);
        credentials = new SessionCredentials(encryption);
        sts = new Sts(
                credentials,
                account -> iam.client(new LookUp(account)),
                iam.authorizer(),
                keys::accountOf,
                ConfiguredKeys.none(),
                () -> NOW);
        TaskRoles roles =
                new TaskRoles(iam.rolePassing(), scope -> sts.client(new LookUp(scope.account())), name -> name);
        ecs = new Ecs(database, events, () -> NOW, roles, "http://127.0.0.1:4566");
        ServiceCatalog catalog = new ServiceCatalog(List.of(
                new ServiceEndpoint(StsClient.class, StsService.class, "sts", "2011-06-15", Sts.access(), sts::client)
                        .answeringUnsigned("AssumeRoleWithWebIdentity"),
                new ServiceEndpoint(IamClient.class, IamService.class, "iam", "2010-05-08", iam.access(), iam::client),
                new ServiceEndpoint(
                        EcsClient.class,
                        EcsService.class,
                        "ecs",
                        "AmazonEC2ContainerServiceV20141113",
                        AccessModel.onEverything("ecs"),
                        ecs::client)));
        door = new FrontDoor(
                catalog,
                database,
                trail,
                new Authenticator(keys, credentials, id -> true, () -> now),
                iam.authorizer(),
                () -> now,
                HOME,
                calls);
        role("Reader", "ecs:Describe*", "ecs:Poll");
        reader = session("Reader", "reader", NOW.plusSeconds(900));
        records().forEach(record -> setUp.add(record.eventId()));
    }

    /** STS looks for roles. */
    private record LookUp(String account) implements Call {
        @Override
        public Caller caller() {
            return Caller.service(account, "sts.amazonaws.com");
        }

        @Override
        public Scope scope() {
            return new Scope(account, "");
        }

        @Override
        public String requestId() {
            return "";
        }

        @Override
        public <R> R commit(Work<R> work) {
            throw new UnsupportedOperationException("a look-up changes nothing");
        }
    }

    /** Makes a role that trusts its account and may do the named actions. */
    void role(String name, String... actions) {
        String document = """
                {"Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}""";
        iam("CreateRole", "RoleName=" + name + "&AssumeRolePolicyDocument=" + encode(document));
        policy(name, "Allow", actions);
    }

    /** Adds a policy, named after its effect, to a role. */
    void policy(String role, String effect, String... actions) {
        String document = "{\"Statement\":{\"Effect\":\"%s\",\"Action\":[\"%s\"],\"Resource\":\"*\"}}"
                .formatted(effect, String.join("\",\"", actions));
        iam("PutRolePolicy", "RoleName=" + role + "&PolicyName=" + effect + "&PolicyDocument=" + encode(document));
    }

    /** Calls IAM as the root. */
    String iam(String action, String parameters) {
        WireResponse response = answer(signed(
                root,
                "iam",
                http("").putHeader("Content-Type", "application/x-www-form-urlencoded"),
                "Action=" + action + "&Version=2010-05-08&" + parameters));
        if (response.status() != 200) {
            throw new IllegalStateException(text(response));
        }
        return text(response);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Credentials of a session as STS would make them. */
    SessionCredentials.Keys session(String role, String name, Instant end) {
        String shown = iam("GetRole", "RoleName=" + role);
        Matcher id = Pattern.compile("<RoleId>(\\w+)</RoleId>").matcher(shown);
        if (!id.find()) {
            throw new IllegalStateException("no id in " + shown);
        }
        return credentials.issue(Caller.session(ACCOUNT, role, id.group(1), name, ""), end);
    }

    /** A door for ParallelCluster's API beside this one. */
    ParallelClusterDoor clusters(Function<Call, ParallelClusterApi> api) {
        return new ParallelClusterDoor(api, door, database, trail, () -> now, HOME, calls);
    }

    WireResponse answer(WireRequest request) {
        return door.answer(request, "192.0.2.7", "http");
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
            SessionCredentials.Keys keys, String service, SdkHttpFullRequest.Builder http, String body) {
        return signed(
                AwsSessionCredentialsIdentity.create(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()),
                service,
                http,
                body);
    }

    static WireRequest signed(
            String keyId, String secret, String service, SdkHttpFullRequest.Builder http, String body) {
        return signed(AwsCredentialsIdentity.create(keyId, secret), service, http, body);
    }

    static WireRequest signed(
            AwsCredentialsIdentity identity, String service, SdkHttpFullRequest.Builder http, String body) {
        return wire(
                AwsV4HttpSigner.create()
                        .sign(r -> r.identity(identity)
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

    /** Every record since the fixture was made, in both regions that calls are recorded in, newest first. */
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
                .filter(record -> !setUp.contains(record.eventId()))
                .toList();
    }

    /** How many calls were counted, by service, operation and code; without those to IAM that set the fixture up. */
    Map<String, Long> counted() {
        return metrics.scrape("groundplane_calls"::equals).stream()
                .map(CounterSnapshot.class::cast)
                .flatMap(calls -> calls.getDataPoints().stream())
                .filter(point -> !"iam".equals(point.getLabels().get("service")))
                .collect(Collectors.toMap(
                        point -> Stream.of("service", "operation", "code")
                                .map(point.getLabels()::get)
                                .collect(Collectors.joining(" ")),
                        point -> (long) point.getValue()));
    }

    @Override
    public void close() {
        ecs.close();
        database.close();
    }
}

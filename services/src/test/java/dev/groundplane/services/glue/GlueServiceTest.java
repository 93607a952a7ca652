package dev.groundplane.services.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.integration.DataFilter;
import dev.groundplane.services.integration.IntegrationClaims;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.integration.SourceFinding;
import dev.groundplane.services.integration.ZeroEtl;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.ConflictException;
import software.amazon.awssdk.services.glue.model.ConnectionStatus;
import software.amazon.awssdk.services.glue.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Integration;
import software.amazon.awssdk.services.glue.model.IntegrationNotFoundException;
import software.amazon.awssdk.services.glue.model.IntegrationStatus;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class GlueServiceTest {
    private static final String ACCOUNT = "123456789012";
    private static final Scope SCOPE = new Scope(ACCOUNT, "us-east-1");
    private static final String NAMESPACE = "0c1d-namespace";
    private static final String TARGET = SCOPE.arn("redshift-serverless", "namespace/" + NAMESPACE);
    private static final String SECRET = SCOPE.arn("secretsmanager", "secret:trades-abcdef");

    @TempDir
    private Path directory;

    private final Map<String, String> secrets = new HashMap<>();
    private final List<SourceFinding> findings = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private boolean away;
    private Instant now = Instant.parse("2026-01-15T12:00:00Z");
    private Database database;
    private IntegrationStore integrated;
    private Glue glue;
    private ZeroEtl zeroEtl;

    @BeforeEach
    void open() {
        Events events = new Events();
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        integrated = new IntegrationStore(database, events);
        Sources sources = new Sources();
        glue = new Glue(database, events, new Neighbours(), integrated, sources, TARGET::equals, () -> now);
        zeroEtl = new ZeroEtl(integrated, events, List.of(glue), sources, () -> now);
        secrets.put("trades", "{\"username\":\"follower\",\"password\":\"Secret1234\"}");
    }

    @AfterEach
    void close() {
        zeroEtl.close();
        database.close();
    }

    private GlueClient client() {
        return glue.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    private static Map<String, String> properties(String... changes) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "HOST", "db.bank.example",
                "PORT", "5432",
                "JDBC_ENGINE", "postgresql",
                "DATABASE", "trades",
                "SECRET_ID", "trades"));
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1].isEmpty()) {
                properties.remove(changes[i]);
            } else {
                properties.put(changes[i], changes[i + 1]);
            }
        }
        return properties;
    }

    private void connect(String name, String... changes) {
        client().createConnection(r -> r.connectionInput(
                c -> c.name(name).connectionType("JDBC").connectionPropertiesWithStrings(properties(changes))));
    }

    private void update(String name, String... changes) {
        client().updateConnection(r -> r.name(name)
                .connectionInput(
                        c -> c.name(name).connectionType("JDBC").connectionPropertiesWithStrings(properties(changes))));
    }

    private void refused(String message, String... changes) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> connect("wrong", changes))
                .withMessageContaining(message);
    }

    private DatabaseEndpoint endpoint(String name) {
        return glue.find(ConnectionStore.arn(SCOPE, name)).orElseThrow();
    }

    @Test
    void aConnectionLeadsToADatabase() {
        connect("bank");
        assertThat(endpoint("bank"))
                .satisfies(one -> assertThat(one.host()).isEqualTo("db.bank.example"))
                .satisfies(one -> assertThat(one.user()).isEqualTo("follower"))
                .satisfies(one -> assertThat(one.password()).isEqualTo("Secret1234"))
                .satisfies(one -> assertThat(one.transport().sslMode()).isEqualTo("require"))
                .satisfies(one -> assertThat(one.toString()).doesNotContain("Secret1234"));
        assertThat(client().getConnections(r -> {}).connectionList()).hasSize(1);
        assertThatExceptionOfType(AlreadyExistsException.class).isThrownBy(() -> connect("bank"));

        connectByUrl("url", "jdbc:postgresql://127.0.0.1:6000/trades");
        assertThat(endpoint("url").port()).isEqualTo(6000);
        assertThat(endpoint("url").transport().sslMode()).isEqualTo("prefer");
        connect("verified", "JDBC_ENFORCE_SSL", "true");
        assertThat(endpoint("verified").transport().sslMode()).isEqualTo("verify-full");

        update("bank", "HOST", "10.0.0.7");
        assertThat(endpoint("bank").host()).isEqualTo("10.0.0.7");
        client().deleteConnection(r -> r.connectionName("bank"));
        assertThatExceptionOfType(EntityNotFoundException.class)
                .isThrownBy(() -> client().getConnection(r -> r.name("bank")));
    }

    @Test
    void aConnectionMayBeToMariaDbOrMySql() {
        connect("shop", "JDBC_ENGINE", "mariadb", "PORT", "3306", "DATABASE", "shop");
        assertThat(endpoint("shop"))
                .satisfies(one -> assertThat(one.engine()).isEqualTo("mariadb"))
                .satisfies(one -> assertThat(one.isExternal()).isTrue())
                .satisfies(one -> assertThat(one.transport().sslMode()).isEqualTo("require"));
        connectByUrl("url", "jdbc:mariadb://127.0.0.1:3307/shop");
        assertThat(endpoint("url"))
                .satisfies(one -> assertThat(one.engine()).isEqualTo("mariadb"))
                .satisfies(one -> assertThat(one.port()).isEqualTo(3307))
                .satisfies(one -> assertThat(one.database()).isEqualTo("shop"))
                .satisfies(one -> assertThat(one.transport().sslMode()).isEqualTo("prefer"));
        connectByUrl("mysql", "jdbc:mysql://127.0.0.1:3307/shop");
        assertThat(endpoint("mysql").engine()).isEqualTo("mysql");
        refused(
                "JDBC_ENGINE 'oracle' is not implemented by Groundplane; only postgresql, mariadb and mysql are.",
                "JDBC_ENGINE",
                "oracle");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> connectByUrl("wrong", "jdbc:oracle://127.0.0.1:3307/shop"))
                .withMessageContaining("only postgresql, mariadb and mysql are");
    }

    private void connectByUrl(String name, String url) {
        connect(name, "HOST", "", "PORT", "", "JDBC_ENGINE", "", "DATABASE", "", "JDBC_CONNECTION_URL", url);
    }

    @Test
    void whatIsNoDatabasesAddressIsRefused() {
        refused("HOST '-x' must be", "HOST", "-x");
        refused("HOST 'a b' must be", "HOST", "a b");
        refused("HOST 'h/x?sslmode=disable' must be", "HOST", "h/x?sslmode=disable");
        refused("PORT '70000' must be", "PORT", "70000");
        refused("DATABASE 'a.b' must be", "DATABASE", "a.b");
        refused("JDBC_ENGINE 'oracle' is not", "JDBC_ENGINE", "oracle");
        refused("SECRET_ID is required", "SECRET_ID", "");
        refused("CUSTOM_JDBC_CERT needs JDBC_ENFORCE_SSL", "CUSTOM_JDBC_CERT", "s3://b/k");
        refused("ConnectionProperties.KAFKA_SSL_ENABLED is not", "KAFKA_SSL_ENABLED", "true");
        refused("must be a secret of account", "SECRET_ID", "arn:aws:secretsmanager:us-east-1:210987654321:secret:x");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> connect("wrong", "PASSWORD", "Secret1234"))
                .withMessageContaining("SECRET_ID")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Secret1234"));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> connectByUrl("wrong", "jdbc:postgresql://h:1/d?password=Secret1234"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Secret1234"));
        secrets.put("trades", "Secret1234");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> connect("wrong"))
                .withMessageContaining("JSON object with username and password")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Secret1234"));
        assertThatExceptionOfType(ResourceNotFoundException.class).isThrownBy(() -> connect("w", "SECRET_ID", "none"));
    }

    @Test
    void aTestTellsWhatIsMissing() {
        connect("bank");
        client().testConnection(r -> r.connectionName("bank"));
        findings.add(new SourceFinding(false, "it is slow", "make it fast"));
        client().testConnection(r -> r.connectionName("bank"));
        assertThat(client().getConnection(r -> r.name("bank")).connection())
                .satisfies(one -> assertThat(one.status()).isEqualTo(ConnectionStatus.READY))
                .satisfies(one -> assertThat(one.statusReason()).isEqualTo("- it is slow. To mend it: make it fast"));
        findings.add(new SourceFinding(true, "wal_level is replica", "ALTER SYSTEM"));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> client().testConnection(r -> r.connectionName("bank")))
                .withMessageContaining("- wal_level is replica. To mend it: ALTER SYSTEM");
        assertThat(client().getConnection(r -> r.name("bank")).connection().status())
                .isEqualTo(ConnectionStatus.FAILED);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> client().testConnection(r -> r.testConnectionInput(
                        c -> c.connectionType("JDBC").connectionPropertiesWithStrings(properties()))));
    }

    private static CreateIntegrationRequest.Builder request() {
        return CreateIntegrationRequest.builder()
                .integrationName("trades")
                .sourceArn(ConnectionStore.arn(SCOPE, "bank"))
                .targetArn(TARGET);
    }

    private void settle() {
        List<?> before;
        do {
            before = integrated.integrations().all();
            integrated.integrations().all().forEach(zeroEtl.reconciler()::step);
        } while (!before.equals(integrated.integrations().all()));
    }

    private Integration described() {
        return client().describeIntegrations(r -> {}).integrations().getFirst();
    }

    @Test
    void anIntegrationIsActiveWhileItsSourceCanBeFollowed() {
        connect("bank");
        String arn = client().createIntegration(request().build()).integrationArn();
        String id = arn.substring(arn.lastIndexOf(':') + 1);
        assertThat(described().status()).isEqualTo(IntegrationStatus.CREATING);
        assertThat(described().dataFilter()).isEqualTo("include: trades.*.*");
        findings.add(new SourceFinding(true, "wal_level is replica", "ALTER SYSTEM"));
        settle();
        assertThat(described().status()).isEqualTo(IntegrationStatus.NEEDS_ATTENTION);
        assertThat(described().errors())
                .singleElement()
                .satisfies(error -> assertThat(error.errorMessage()).contains("ALTER SYSTEM"));
        findings.clear();
        settle();
        assertThat(described().status()).isEqualTo(IntegrationStatus.ACTIVE);
        assertThat(described().errors()).isEmpty();

        IntegrationClaims claims = zeroEtl.claims();
        claims.claim(SCOPE, NAMESPACE, id, "sales", Optional.empty());
        assertThat(claims.follow(SCOPE, NAMESPACE, id, "sales").database()).isEqualTo("trades");
        secrets.remove(SECRET);
        secrets.remove("trades");
        settle();
        assertThat(described().errors())
                .singleElement()
                .satisfies(error -> assertThat(error.errorMessage()).contains("cannot be used"));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().deleteConnection(r -> r.connectionName("bank")))
                .withMessageContaining("integration trades");
    }

    @Test
    void aSourceThatStaysAwayDoesNotKeepAnIntegration() {
        connect("bank");
        String arn = client().createIntegration(request().build()).integrationArn();
        settle();
        zeroEtl.claims().claim(SCOPE, NAMESPACE, arn, "sales", Optional.empty());
        away = true;
        client().deleteIntegration(r -> r.integrationIdentifier(arn));
        settle();
        now = now.plus(Duration.ofMinutes(9));
        settle();
        assertThat(described().status()).isEqualTo(IntegrationStatus.DELETING);
        assertThat(described().errors())
                .singleElement()
                .satisfies(error -> assertThat(error.errorMessage())
                        .contains("it is away", "SELECT pg_drop_replication_slot('groundplane_"));
        now = now.plus(Duration.ofMinutes(1));
        settle();
        assertThat(client().describeIntegrations(r -> {}).integrations()).isEmpty();
        assertThat(forgotten).isEmpty();
    }

    @Test
    void whatNobodyFollowsAnyMoreIsForgottenAtTheSource() {
        connect("bank", "DATABASE", "all-trades");
        String arn = client().createIntegration(request().build()).integrationArn();
        settle();
        zeroEtl.claims().claim(SCOPE, NAMESPACE, arn, "sales", Optional.empty());
        String ofRds = arn.replace(":glue:", ":rds:"); // of which another permission is asked
        assertThatExceptionOfType(IntegrationNotFoundException.class)
                .isThrownBy(() -> client().deleteIntegration(r -> r.integrationIdentifier(ofRds)));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> update("bank", "DATABASE", "other"))
                .withMessageContaining("DATABASE must stay 'all-trades'");
        update("bank", "DATABASE", "all-trades", "HOST", "10.0.0.7");
        client().modifyIntegration(r ->
                r.integrationIdentifier(arn).description("deals").dataFilter("include: all-trades.public.*"));
        assertThat(described().dataFilter()).isEqualTo("include: all-trades.public.*");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> client().modifyIntegration(
                                r -> r.integrationIdentifier(arn).dataFilter("include: *.*.*")))
                .withMessageContaining("as 'include: all-trades.*.*'");
        assertThat(described().description()).isEqualTo("deals");
        client().deleteIntegration(r -> r.integrationIdentifier(arn));
        settle();
        assertThat(forgotten).singleElement().asString().startsWith("all-trades groundplane_");
        assertThatExceptionOfType(IntegrationNotFoundException.class)
                .isThrownBy(() -> client().deleteIntegration(r -> r.integrationIdentifier(arn)));
    }

    @Test
    void anIntegrationOfMariaDbIsOfOneOfItsDatabases() {
        String[] shop = {"JDBC_ENGINE", "mariadb", "DATABASE", "shop"};
        connect("bank", shop);
        String arn = client().createIntegration(request().build()).integrationArn();
        String id = arn.substring(arn.lastIndexOf(':') + 1);
        assertThat(described().dataFilter()).isEqualTo("include: shop.*");
        for (String wrong : List.of("include: shop.public.item", "include: other.*", "include: *.*")) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> client().modifyIntegration(
                                    r -> r.integrationIdentifier(arn).dataFilter(wrong)))
                    .withMessageContaining("DataFilter '%s'".formatted(wrong));
        }
        client().modifyIntegration(r -> r.integrationIdentifier(arn).dataFilter("include: shop.item"));
        settle();

        IntegrationClaims claims = zeroEtl.claims();
        assertThatExceptionOfType(IntegrationClaims.Refused.class)
                .isThrownBy(() -> claims.claim(SCOPE, NAMESPACE, id, "sales", Optional.of("other")));
        claims.claim(SCOPE, NAMESPACE, id, "sales", Optional.empty());
        IntegrationClaims.Followed followed = claims.follow(SCOPE, NAMESPACE, id, "sales");
        assertThat(followed.database()).isEqualTo("shop");
        assertThat(followed.server())
                .isBetween(1L, (1L << 32) - 1)
                .isEqualTo(claims.follow(SCOPE, NAMESPACE, arn, "sales").server());
        assertThat(followed.tables())
                .containsExactly(new DataFilter.TablePattern(true, "shop", "\\Ashop\\z", "\\Aitem\\z"));

        assertThat(claims.place(id)).isEmpty();
        claims.report(SCOPE, arn, Duration.ZERO, Optional.of("0-1-42"));
        assertThat(claims.place(id)).contains("0-1-42");
        claims.report(SCOPE, arn, Duration.ZERO, Optional.empty());
        assertThat(claims.place(id)).as("the last that was told").contains("0-1-42");
        claims.release(SCOPE, NAMESPACE, id, "sales");
        assertThat(claims.place(id)).isEmpty();
        settle();
        claims.claim(SCOPE, NAMESPACE, id, "sales", Optional.empty());

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> update("bank", "DATABASE", "shop"))
                .withMessageContaining("JDBC_ENGINE must stay 'mariadb' while integration trades follows it");
        update("bank", "JDBC_ENGINE", "mariadb", "DATABASE", "shop", "HOST", "10.0.0.7");
        away = true;
        secrets.remove(SECRET);
        client().deleteIntegration(r -> r.integrationIdentifier(arn));
        settle();
        assertThat(client().describeIntegrations(r -> {}).integrations())
                .as("there is nothing that the source would have to forget")
                .isEmpty();
        assertThat(forgotten).isEmpty();
        update("bank", "DATABASE", "shop");
    }

    @Test
    void anIntegrationIsOfOwnThings() {
        connect("bank");
        for (CreateIntegrationRequest request : List.of(
                request()
                        .sourceArn("arn:aws:glue:us-east-1:210987654321:connection/bank")
                        .build(),
                request().targetArn(TARGET + "x").build(),
                request().dataFilter("include: other.*.*").build(),
                request().dataFilter("include: trades").build())) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> client().createIntegration(request));
        }
        assertThat(glue.access().asked(SCOPE, "CreateIntegration", request().build()))
                .extracting(AccessRequest::action, AccessRequest::resource)
                .containsExactly(
                        tuple("glue:CreateIntegration", SCOPE.arn("glue", "integration:*")),
                        tuple("glue:CreateIntegration", ConnectionStore.arn(SCOPE, "bank")),
                        tuple("redshift:CreateInboundIntegration", TARGET));
    }

    private final class Neighbours implements GlueNeighbours {
        @Override
        public GetSecretValueResponse secret(Call call, GetSecretValueRequest request) {
            String content = secrets.get(request.secretId());
            if (content == null) {
                throw ResourceNotFoundException.builder()
                        .message("no such secret")
                        .build();
            }
            secrets.put(SECRET, content);
            return GetSecretValueResponse.builder()
                    .arn(SECRET)
                    .secretString(content)
                    .build();
        }

        @Override
        public byte[] object(Call call, GetObjectRequest request) {
            throw new IllegalStateException("no certificate is named");
        }

        @Override
        public GetSecretValueResponse secret(Scope scope, GetSecretValueRequest request) {
            return secret(StoredCall.ofRoot(database, scope.account()), request);
        }
    }

    private final class Sources implements IntegrationSources {
        @Override
        public List<SourceFinding> check(DatabaseEndpoint source, String name, String slot) {
            return List.copyOf(findings);
        }

        @Override
        public void forget(DatabaseEndpoint source, String name, String slot) {
            if (away) {
                throw new IllegalStateException("it is away");
            }
            forgotten.add(name + " " + slot);
        }
    }
}

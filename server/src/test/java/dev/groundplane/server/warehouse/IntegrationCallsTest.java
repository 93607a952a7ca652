package dev.groundplane.server.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import dev.groundplane.services.DatabaseEndpoints;
import dev.groundplane.services.integration.IntegrationClaims;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.integration.SourceEngine;
import dev.groundplane.services.integration.SourcesByEngine;
import dev.groundplane.services.integration.ZeroEtl;
import dev.groundplane.services.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;

/** What workers are told about integrations, in the JSON that they read. */
class IntegrationCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    private static final Warehouse WAREHOUSE = new Warehouse(
            Warehouse.Kind.WORKGROUP, SCOPE, "risk", "w1", "risk", "n1", "dev", 5439, 4, Warehouse.Run.FIRST);

    @TempDir
    private Path directory;

    private final List<String> taken = new ArrayList<>();
    private final List<Warehouse> busy = new ArrayList<>();
    private Database database;
    private IntegrationStore store;
    private IntegrationClaims claims;
    private ZeroEtl zeroEtl;
    private Map<String, WorkerCall> calls;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        Events events = new Events();
        store = new IntegrationStore(database, events);
        zeroEtl = new ZeroEtl(
                store, events, List.of(new Sources()), new SourcesByEngine(Map.of()), InstantSource.system());
        claims = zeroEtl.claims();
        calls = new IntegrationCalls(claims).operations(taken::add, busy::add);
    }

    @AfterEach
    void close() {
        zeroEtl.close();
        database.close();
    }

    /** Each engine has one, of its name. */
    private static final class Sources implements DatabaseEndpoints {
        @Override
        public Optional<DatabaseEndpoint> find(String arn) {
            return Optional.of(new DatabaseEndpoint(
                    arn, "", "db.example", 7, "shop", "me", "pw", new Transport("verify-full", "PEM"), ""));
        }

        @Override
        public void onChange(Runnable action) {}
    }

    private void integrate(String id, SourceEngine engine, String filter) {
        database.write(tx -> {
            store.insert(
                    tx,
                    SCOPE,
                    id,
                    Integration.builder()
                            .integrationName(id)
                            .integrationArn(IntegrationStore.arn("glue", SCOPE, id))
                            .sourceArn(engine.title())
                            .targetArn(SCOPE.arn("redshift-serverless", "namespace/n1"))
                            .dataFilter(filter)
                            .status(IntegrationStatus.ACTIVE)
                            .build(),
                    engine);
            return true;
        });
    }

    private JsonNode ask(String operation, String request) throws JsonProcessingException {
        JsonNode answer = calls.get(operation).answer(WAREHOUSE, JSON.readTree(request));
        return JSON.readTree(answer.toString());
    }

    @Test
    void aMariaDbIsFollowedAsAReplicaOfANumber() throws JsonProcessingException {
        integrate("i1", SourceEngine.MARIADB, "include: shop.*, exclude: /^s/.secret");
        ask("ClaimIntegration", "{\"integration\": \"i1\", \"database\": \"sales\"}");
        JsonNode followed = ask("FollowIntegration", "{\"integration\": \"i1\", \"database\": \"sales\"}");
        long server = followed.path("server").asLong();
        assertThat(server).isBetween(1L, (1L << 32) - 1);
        assertThat(followed).isEqualTo(JSON.readTree("""
                                {"engine": "mariadb", "host": "db.example", "port": 7, "database": "shop", "user": "me",
                                "password": "pw", "sslMode": "verify-full", "authority": "PEM", "name": "groundplane_i1",
                                "server": %d, "tables": [
                                {"included": true, "schema": "\\\\Ashop\\\\z", "table": ""},
                                {"included": false, "schema": "^s", "table": "\\\\Asecret\\\\z"}]}""".formatted(server)));
        assertThat(taken).containsExactly("i1");
    }

    @Test
    void aPostgresIsFollowedByItsSlot() throws JsonProcessingException {
        integrate("i2", SourceEngine.POSTGRESQL, "include: shop.*.*");
        ask("ClaimIntegration", "{\"integration\": \"i2\", \"database\": \"sales\"}");
        JsonNode followed = ask("FollowIntegration", "{\"integration\": \"i2\", \"database\": \"sales\"}");
        assertThat(followed.path("engine").asText()).isEqualTo("postgresql");
        assertThat(followed.has("server")).isFalse();
        assertThat(followed.path("name").asText()).isEqualTo("groundplane_i2");
    }

    @Test
    void aReportMayHaveThePlaceInTheSourcesLog() throws JsonProcessingException {
        integrate("i1", SourceEngine.MARIADB, "include: shop.*");
        ask("ClaimIntegration", "{\"integration\": \"i1\", \"database\": \"sales\"}");
        ask("ReportIntegration", "{\"integration\": \"i1\", \"database\": \"sales\", \"lagMillis\": 7}");
        assertThat(claims.place("i1")).isEmpty();
        ask(
                "ReportIntegration",
                "{\"integration\": \"i1\", \"database\": \"sales\", \"lagMillis\": 7, \"place\": \"\"}");
        assertThat(claims.place("i1")).as("the log of a new server").contains("");
        ask(
                "ReportIntegration",
                "{\"integration\": \"i1\", \"database\": \"sales\", \"lagMillis\": 7, \"place\": \"0-1-42\"}");
        assertThat(claims.place("i1")).contains("0-1-42");
        assertThat(busy).hasSize(3);
        ask("ReleaseIntegration", "{\"integration\": \"i1\", \"database\": \"sales\"}");
        assertThat(claims.place("i1")).isEmpty();
    }
}

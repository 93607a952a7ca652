package dev.groundplane.services.rds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.integration.SourceFinding;
import dev.groundplane.services.integration.ZeroEtl;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;

/** RDS over a store of its own; what follows changes takes its steps when the test says so. */
final class Aurora implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Scope SCOPE = new Scope(ACCOUNT, "us-east-1");

    /** What is in Secrets Manager, by ARN. */
    final Map<String, String> secrets = new ConcurrentHashMap<>();

    /** Ports that other programs of the machine have. */
    final Set<Integer> taken = ConcurrentHashMap.newKeySet();

    final FakeServers servers = new FakeServers();
    /** The ARNs of warehouses' namespaces. */
    final Set<String> namespaces = ConcurrentHashMap.newKeySet();
    /** The sources' databases and slots that nobody follows any more. */
    final List<String> forgotten = new CopyOnWriteArrayList<>();

    final Rds rds;
    final ZeroEtl zeroEtl;
    volatile Instant now = Instant.parse("2026-01-15T12:00:00Z");
    private final Database database;
    private final IntegrationStore integrated;
    private final WarehouseFoundation foundation;

    Aurora(Path directory) {
        Events events = new Events();
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> !taken.contains(port),
                () -> now);
        integrated = new IntegrationStore(database, events);
        rds = new Rds(
                database,
                events,
                servers,
                "db.example",
                foundation.ports(),
                scope -> new Secrets(secrets),
                id -> "password-of-" + id,
                namespaces::contains,
                integrated,
                () -> now);
        zeroEtl = new ZeroEtl(integrated, events, List.of(rds), new Sources(forgotten), () -> now);
    }

    RdsClient client() {
        return rds.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    static CreateDbClusterRequest.Builder request(String identifier) {
        return CreateDbClusterRequest.builder()
                .dbClusterIdentifier(identifier)
                .engine("aurora-postgresql")
                .masterUsername("boss")
                .masterUserPassword("Secret1234");
    }

    /** A cluster with its instance, which runs. */
    void create(String identifier) {
        client().createDBCluster(request(identifier).build());
        addInstance(identifier);
        settle();
    }

    void addInstance(String cluster) {
        client().createDBInstance(r -> r.dbInstanceIdentifier(cluster + "-1")
                .dbClusterIdentifier(cluster)
                .engine("aurora-postgresql")
                .dbInstanceClass("db.t4g.medium"));
    }

    /** Takes steps until all clusters are as they are wanted, or wait for their servers. */
    void settle() {
        List<?> before;
        do {
            before = everything();
            rds.store().clusters().all().forEach(this::step);
            integrated.integrations().all().forEach(zeroEtl.reconciler()::step);
            rds.store().snapshots().all().forEach(rds.reconciler()::removeIfDeleted);
        } while (!before.equals(everything()));
    }

    private void step(Stored<DBCluster> cluster) {
        try {
            rds.reconciler().step(cluster);
        } catch (IllegalStateException e) { // a copy for which there is no room is tried again later
            assertThat(servers.full).isTrue();
        }
    }

    private List<?> everything() {
        return List.of(
                rds.store().clusters().all(),
                rds.store().instances().all(),
                rds.store().snapshots().all(),
                integrated.integrations().all());
    }

    DBCluster cluster(String identifier) {
        return client().describeDBClusters(r -> r.dbClusterIdentifier(identifier))
                .dbClusters()
                .getFirst();
    }

    DBInstance instance(String identifier) {
        return client().describeDBInstances(r -> r.dbInstanceIdentifier(identifier))
                .dbInstances()
                .getFirst();
    }

    /** What a cluster's server is to be. */
    DatabaseServer server(String identifier) {
        return servers.wanted.values().stream()
                .filter(server -> server.cluster().equals(identifier))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        zeroEtl.close();
        rds.close();
        foundation.close();
        database.close();
    }

    private record Sources(List<String> forgotten) implements IntegrationSources {
        @Override
        public List<SourceFinding> check(DatabaseEndpoint source, String database, String name) {
            throw new IllegalStateException("Groundplane's own servers have what it needs");
        }

        @Override
        public void forget(DatabaseEndpoint source, String database, String name) {
            forgotten.add(database + " " + name);
        }
    }

    private record Secrets(Map<String, String> content) implements SecretsManagerClient {
        @Override
        public CreateSecretResponse createSecret(CreateSecretRequest request) {
            content.put(request.name(), request.secretString());
            return CreateSecretResponse.builder().arn(request.name()).build();
        }

        @Override
        public PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
            content.put(request.secretId(), request.secretString());
            return PutSecretValueResponse.builder().build();
        }

        @Override
        public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
            content.remove(request.secretId());
            return DeleteSecretResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}

package dev.groundplane.services.redshift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.LateCall;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import dev.groundplane.services.warehouse.Warehouses;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.CreateClusterRequest;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Redshift over a store of its own, with whoever serves clusters played by {@link #serve}. */
final class Provisioned implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Scope SCOPE = new Scope(ACCOUNT, "us-east-1");

    final Map<String, RolePassing.Verdict> verdicts = new ConcurrentHashMap<>();
    /** Ports that other programs of the machine have. */
    final Set<Integer> taken = ConcurrentHashMap.newKeySet();
    /** Buckets of the account. */
    final Set<String> buckets = ConcurrentHashMap.newKeySet();
    /** What is in Secrets Manager, by name. */
    final Map<String, String> secrets;

    final Redshift redshift;
    final Warehouses warehouses;
    final Backups backups;
    volatile Instant now = Instant.parse("2026-01-15T12:00:00Z");
    private final Database database;
    private final WarehouseFoundation foundation;

    Provisioned(Path directory) {
        this(directory, new ConcurrentHashMap<>());
    }

    Provisioned(Path directory, Map<String, String> secrets) {
        this.secrets = secrets;
        Events events = new Events();
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> !taken.contains(port),
                () -> now);
        redshift = new Redshift(
                database,
                events,
                "warehouse.example",
                (caller, role, principal) -> verdicts.getOrDefault(role, RolePassing.Verdict.NO_SUCH_ROLE),
                foundation,
                scope -> new Secrets(secrets),
                new IntegrationStore(database, events),
                (scope, bucket) -> scope.equals(SCOPE) && buckets.contains(bucket),
                this::isNamespace,
                () -> now);
        warehouses = new Warehouses(List.of(redshift), foundation);
        backups = new Backups(database, events, foundation, List.of(redshift.backups()));
    }

    RedshiftClient client() {
        return redshift.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    /** Something happens when a request is checked and what it wants is to be stored. */
    RedshiftClient clientWith(Runnable before) {
        return redshift.client(new LateCall(StoredCall.ofRoot(database, ACCOUNT), before));
    }

    RedshiftClient client(Caller caller) {
        return redshift.client(new StoredCall(database, caller, SCOPE));
    }

    static CreateClusterRequest.Builder request(String identifier) {
        return CreateClusterRequest.builder()
                .clusterIdentifier(identifier)
                .nodeType("ra3.xlplus")
                .numberOfNodes(2)
                .masterUsername("boss")
                .masterUserPassword("Secret1234");
    }

    /** A cluster that is served. */
    void create(String identifier) {
        client().createCluster(request(identifier).build());
        serve();
    }

    /** Serves all clusters as they are wanted. */
    void serve() {
        warehouses.served(redshift.warehouses());
    }

    Cluster described(String identifier) {
        return client().describeClusters(r -> r.clusterIdentifier(identifier))
                .clusters()
                .getFirst();
    }

    /** Changes users as a statement does. */
    void change(String identifier, JsonNode changes) {
        warehouses.changePrincipals(StoredCall.ofRoot(database, ACCOUNT), warehouse(identifier), changes);
    }

    Warehouse warehouse(String identifier) {
        return redshift.warehouses().stream()
                .filter(one -> one.workgroup().equals(identifier))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        foundation.close();
        database.close();
    }

    private boolean isNamespace(String arn) {
        return redshift.warehouses().stream()
                .anyMatch(one -> arn.equals(SCOPE.arn("redshift", "namespace:" + one.namespaceId())));
    }

    private record Secrets(Map<String, String> content) implements SecretsManagerClient {
        @Override
        public CreateSecretResponse createSecret(CreateSecretRequest request) {
            // The same value has the same token.
            if (!content.computeIfAbsent(request.name(), name -> request.secretString())
                    .equals(request.secretString())) {
                throw ResourceExistsException.builder().build();
            }
            return CreateSecretResponse.builder().arn(request.name()).build();
        }

        @Override
        public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
            if (content.remove(request.secretId()) == null) {
                throw ResourceNotFoundException.builder().build();
            }
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

package dev.groundplane.services.redshiftserverless;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.BackupFile;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import dev.groundplane.services.warehouse.Warehouses;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;

/** A namespace with its workgroup, whose snapshots and recovery points a test completes as a worker would. */
abstract class SnapshotFixture {
    static final String ACCOUNT = "123456789012";
    static final Scope SCOPE = new Scope(ACCOUNT, "us-east-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    static final List<BackupFile> FILES = List.of(new BackupFile("dev.duckdb", 3 << 20, "00"));

    @TempDir
    private Path directory;

    Database database;
    WarehouseFoundation foundation;
    RedshiftServerless service;
    Warehouses warehouses;
    Backups backups;
    volatile Instant now = START;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        Events events = new Events();
        foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> true,
                () -> now);
        service = new RedshiftServerless(
                database,
                events,
                "warehouse.example",
                (caller, role, principal) -> RolePassing.Verdict.NO_SUCH_ROLE,
                foundation,
                () -> now);
        warehouses = new Warehouses(List.of(service), foundation);
        backups = new Backups(database, events, foundation, List.of(service.backups()));
        client().createNamespace(
                        r -> r.namespaceName("risk").adminUsername("boss").adminUserPassword("Secret1234"));
        client().createWorkgroup(r -> r.workgroupName("desk").namespaceName("risk"));
    }

    @AfterEach
    void close() {
        service.close();
        foundation.close();
        database.close();
    }

    final RedshiftServerlessClient client() {
        return service.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    final Warehouse warehouse() {
        return service.warehouses().getFirst();
    }

    final Snapshot create(String name) {
        return client().createSnapshot(r -> r.namespaceName("risk").snapshotName(name))
                .snapshot();
    }

    final Snapshot get(String name) {
        return client().getSnapshot(r -> r.snapshotName(name)).snapshot();
    }

    final Backup backupOf(Snapshot snapshot) {
        String arn = snapshot.snapshotArn();
        return find(arn.substring(arn.lastIndexOf('/') + 1)).orElseThrow();
    }

    final Optional<Backup> find(String id) {
        return backups.find(new Backups.Key(SCOPE, id));
    }

    /** As whoever has the files does. */
    final Backup complete(Backup wanted) {
        Backup whole = wanted.whole(FILES, "look", backups.users(SCOPE, wanted).orElseThrow());
        backups.completed(SCOPE, whole);
        return whole;
    }

    final NamespaceStatus status() {
        return client().getNamespace(r -> r.namespaceName("risk")).namespace().status();
    }

    final void change(String json) {
        try {
            JsonNode changes = new ObjectMapper().readTree(json);
            warehouses.changePrincipals(StoredCall.ofRoot(database, ACCOUNT), warehouse(), changes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

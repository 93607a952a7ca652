package dev.groundplane.services.redshiftserverless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import dev.groundplane.services.warehouse.Warehouses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.CreateSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListSnapshotsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.RecoveryPoint;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromRecoveryPointRequest;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Tag;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

class SnapshotsTest {
    private static final String ACCOUNT = "123456789012";
    private static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    private static final List<BackupFile> FILES = List.of(new BackupFile("dev.duckdb", 3 << 20, "00"));

    @TempDir
    private Path directory;

    private Database database;
    private WarehouseFoundation foundation;
    private RedshiftServerless service;
    private Warehouses warehouses;
    private Backups backups;
    private volatile Instant now = START;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        Events events = new Events();
        foundation = new WarehouseFoundation(
                database, events, SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")), () -> now);
        service = new RedshiftServerless(
                database,
                events,
                "warehouse.example",
                (caller, role, principal) -> RolePassing.Verdict.NO_SUCH_ROLE,
                foundation,
                () -> now);
        warehouses = new Warehouses(List.of(service), foundation);
        backups = service.backups();
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

    private RedshiftServerlessClient client() {
        return service.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    private Warehouse warehouse() {
        return service.warehouses().getFirst();
    }

    private Snapshot create(String name) {
        return client().createSnapshot(r -> r.namespaceName("risk").snapshotName(name))
                .snapshot();
    }

    private Snapshot get(String name) {
        return client().getSnapshot(r -> r.snapshotName(name)).snapshot();
    }

    private Backup backupOf(Snapshot snapshot) {
        String arn = snapshot.snapshotArn();
        return backups.find(arn.substring(arn.lastIndexOf('/') + 1)).orElseThrow();
    }

    /** As whoever has the files does. */
    private Backup complete(Backup wanted) {
        Backup whole = wanted.whole(FILES, "look", backups.users(wanted).orElseThrow());
        backups.completed(whole);
        return whole;
    }

    private NamespaceStatus status() {
        return client().getNamespace(r -> r.namespaceName("risk")).namespace().status();
    }

    private void change(String json) {
        try {
            JsonNode changes = new ObjectMapper().readTree(json);
            warehouses.changePrincipals(StoredCall.ofRoot(database, ACCOUNT), warehouse(), changes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void aSnapshotIsWantedFirstAndAvailableWhenItsFilesAreThere() {
        Snapshot made = create("daily");

        assertThat(made.status()).isEqualTo(SnapshotStatus.CREATING);
        assertThat(made.snapshotArn())
                .matches("arn:aws:redshift-serverless:us-east-1:123456789012:snapshot/[0-9a-f-]{36}");
        assertThat(made.snapshotRetentionPeriod()).isEqualTo(-1);
        assertThat(made.snapshotRemainingDays()).isNull();
        complete(backupOf(made));
        Snapshot available =
                client().getSnapshot(r -> r.snapshotArn(made.snapshotArn())).snapshot();
        assertThat(available.status()).isEqualTo(SnapshotStatus.AVAILABLE);
        assertThat(available.totalBackupSizeInMegaBytes()).isEqualTo(3.0);
        assertThat(available.adminUsername()).isEqualTo("boss");
        assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> create("daily"));
    }

    @Test
    void aSnapshotWantsAWorkgroup() {
        client().deleteWorkgroup(r -> r.workgroupName("desk"));

        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> create("daily"))
                .withMessageContaining("there isn't a workgroup created for the namespace risk");
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() ->
                        client().createSnapshot(r -> r.namespaceName("other").snapshotName("daily")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "Daily", "daily-", "da--ily", "da_ily"})
    void namesAreThoseOfRedshift(String name) {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> create(name))
                .withMessageContaining("'" + name + "'");
    }

    @Test
    void aSnapshotIsKeptForItsRetentionPeriod() {
        client().createSnapshot(
                        r -> r.namespaceName("risk").snapshotName("short").retentionPeriod(2));
        Backup backup = complete(backupOf(get("short")));
        create("long");

        now = START.plus(Duration.ofDays(1));
        assertThat(get("short").snapshotRemainingDays()).isEqualTo(1);
        now = START.plus(Duration.ofDays(2)).minusMillis(1);
        backups.sweep();
        assertThat(get("short").snapshotRemainingDays()).isEqualTo(1);
        client().updateSnapshot(r -> r.snapshotName("short").retentionPeriod(3));
        now = START.plus(Duration.ofDays(3));
        backups.sweep();
        assertThatExceptionOfType(ResourceNotFoundException.class).isThrownBy(() -> get("short"));
        assertThat(backups.find(backup.id())).isEmpty();
        assertThat(get("long").snapshotRetentionPeriod()).isEqualTo(-1);
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        client().updateSnapshot(r -> r.snapshotName("long").retentionPeriod(3654)))
                .withMessageContaining("3654");
    }

    @Test
    void listsAreFilteredAndPaged() {
        create("one");
        now = START.plusSeconds(60);
        create("two");

        assertThat(names(ListSnapshotsRequest.builder().build())).containsExactly("one", "two");
        assertThat(names(ListSnapshotsRequest.builder()
                        .startTime(START.plusSeconds(1))
                        .build()))
                .containsExactly("two");
        assertThat(names(ListSnapshotsRequest.builder().endTime(START).build())).containsExactly("one");
        assertThat(names(ListSnapshotsRequest.builder().namespaceName("other").build()))
                .isEmpty();
        assertThat(names(ListSnapshotsRequest.builder()
                        .ownerAccount("999999999999")
                        .build()))
                .isEmpty();
        String next = client().listSnapshots(r -> r.maxResults(1)).nextToken();
        assertThat(names(ListSnapshotsRequest.builder().nextToken(next).build()))
                .containsExactly("two");
    }

    private List<String> names(ListSnapshotsRequest request) {
        return client().listSnapshots(request).snapshots().stream()
                .map(Snapshot::snapshotName)
                .toList();
    }

    @Test
    void aDeletedSnapshotsFilesAreNotNeededUnlessTheyAreBeingRestored() {
        Backup restored = complete(backupOf(create("one")));
        Backup other = complete(backupOf(create("two")));
        client().restoreFromSnapshot(
                        r -> r.namespaceName("risk").workgroupName("desk").snapshotName("one"));

        assertThat(client().deleteSnapshot(r -> r.snapshotName("one"))
                        .snapshot()
                        .status())
                .isEqualTo(SnapshotStatus.DELETED);
        client().deleteSnapshot(r -> r.snapshotName("two"));
        backups.sweep();
        assertThat(backups.find(restored.id())).isPresent();
        assertThat(backups.find(other.id())).isEmpty();
        backups.ended(backups.restores().getFirst());
        backups.sweep();
        assertThat(backups.find(restored.id())).isEmpty();
    }

    @Test
    void aRestoreBringsBackTheUsersAndTheAdministratorsPassword() {
        change("""
                [{"kind":"user","put":{"id":0,"name":"bob","validUntil":"infinity"},"verifier":""}]""");
        JsonNode users = warehouses.principals(warehouse());
        Backup backup = complete(backupOf(create("daily")));
        change("""
                [{"kind":"user","remove":101},{"kind":"role","put":{"id":0,"name":"analyst"}}]""");
        client().updateNamespace(
                        r -> r.namespaceName("risk").adminUsername("chief").adminUserPassword("Another1234"));
        client().getCredentials(r -> r.workgroupName("desk"));

        var answer = client().restoreFromSnapshot(
                        r -> r.namespaceName("risk").workgroupName("desk").snapshotName("daily"));
        assertThat(answer.namespace().status()).isEqualTo(NamespaceStatus.MODIFYING);
        assertThat(warehouses.isAvailable(warehouse())).isFalse();
        Restore restore = backups.restore(warehouse().namespaceId()).orElseThrow();
        backups.restored(restore, backup);

        assertThat(warehouses.principals(warehouse())).isEqualTo(users);
        assertThat(warehouses.verifiers(warehouse(), "boss").getFirst().accepts("Secret1234"))
                .isTrue();
        assertThat(warehouses.verifiers(warehouse(), "IAM:root")).isEmpty();
        assertThat(status()).as("until everything is tidy").isEqualTo(NamespaceStatus.MODIFYING);
        backups.ended(restore);
        assertThat(status()).isEqualTo(NamespaceStatus.AVAILABLE);
        change("""
                [{"kind":"user","put":{"id":0,"name":"new","validUntil":"infinity"},"verifier":""}]""");
        assertThat(warehouses.principals(warehouse()).path("users").findValuesAsText("id"))
                .as("ids that were given since then are not given again")
                .containsExactly("100", "101", "104");
    }

    @Test
    void whileANamespaceIsRestoredNothingElseChangesIt() {
        complete(backupOf(create("daily")));
        client().restoreFromSnapshot(
                        r -> r.namespaceName("risk").workgroupName("desk").snapshotName("daily"));

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> create("other"))
                .withMessageContaining("MODIFYING");
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().deleteWorkgroup(r -> r.workgroupName("desk")));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() ->
                        client().updateNamespace(r -> r.namespaceName("risk").adminUsername("chief")));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().restoreFromSnapshot(r ->
                        r.namespaceName("risk").workgroupName("desk").snapshotName("daily")));
    }

    @Test
    void whatCannotBeRestoredIsRefused() {
        Snapshot made = create("daily");
        client().createNamespace(r -> r.namespaceName("other"));

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().restoreFromSnapshot(r ->
                        r.namespaceName("risk").workgroupName("desk").snapshotName("daily")))
                .withMessageContaining("CREATING");
        backups.failed(backupOf(made));
        assertThat(get("daily").status()).isEqualTo(SnapshotStatus.FAILED);
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().restoreFromSnapshot(r ->
                        r.namespaceName("risk").workgroupName("desk").snapshotName("daily")))
                .withMessageContaining("FAILED");
        assertThatExceptionOfType(ValidationException.class)
                .as("both")
                .isThrownBy(() -> client().restoreFromSnapshot(r -> r.namespaceName("risk")
                        .workgroupName("desk")
                        .snapshotName("daily")
                        .snapshotArn(made.snapshotArn())));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().restoreFromSnapshot(r ->
                        r.namespaceName("other").workgroupName("desk").snapshotName("daily")))
                .withMessageContaining("desk");
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .as("another account's")
                .isThrownBy(() -> client().restoreFromSnapshot(r -> r.namespaceName("risk")
                        .workgroupName("desk")
                        .ownerAccount("999999999999")
                        .snapshotName("daily")));
        assertThat(status()).isEqualTo(NamespaceStatus.AVAILABLE);
    }

    @Test
    void aDeletedNamespaceLeavesItsLastSnapshotWithItsUsers() {
        client().deleteWorkgroup(r -> r.workgroupName("desk"));
        client().deleteNamespace(
                        r -> r.namespaceName("risk").finalSnapshotName("last").finalSnapshotRetentionPeriod(7));

        Backup whole = complete(backupOf(get("last")));
        assertThat(get("last").snapshotRetentionPeriod()).isEqualTo(7);
        assertThat(whole.users())
                .satisfies(users -> assertThat(users.administrator()).isEqualTo("boss"));
        client().createNamespace(r -> r.namespaceName("new"));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        client().deleteNamespace(r -> r.namespaceName("new").finalSnapshotRetentionPeriod(7)));
    }

    private List<RecoveryPoint> points() {
        return client().listRecoveryPoints(r -> r.namespaceName("risk")).recoveryPoints();
    }

    private List<Backup> wanted() {
        return backups.all().stream()
                .filter(backup -> backup.state() == Backup.State.WANTED)
                .toList();
    }

    @Test
    void aRecoveryPointIsMadeEveryHalfAnHourOfChangesAndKeptForADay() {
        backups.wantRecoveryPoint(warehouse(), "first");
        backups.wantRecoveryPoint(warehouse(), "first");
        assertThat(points()).isEmpty();
        Backup first = wanted().getFirst();
        backups.completed(first.whole(FILES, "first", backups.users(first).orElseThrow()));
        assertThat(points()).singleElement().satisfies(point -> {
            assertThat(point.workgroupName()).isEqualTo("desk");
            assertThat(point.totalSizeInMegaBytes()).isEqualTo(3.0);
            assertThat(client().getRecoveryPoint(r -> r.recoveryPointId(point.recoveryPointId()))
                            .recoveryPoint())
                    .isEqualTo(point);
        });

        now = START.plus(Duration.ofMinutes(29));
        backups.wantRecoveryPoint(warehouse(), "second");
        now = START.plus(Duration.ofMinutes(30));
        backups.wantRecoveryPoint(warehouse(), "first");
        assertThat(wanted()).as("too early, or without a change").isEmpty();
        backups.wantRecoveryPoint(warehouse(), "second");
        assertThat(wanted()).hasSize(1);

        now = START.plus(Duration.ofHours(24));
        backups.sweep();
        assertThat(points()).isEmpty();
        assertThat(backups.find(first.id())).isEmpty();
        assertThat(wanted()).as("not made yet").hasSize(1);
    }

    @Test
    void aRecoveryPointBecomesASnapshotThatOutlivesIt() {
        backups.wantRecoveryPoint(warehouse(), "look");
        Backup point = complete(wanted().getFirst());
        Snapshot made = client().convertRecoveryPointToSnapshot(r -> r.recoveryPointId(point.id())
                        .snapshotName("kept")
                        .tags(Tag.builder().key("desk").value("rates").build()))
                .snapshot();
        assertThat(made.status()).isEqualTo(SnapshotStatus.CREATING);
        now = START.plus(Duration.ofHours(25));
        backups.sweep();
        assertThat(points()).isEmpty();
        assertThat(backups.find(point.id()))
                .as("its files are still to be copied")
                .isPresent();
        complete(backupOf(made));
        backups.sweep();
        assertThat(backups.find(point.id())).isEmpty();
        assertThat(get("kept").adminUsername()).isEqualTo("boss");
        assertThat(client().listTagsForResource(r -> r.resourceArn(made.snapshotArn()))
                        .tags())
                .containsExactly(Tag.builder().key("desk").value("rates").build());
        client().untagResource(r -> r.resourceArn(made.snapshotArn()).tagKeys("desk"));
        assertThat(client().listTagsForResource(r -> r.resourceArn(made.snapshotArn()))
                        .tags())
                .isEmpty();
    }

    @Test
    void aRecoveryPointIsRestoredToItsOwnNamespaceOnly() {
        backups.wantRecoveryPoint(warehouse(), "look");
        Backup point = complete(wanted().getFirst());
        client().createNamespace(r -> r.namespaceName("other"));
        client().createWorkgroup(r -> r.workgroupName("other").namespaceName("other"));
        RestoreFromRecoveryPointRequest.Builder request =
                RestoreFromRecoveryPointRequest.builder().recoveryPointId(point.id());

        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().restoreFromRecoveryPoint(request.namespaceName("other")
                        .workgroupName("other")
                        .build()));
        assertThat(client().restoreFromRecoveryPoint(request.namespaceName("risk")
                                .workgroupName("desk")
                                .build())
                        .namespace()
                        .status())
                .isEqualTo(NamespaceStatus.MODIFYING);
        assertThat(backups.restores()).hasSize(1);
    }

    @Test
    void policiesAreAskedAboutWhatARequestNames() {
        Snapshot made = create("daily");
        Scope scope = new Scope(ACCOUNT, "us-east-1");
        String namespace =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();

        assertThat(service.access()
                        .asked(
                                scope,
                                "CreateSnapshot",
                                CreateSnapshotRequest.builder()
                                        .namespaceName("risk")
                                        .snapshotName("daily")
                                        .build()))
                .extracting(AccessRequest::resource)
                .containsExactlyInAnyOrder(made.snapshotArn(), namespace);
        assertThat(service.access()
                        .asked(
                                scope,
                                "ListSnapshots",
                                ListSnapshotsRequest.builder()
                                        .namespaceName("risk")
                                        .build()))
                .extracting(AccessRequest::resource)
                .containsExactly("*");
    }
}

package dev.groundplane.services.redshiftserverless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.Restore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.CreateSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListSnapshotsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

class SnapshotsTest extends SnapshotFixture {
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
        assertThat(find(backup.id())).isEmpty();
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
        assertThat(find(restored.id())).isPresent();
        assertThat(find(other.id())).isEmpty();
        backups.ended(SCOPE, backups.restore(backups.restores().getFirst()).orElseThrow());
        backups.sweep();
        assertThat(find(restored.id())).isEmpty();
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
        Restore restore = backups.restore(new Backups.Key(SCOPE, warehouse().namespaceId()))
                .orElseThrow();
        backups.restored(SCOPE, restore, backup);

        assertThat(warehouses.principals(warehouse())).isEqualTo(users);
        assertThat(warehouses.verifiers(warehouse(), "boss").getFirst().accepts("Secret1234"))
                .isTrue();
        assertThat(warehouses.verifiers(warehouse(), "IAM:root")).isEmpty();
        assertThat(status()).as("until everything is tidy").isEqualTo(NamespaceStatus.MODIFYING);
        backups.ended(SCOPE, restore);
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
        backups.failed(SCOPE, backupOf(made));
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

    @Test
    void aNamespaceStaysWhileASnapshotOfItIsMade() {
        Snapshot made = create("daily");
        client().createNamespace(r -> r.namespaceName("other"));
        client().deleteNamespace(r -> r.namespaceName("other"));
        client().deleteWorkgroup(r -> r.workgroupName("desk"));

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() ->
                        client().deleteNamespace(r -> r.namespaceName("risk").finalSnapshotName("last")))
                .withMessageContaining("There is an operation running on the namespace risk: its snapshot daily");
        complete(backupOf(made));
        client().deleteNamespace(r -> r.namespaceName("risk"));
        assertThat(get("daily").status()).isEqualTo(SnapshotStatus.AVAILABLE);
    }

    @Test
    void policiesAreAskedAboutWhatARequestNames() {
        Snapshot made = create("daily");
        String namespace =
                client().getNamespace(r -> r.namespaceName("risk")).namespace().namespaceArn();

        assertThat(service.access()
                        .asked(
                                SCOPE,
                                "CreateSnapshot",
                                CreateSnapshotRequest.builder()
                                        .namespaceName("risk")
                                        .snapshotName("daily")
                                        .build()))
                .extracting(AccessRequest::resource)
                .containsExactlyInAnyOrder(made.snapshotArn(), namespace);
        assertThat(service.access()
                        .asked(
                                SCOPE,
                                "ListSnapshots",
                                ListSnapshotsRequest.builder()
                                        .namespaceName("risk")
                                        .build()))
                .extracting(AccessRequest::resource)
                .containsExactly("*");
    }
}

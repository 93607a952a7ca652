package dev.groundplane.services.redshiftserverless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.services.warehouse.Backup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.RecoveryPoint;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromRecoveryPointRequest;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Tag;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

class RecoveryPointsTest extends SnapshotFixture {
    private List<RecoveryPoint> points() {
        return client().listRecoveryPoints(r -> r.namespaceName("risk")).recoveryPoints();
    }

    private List<Backup> wanted() {
        return backups.all().stream()
                .flatMap(key -> backups.find(key).stream())
                .filter(backup -> backup.state() == Backup.State.WANTED)
                .toList();
    }

    @Test
    void aRecoveryPointIsMadeEveryHalfAnHourOfChangesAndKeptForADay() {
        service.wantRecoveryPoint(warehouse(), "first");
        service.wantRecoveryPoint(warehouse(), "first");
        assertThat(points()).isEmpty();
        Backup first = wanted().getFirst();
        backups.completed(
                SCOPE, first.whole(FILES, "first", backups.users(SCOPE, first).orElseThrow()));
        assertThat(points()).singleElement().satisfies(point -> {
            assertThat(point.workgroupName()).isEqualTo("desk");
            assertThat(point.totalSizeInMegaBytes()).isEqualTo(3.0);
            assertThat(client().getRecoveryPoint(r -> r.recoveryPointId(point.recoveryPointId()))
                            .recoveryPoint())
                    .isEqualTo(point);
        });

        now = START.plus(Duration.ofMinutes(29));
        service.wantRecoveryPoint(warehouse(), "second");
        now = START.plus(Duration.ofMinutes(30));
        service.wantRecoveryPoint(warehouse(), "first");
        assertThat(wanted()).as("too early, or without a change").isEmpty();
        service.wantRecoveryPoint(warehouse(), "second");
        assertThat(wanted()).hasSize(1);

        now = START.plus(Duration.ofHours(24));
        backups.sweep();
        assertThat(points()).isEmpty();
        assertThat(find(first.id())).isEmpty();
        assertThat(wanted()).as("not made yet").hasSize(1);
    }

    @Test
    void aRecoveryPointBecomesASnapshotThatOutlivesIt() {
        service.wantRecoveryPoint(warehouse(), "look");
        Backup point = complete(wanted().getFirst());
        Snapshot made = client().convertRecoveryPointToSnapshot(r -> r.recoveryPointId(point.id())
                        .snapshotName("kept")
                        .tags(Tag.builder().key("desk").value("rates").build()))
                .snapshot();
        assertThat(made.status()).isEqualTo(SnapshotStatus.CREATING);
        now = START.plus(Duration.ofHours(25));
        backups.sweep();
        assertThat(points()).isEmpty();
        assertThat(find(point.id())).as("its files are still to be copied").isPresent();
        complete(backupOf(made));
        backups.sweep();
        assertThat(find(point.id())).isEmpty();
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
    void aDamagedRecoveryPointBecomesNoSnapshot() {
        service.wantRecoveryPoint(warehouse(), "look");
        Backup point = complete(wanted().getFirst());
        backups.failed(SCOPE, point);

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().convertRecoveryPointToSnapshot(
                                r -> r.recoveryPointId(point.id()).snapshotName("kept")))
                .withMessageContaining("Recovery point %s is FAILED".formatted(point.id()));
        assertThatExceptionOfType(ResourceNotFoundException.class).isThrownBy(() -> get("kept"));
    }

    @Test
    void aRecoveryPointIsRestoredToItsOwnNamespaceOnly() {
        service.wantRecoveryPoint(warehouse(), "look");
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
}

package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.testing.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditVerificationTest {
    @TempDir
    private Path directory;

    private TrailFixture fixture;

    @BeforeEach
    void tenRecordsOfWhichEightAreSigned() {
        fixture = new TrailFixture(directory);
        fixture.append(8);
        fixture.checkpoints.signNew();
        fixture.append(2);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatWasWrittenIsIntact() {
        AuditReport report = fixture.verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.intact()).isTrue();
        assertThat(report.records()).isEqualTo(10);
        assertThat(report.first()).isEqualTo(1);
        assertThat(report.last()).isEqualTo(10);
        assertThat(report.signed()).isEqualTo(8);
        assertThat(report.checkpoints()).isEqualTo(2);
        assertThat(report.notes()).isEmpty();
    }

    @Test
    void itStaysSoOverStopsCrashesAndStarts() {
        fixture.stop();
        fixture.open();
        fixture.append(3);
        fixture.database.close(); // as when it is killed: no checkpoint
        fixture.open();
        fixture.append(1);

        assertThat(fixture.verify().findings()).isEmpty();
        assertThat(fixture.verify().signed()).isEqualTo(13);
    }

    @Test
    void anotherProcessReadsBesideTheOneThatWritesAndAfterIt() {
        assertThat(fixture.verifyFile().records()).isEqualTo(10);
        fixture.append(1);
        assertThat(fixture.verifyFile().records()).isEqualTo(11);
        fixture.stop();
        assertThat(fixture.verifyFile().intact()).isTrue();
        fixture.open();
    }

    @Test
    void nothingIsAddedAfterTheLastCheckpoint() {
        fixture.checkpoints.close();

        assertThatThrownBy(() -> fixture.append(1)).hasMessageContaining("audit trail has ended");
        assertThat(fixture.verify().findings()).isEmpty();
    }

    @Test
    void aChangedBodyIsFound() {
        fixture.tamper("UPDATE audit SET body = replace(body, 'awsRegion', 'awsregion') WHERE seq = 4");

        assertThat(kinds()).containsExactly(Kind.ALTERED, Kind.MISLEADING_COLUMN);
        assertThat(first().position()).isEqualTo(4);
        assertThat(first().eventId()).isEqualTo(fixture.eventId(4));
    }

    @ParameterizedTest
    @CsvSource({
        "event_id, 0198c1f2-0000-7000-8000-000000000000",
        "event_time, 7",
        "account, 222222222222",
        "region, eu-west-1",
        "event_source, s3.amazonaws.com",
        "event_name, ListTasks",
        "user_name, bob",
        "user_name, ''",
        "access_key_id, AKIABOB",
        "read_only, true",
        "management, 0",
        "resources, ''",
        "resources, damaged"
    })
    void aChangedColumnIsFound(String column, String value) {
        fixture.tamper("UPDATE audit SET %s = '%s' WHERE seq = 4".formatted(column, value));

        assertThat(kinds()).first().isEqualTo(Kind.MISLEADING_COLUMN);
        assertThat(first().position()).isEqualTo(4);
        assertThat(first().message()).contains(column);
    }

    @Test
    void milliSecondsOfTheTimeAreNotFreeToChoose() {
        fixture.tamper("UPDATE audit SET event_time = event_time + 1 WHERE seq = 4");

        assertThat(kinds()).containsExactly(Kind.MISLEADING_COLUMN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM audit_resource WHERE seq = 4",
                "UPDATE audit_resource SET name = 'arn:another' WHERE seq = 4",
                "INSERT INTO audit_resource VALUES ('arn:another', 4, 'AWS::ECS::Task')"
            })
    void aRecordThatIsListedUnderOtherResourcesIsFound(String sql) {
        fixture.tamper(sql);

        assertThat(kinds()).containsExactly(Kind.MISLEADING_COLUMN);
        assertThat(first().position()).isEqualTo(4);
    }

    @Test
    void aResourceOfNoRecordIsFound() {
        fixture.tamper("INSERT INTO audit_resource VALUES ('arn:another', 99, 'AWS::ECS::Task')");

        assertThat(first().position()).isEqualTo(99);
    }

    @Test
    void aDeletedRecordIsFound() {
        fixture.tamper("DELETE FROM audit WHERE seq = 4", "DELETE FROM audit_resource WHERE seq = 4");

        assertThat(kinds()).containsExactly(Kind.MISSING);
        assertThat(first().position()).isEqualTo(4);
    }

    @Test
    void aDeletedRecordIsFoundWhenTheRestMovesUp() {
        fixture.tamper(
                "DELETE FROM audit WHERE seq = 4",
                "DELETE FROM audit_resource WHERE seq = 4",
                "UPDATE audit SET seq = -(seq - 1) WHERE seq > 4",
                "UPDATE audit SET seq = -seq WHERE seq < 0",
                "UPDATE audit_resource SET seq = seq - 1 WHERE seq > 4");
        assertThat(kinds()).contains(Kind.ALTERED);
        assertThat(first().position()).isEqualTo(4);

        fixture.rehash();
        assertThat(kinds()).containsExactly(Kind.REWRITTEN);
    }

    @Test
    void deletedLastRecordsAreFoundAsFarAsTheyWereSigned() {
        fixture.tamper("DELETE FROM audit WHERE seq > 6", "DELETE FROM audit_resource WHERE seq > 6");

        assertThat(kinds()).containsExactly(Kind.TRUNCATED);
        assertThat(first().position()).isEqualTo(7);
    }

    @Test
    void deletedLastRecordsAreFoundAfterNewOnesTookTheirPlace() {
        fixture.tamper("DELETE FROM audit WHERE seq > 6", "DELETE FROM audit_resource WHERE seq > 6");
        fixture.append(10);

        assertThat(kinds()).containsExactly(Kind.REWRITTEN);
        assertThat(first().position()).isEqualTo(1);
        assertThat(first().eventId()).isEqualTo(fixture.eventId(1));
    }

    @Test
    void everyRecordIsSignedOnceTheControlPlaneHasStopped() {
        fixture.stop();
        fixture.open();
        fixture.tamper("DELETE FROM audit WHERE seq = 10", "DELETE FROM audit_resource WHERE seq = 10");

        assertThat(kinds()).containsExactly(Kind.TRUNCATED);
        assertThat(first().position()).isEqualTo(10);
    }

    @Test
    void swappedRecordsAreFound() {
        fixture.tamper(
                "UPDATE audit SET seq = -4 WHERE seq = 4",
                "UPDATE audit SET seq = 4 WHERE seq = 5",
                "UPDATE audit SET seq = 5 WHERE seq = -4",
                "UPDATE audit_resource SET seq = 9 - seq WHERE seq IN (4, 5)");
        assertThat(kinds()).contains(Kind.ALTERED);
        assertThat(first().position()).isEqualTo(4);

        fixture.rehash();
        assertThat(kinds()).containsExactly(Kind.REWRITTEN);
    }

    @Test
    void aForgedRecordInBetweenIsFoundAlsoWhenAllHashesAreComputedAnew() {
        fixture.tamper(
                "UPDATE audit SET seq = -(seq + 1) WHERE seq >= 4",
                "UPDATE audit SET seq = -seq WHERE seq < 0",
                "UPDATE audit_resource SET seq = seq + 1 WHERE seq >= 4",
                "INSERT INTO audit SELECT 4, event_id, event_time, account, region, event_source, event_name, user_name,"
                        + " access_key_id, read_only, management, resources, body, hash, chain FROM audit WHERE seq = 3",
                "INSERT INTO audit_resource SELECT name, 4, type FROM audit_resource WHERE seq = 3");
        assertThat(kinds()).contains(Kind.ALTERED);
        assertThat(first().position()).isEqualTo(4);

        fixture.rehash();
        assertThat(kinds()).containsExactly(Kind.REWRITTEN);
    }

    @Test
    void recordsAddedWhileTheControlPlaneIsStoppedAreFound() {
        fixture.stop();
        addWhileStopped();
        assertThat(fixture.verifyFile().findings())
                .extracting(AuditFinding::kind)
                .containsExactly(Kind.ADDED);

        fixture.open();
        assertThat(kinds()).containsExactly(Kind.ADDED);
        assertThat(first().position()).isEqualTo(11);
    }

    private void addWhileStopped() {
        try (var other = TestStore.open(fixture.file(), AuditTrail.MIGRATIONS, new Events())) {
            AuditTrail forger = new AuditTrail(other);
            other.write(tx -> {
                forger.append(tx, TrailFixture.record(fixture.now));
                return true;
            });
        }
    }

    @Test
    void aChangedCheckpointIsFound() {
        fixture.tamper("UPDATE audit_checkpoint SET position = 5 WHERE number = 2");

        assertThat(kinds()).contains(Kind.CHECKPOINT);
    }

    @Test
    void aCheckpointOfAnotherKeyIsFound() {
        var stranger = SecretKeyFile.open(directory.resolve("other-key"), directory.resolve("no-database"));
        var forged =
                Checkpoint.signed(stranger, "", 3, Checkpoint.Kind.PERIODIC, 10, HashChain.start(), TrailFixture.START);
        fixture.database.write(tx -> {
            CheckpointTable.put(tx.connection(), forged);
            return true;
        });

        assertThat(kinds()).containsExactly(Kind.CHECKPOINT);
    }

    @Test
    void deletedCheckpointsAreFound() {
        fixture.checkpoints.signNew();
        fixture.tamper("DELETE FROM audit_checkpoint WHERE number = 2");
        assertThat(kinds()).containsExactly(Kind.CHECKPOINT);

        fixture.tamper("DELETE FROM audit_checkpoint");
        assertThat(kinds()).contains(Kind.CHECKPOINT, Kind.ROLLED_BACK);
    }

    @Test
    void aForgedFileBesideTheDatabaseIsFound() throws IOException {
        Files.writeString(directory.resolve("checkpoint"), "nothing signed");

        assertThat(kinds()).containsExactly(Kind.CHECKPOINT);
    }

    @Test
    void oneChangeInManyIsOneFinding() {
        fixture.append(2_000);
        fixture.tamper("UPDATE audit SET body = body || ' ' WHERE seq = 1000");

        AuditReport report = fixture.verify();
        assertThat(report.findingCount()).isEqualTo(1);
        assertThat(report.records()).isEqualTo(2_010);
    }

    private AuditFinding first() {
        return fixture.verify().findings().getFirst();
    }

    private List<Kind> kinds() {
        return fixture.verify().findings().stream().map(AuditFinding::kind).toList();
    }
}

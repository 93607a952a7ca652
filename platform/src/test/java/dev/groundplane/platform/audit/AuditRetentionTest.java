package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditRetentionTest {
    @TempDir
    private Path directory;

    private TrailFixture fixture;
    private AuditRetention retention;
    private long needed = Long.MAX_VALUE;

    @BeforeEach
    void oldRecordsThenNewOnes() {
        fixture = new TrailFixture(directory);
        retention =
                new AuditRetention(fixture.database, fixture.key, Duration.ofDays(30), () -> needed, () -> fixture.now);
        fixture.append(1_200);
        fixture.checkpoints.signNew();
        fixture.now = fixture.now.plus(Duration.ofDays(40));
        fixture.append(10);
        fixture.checkpoints.signNew();
    }

    @AfterEach
    void close() {
        retention.close();
        fixture.close();
    }

    @Test
    void oldRecordsGoAndTheRestStaysProvable() {
        retention.remove();

        AuditReport report = fixture.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.removed()).isEqualTo(1_200);
        assertThat(report.records()).isEqualTo(10);
        assertThat(rows("audit_resource")).isEqualTo(10);
    }

    @Test
    void theNewestRecordStays() {
        fixture.now = fixture.now.plus(Duration.ofDays(400));
        retention.remove();
        fixture.append(1);

        assertThat(fixture.verify().findings()).isEmpty();
        assertThat(fixture.verify().last()).isEqualTo(1_211);
    }

    @Test
    void whatIsNeededStays() {
        needed = 600;
        retention.remove();
        assertThat(fixture.verify().records())
                .as("no checkpoint is at or before 599")
                .isEqualTo(1_210);

        needed = 1_201;
        retention.remove();
        assertThat(fixture.verify().records()).isEqualTo(10);
    }

    @Test
    void removedRecordsGoOnBeingRemovedAsTheyAge() {
        retention.remove();
        fixture.now = fixture.now.plus(Duration.ofDays(31));
        fixture.append(3);
        retention.remove();

        assertThat(fixture.verify().findings()).isEmpty();
        assertThat(fixture.verify().removed()).isEqualTo(1_210);
    }

    @Test
    void recordsWhoseTimesWereChangedAreNotRemoved() {
        fixture.tamper("UPDATE audit SET event_time = 0 WHERE seq > 1200");
        retention.remove();

        assertThat(fixture.verify().records()).isEqualTo(10);
        assertThat(fixture.verify().findings().getFirst().position()).isEqualTo(1_201);
    }

    @Test
    void recordsThatWereRewrittenAreNotRemoved() {
        fixture.tamper(
                "UPDATE audit SET body = replace(body, 'RunTask', 'StopTask'), event_name = 'StopTask' WHERE seq = 7");
        fixture.rehash();
        retention.remove();

        assertThat(fixture.verify().records()).isEqualTo(1_210);
    }

    @Test
    void aRemovalThatNobodySignedIsFound() {
        fixture.tamper("DELETE FROM audit WHERE seq <= 1200", "DELETE FROM audit_resource WHERE seq <= 1200");

        assertThat(fixture.verify().findings())
                .extracting(AuditFinding::kind)
                .containsExactly(AuditFinding.Kind.MISSING);
    }

    private long rows(String table) {
        return fixture.database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                row.next();
                return row.getLong(1);
            }
        });
    }
}

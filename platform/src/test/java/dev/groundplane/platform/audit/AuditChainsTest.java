package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes that write one trail, each a chain of its own. */
class AuditChainsTest {
    @TempDir
    private Path directory;

    private TrailFixture fixture;
    private TrailFixture.Writer one;
    private TrailFixture.Writer two;

    /** Positions: one has 1, 2, 5 and 6; two has 3, 4, 7 and 8. */
    @BeforeEach
    void open() {
        fixture = new TrailFixture(directory);
        one = fixture.writer("one");
        two = fixture.writer("two");
        for (TrailFixture.Writer writer : List.of(one, two, one, two)) {
            fixture.append(writer.trail(), 2);
            writer.checkpoints().signNew();
        }
    }

    @AfterEach
    void close() {
        one.checkpoints().close();
        two.checkpoints().close();
        fixture.close();
    }

    private List<AuditFinding> findings() {
        return fixture.verify("one").findings();
    }

    private List<Kind> kinds() {
        return findings().stream().map(AuditFinding::kind).toList();
    }

    @Test
    void bothChainsAreIntactAndSigned() {
        AuditReport report = fixture.verify("one");

        assertThat(report.findings()).isEmpty();
        assertThat(report.records()).isEqualTo(8);
        assertThat(report.signed()).isEqualTo(8);
    }

    @Test
    void whatIsSignedOfAllChainsIsTold() {
        fixture.append(one.trail(), 1);
        fixture.append(two.trail(), 1);
        two.checkpoints().signNew();

        assertThat(fixture.verify("one").signed()).isEqualTo(8);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aRecordThatIsMissingInBetweenIsOneFinding() {
        fixture.tamper("DELETE FROM audit WHERE seq = 4", "DELETE FROM audit_resource WHERE seq = 4");

        assertThat(kinds()).containsExactly(Kind.MISSING);
        assertThat(findings().getFirst().position()).isEqualTo(4);
    }

    @Test
    void theEndOfAChainThatIsMissingIsFoundWhereAnotherOneGoesOn() {
        fixture.tamper("DELETE FROM audit WHERE seq = 6", "DELETE FROM audit_resource WHERE seq = 6");

        assertThat(kinds()).containsExactlyInAnyOrder(Kind.MISSING, Kind.TRUNCATED);
        assertThat(findings())
                .filteredOn(finding -> finding.kind() == Kind.TRUNCATED)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("chain one"));
    }

    @Test
    void aRecordThatIsMovedToAnotherChainIsFound() {
        fixture.tamper("UPDATE audit SET chain = 'two' WHERE seq = 5");

        assertThat(kinds()).contains(Kind.ALTERED);
    }

    @Test
    void aChainThatNobodySignedIsFound() {
        fixture.append(new AuditTrail(fixture.database, "forged"), 1);

        assertThat(kinds()).containsExactly(Kind.CHECKPOINT);
        assertThat(findings().getFirst().position()).isEqualTo(9);
    }

    @Test
    void oldRecordsOfEveryChainAreRemovedButTheNewest() {
        fixture.now = fixture.now.plus(Duration.ofDays(40));
        fixture.append(one.trail(), 1);
        try (AuditRetention retention = new AuditRetention(
                fixture.database, fixture.key, Duration.ofDays(30), () -> Long.MAX_VALUE, () -> fixture.now)) {
            retention.remove();
        }

        AuditReport report = fixture.verify("one");
        assertThat(report.findings()).isEmpty();
        assertThat(report.removed()).isEqualTo(6);
        assertThat(positions())
                .as("the newest of each, and what no older checkpoint vouches for")
                .containsExactly(7L, 8L, 9L);
        fixture.append(two.trail(), 1);
        assertThat(fixture.verify("two").findings()).isEmpty();
    }

    private List<Long> positions() {
        return new AuditScan(fixture.database)
                .between(0, 99, TrailFixture.ACCOUNT, Optional.empty()).stream()
                        .map(AuditTrail.Found::position)
                        .toList();
    }
}

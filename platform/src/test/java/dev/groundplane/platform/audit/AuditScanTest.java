package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditScanTest {
    @TempDir
    private Path directory;

    private TrailFixture fixture;
    private AuditScan scan;

    @BeforeEach
    void open() {
        fixture = new TrailFixture(directory);
        scan = new AuditScan(fixture.database);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEmptyTrailEndsWhereItBegins() {
        assertThat(scan.tip()).isZero();
        assertThat(scan.between(0, 10, TrailFixture.ACCOUNT, Optional.empty())).isEmpty();
    }

    @Test
    void theRecordsBetweenTwoPositionsComeOldestFirst() {
        fixture.append(5);

        assertThat(scan.tip()).isEqualTo(5);
        assertThat(positions(1, 4, TrailFixture.ACCOUNT, Optional.empty())).containsExactly(2L, 3L, 4L);
        assertThat(positions(4, 99, TrailFixture.ACCOUNT, Optional.of("us-east-1")))
                .containsExactly(5L);
    }

    @Test
    void onlyThoseOfTheAccountAndRegion() {
        fixture.append(2);

        assertThat(positions(0, 9, "222222222222", Optional.empty())).isEmpty();
        assertThat(positions(0, 9, TrailFixture.ACCOUNT, Optional.of("eu-west-1")))
                .isEmpty();
    }

    private List<Long> positions(long after, long upTo, String account, Optional<String> region) {
        return scan.between(after, upTo, account, region).stream()
                .map(AuditTrail.Found::position)
                .toList();
    }
}

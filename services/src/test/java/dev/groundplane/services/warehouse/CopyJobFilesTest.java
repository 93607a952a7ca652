package dev.groundplane.services.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.warehouse.CopyJobFiles.Arrival;
import dev.groundplane.services.warehouse.CopyJobFiles.Job;
import dev.groundplane.services.warehouse.CopyJobFiles.Landed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lands for copy jobs is known until somebody has looked at it, whoever ends in between. */
class CopyJobFilesTest {
    private static final CopyJobFiles.Key PRICES = new CopyJobFiles.Key("space", "dev", 1);
    private static final CopyJobFiles.Key TRADES = new CopyJobFiles.Key("space", "dev", 2);

    @TempDir
    private Path directory;

    private final List<String> told = new ArrayList<>();
    private Database database;
    private CopyJobFiles files;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), CopyJobFiles.MIGRATIONS);
        begin();
        files.watch("space", List.of(job(PRICES, "in/prices/"), job(TRADES, "in/")));
        files.take("space", Map.of(PRICES, 1L, TRADES, 1L));
    }

    /** As a control plane that starts. */
    private void begin() {
        files = new CopyJobFiles(database);
        files.onArrival(told::add);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Job job(CopyJobFiles.Key key, String prefix) {
        return new Job(key, "name" + key.id(), 100, "market", prefix);
    }

    private static Landed landed(String key, long number) {
        return new Landed("market", key, 10, "etag", 0, number);
    }

    private void land(String key, long number) {
        database.write(tx -> {
            files.landed(tx, landed(key, number));
            return true;
        });
    }

    @Test
    void whatLandsUnderAPrefixIsGivenOnceAndWaitsUntilItWasLookedAt() {
        land("in/prices/a", 5);
        land("in/other", 6);
        land("elsewhere", 7);
        assertThat(told).containsExactly("space", "space", "space");
        assertThat(files.take("space", Map.of()))
                .containsExactlyInAnyOrder(
                        new Arrival(PRICES, 5, true, List.of(landed("in/prices/a", 5))),
                        new Arrival(TRADES, 6, true, List.of(landed("in/prices/a", 5), landed("in/other", 6))));
        assertThat(files.take("space", Map.of(PRICES, 5L))).isEmpty();
        assertThat(files.isWaiting("space")).isTrue();
        assertThat(files.take("space", Map.of(TRADES, 6L))).isEmpty();
        assertThat(files.isWaiting("space")).isFalse();
        assertThat(files.isWaiting("other")).isFalse();
    }

    @Test
    void anObjectThatIsNotStoredHasNotLanded() {
        assertThatIllegalStateException()
                .isThrownBy(() -> database.write(tx -> {
                    files.landed(tx, landed("in/a", 5));
                    throw new IllegalStateException("undone");
                }));
        assertThat(told).isEmpty();
        assertThat(files.isWaiting("space")).isFalse();
        begin();
        assertThat(files.isWaiting("space")).isFalse();
    }

    @Test
    void whatWasNotLookedAtIsGivenAgainAfterAControlPlaneOrAWorkerHasGone() {
        land("in/a", 5);
        begin();
        assertThat(files.isWaiting("space")).isTrue();
        land("in/b", 6);
        assertThat(files.take("space", Map.of())).containsExactly(new Arrival(TRADES, 6, false, List.of()));
        files.watch("space", List.of(job(PRICES, "in/prices/"), job(TRADES, "in/"))); // another worker
        assertThat(files.take("space", Map.of())).containsExactly(new Arrival(TRADES, 6, false, List.of()));
        assertThat(files.take("space", Map.of(TRADES, 6L))).isEmpty();
        begin();
        assertThat(files.isWaiting("space")).isFalse();
        land("in/c", 7);
        assertThat(files.take("space", Map.of()))
                .containsExactly(new Arrival(TRADES, 7, true, List.of(landed("in/c", 7))));
    }

    @Test
    void manyFilesAreNotKeptOneByOne() {
        database.write(tx -> {
            for (int number = 1; number <= 10_001; number++) {
                files.landed(tx, landed("in/" + number, number));
            }
            return true;
        });
        assertThat(files.take("space", Map.of())).containsExactly(new Arrival(TRADES, 10_001, false, List.of()));
    }

    @Test
    void aNewJobIsLookedAtOnce() {
        CopyJobFiles.Key key = new CopyJobFiles.Key("other", "dev", 1);
        files.watch("other", List.of(job(key, "in/")));
        begin();
        assertThat(files.isWaiting("other")).isTrue();
        assertThat(files.take("other", Map.of())).containsExactly(new Arrival(key, 1, false, List.of()));
        files.take("other", Map.of(key, 1L));
        assertThat(files.isWaiting("other")).isFalse();
    }

    @Test
    void jobsThatAreNoMoreAreForgotten() {
        land("in/prices/a", 5);
        files.watch("space", List.of(job(PRICES, "in/prices/")));
        assertThat(files.take("space", Map.of())).extracting(Arrival::job).containsExactly(PRICES);
        files.keep(List.of("other"));
        begin();
        land("in/prices/b", 6);
        assertThat(files.isWaiting("space")).isFalse();
    }

    @Test
    void whatHasLandedWithoutANameIsListedByWhoeverLooks() {
        land("in/prices/a", 5);
        database.write(tx -> {
            files.changed(tx, "market", "in/prices/", 6);
            return true;
        });
        assertThat(files.prefixes()).containsExactly(Map.entry("market", Set.of("in/prices/", "in/")));
        assertThat(files.take("space", Map.of(TRADES, 5L)))
                .containsExactlyInAnyOrder(
                        new Arrival(PRICES, 6, false, List.of()),
                        new Arrival(TRADES, 5, true, List.of(landed("in/prices/a", 5))));
        begin();
        assertThat(files.isWaiting("space")).isTrue();
        files.take("space", Map.of(PRICES, 6L));
        assertThat(files.isWaiting("space")).isFalse();
    }
}

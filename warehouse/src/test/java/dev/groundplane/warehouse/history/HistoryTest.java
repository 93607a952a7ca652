package dev.groundplane.warehouse.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.history.RunningStatement.Status;
import dev.groundplane.warehouse.sql.HistoryViews;
import dev.groundplane.warehouse.sql.QueryType;
import dev.groundplane.warehouse.sql.Statement;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, for how long, and how much of it. */
final class HistoryTest {
    private static final Caller CALLER = new Caller(100, "admin", 1, "dev");
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    private Path directory;

    private Engine engine;

    @BeforeEach
    void open() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(100_000_000, 100_000_000, 1));
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
    }

    private static void run(History history, String text) {
        history.begin(CALLER, "", 0, QueryType.SELECT, text).ended(Status.SUCCESS, null, 0, 0);
    }

    private List<String> kept() throws SQLException {
        try (var session = engine.session("dev")) {
            return session.rows("SELECT text FROM load_history.main.statement ORDER BY id").stream()
                    .map(List::getFirst)
                    .map(String::valueOf)
                    .toList();
        }
    }

    @Test
    void theEldestGoWhenThereIsTooMuch() throws Exception {
        try (var history = new History(engine.session("dev"), new Retention(WEEK, 3 * (Retention.ROW + 2)))) {
            for (var i = 0; i < 5; i++) {
                run(history, "s" + i);
            }
        }
        assertThat(kept()).hasSize(5);

        new History(engine.session("dev"), new Retention(WEEK, 3 * (Retention.ROW + 2))).close();

        assertThat(kept()).containsExactly("s2", "s3", "s4");
    }

    @Test
    void whatIsTooOldGoes() throws Exception {
        try (var history = new History(engine.session("dev"), new Retention(WEEK, 1 << 20))) {
            run(history, "old");
            history.began(new SessionInfo(CALLER, Instant.now(), Duration.ZERO, "", "", ""));
        }

        new History(engine.session("dev"), new Retention(Duration.ofDays(-1), 1 << 20)).close();

        assertThat(kept()).isEmpty();
    }

    private long bytesInMemory() throws SQLException {
        try (var session = engine.session("dev")) {
            return Long.parseLong(String.valueOf(session.rows(
                            "SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'")
                    .getFirst()
                    .getFirst()));
        }
    }

    @Test
    void whatGoesOnTakesNoMoreMemoryHoweverOftenItIsLookedAt() throws Exception {
        try (var history = new History(engine.session("dev"), Retention.STANDARD)) {
            for (var i = 0; i < 100; i++) {
                history.begin(CALLER, "", 0, QueryType.SELECT, "x".repeat(1000));
            }
            history.refresh();
            var before = bytesInMemory();

            for (var i = 0; i < 100; i++) {
                history.refresh();
            }

            assertThat(bytesInMemory()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void numbersAreNeverGivenAgain() throws Exception {
        long first;
        try (var history = new History(engine.session("dev"), Retention.STANDARD)) {
            first = history.begin(CALLER, "", 0, QueryType.SELECT, "never ended")
                    .id();
        }
        try (var history = new History(engine.session("dev"), Retention.STANDARD)) {
            assertThat(history.begin(CALLER, "", 0, QueryType.SELECT, "").id()).isGreaterThan(first);
        }
    }

    @Test
    void whatCopyDidGoesWhenItIsTooOldToo() throws Exception {
        try (var session = engine.session("dev")) {
            for (var moment : List.of("TIMESTAMP '2020-01-01'", "now()::TIMESTAMP")) {
                session.run("INSERT INTO load_history.main.load(id, ended) VALUES (1, %s)".formatted(moment));
                session.run("INSERT INTO load_history.main.file(id, ended) VALUES (1, %s)".formatted(moment));
                session.run("INSERT INTO load_history.main.error(id, ended) VALUES (1, %s)".formatted(moment));
            }
        }
        new History(engine.session("dev"), Retention.STANDARD).close();
        try (var session = engine.session("dev")) {
            for (var table : List.of("load", "file", "error")) {
                assertThat(session.rows("SELECT year(ended) > 2020 FROM load_history.main." + table))
                        .as(table)
                        .containsExactly(List.of("true"));
            }
        }
    }

    /** A view of them that is not among the names would be a moment behind. */
    @Test
    void allViewsOfHistoryAreBroughtUpToDate() throws Exception {
        try (var session = engine.session("dev")) {
            var views = session.rows("""
                    WITH RECURSIVE known AS (
                        SELECT view_name AS name, sql FROM duckdb_views() WHERE database_name = 'sys'),
                    reads AS (
                        SELECT name FROM known WHERE sql LIKE '%running_statement%' OR sql LIKE '%main.statement%'
                            OR sql LIKE '%connection_event%' OR sql LIKE '%open_session%'
                        UNION
                        SELECT known.name FROM known, reads WHERE known.sql LIKE '%.' || reads.name || '%')
                    SELECT view_name FROM reads JOIN duckdb_views() ON view_name = name
                    WHERE database_name = 'sys' AND schema_name <> 'groundplane'""");
            assertThat(views).hasSizeGreaterThan(10);
            for (var view : views) {
                var name = String.valueOf(view.getFirst());
                assertThat(HistoryViews.areMentioned(
                                Statement.all("SELECT * FROM " + name).getFirst()))
                        .as(name)
                        .isTrue();
            }
        }
    }
}

package dev.groundplane.warehouse.replication;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several sessions change the source at random, while what follows it is stopped and started, and tables are altered and copied again. */
final class RandomChangesTest extends ReplicationFixture {
    private static final int SESSIONS = 3;
    private static final int TRANSACTIONS = 80;
    private static final int KEYS = 60;
    private static final int TABLES = 2;
    /** Between two disturbances, at the most. */
    private static final int FOLLOWS_MILLIS = 200;

    private final AtomicInteger columns = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatever_happens_at_the_source_is_so_in_the_target(long seed) throws Exception {
        for (var table = 0; table < TABLES; table++) {
            source(
                    "CREATE TABLE t%d(id int PRIMARY KEY, n int, body text)".formatted(table),
                    "ALTER TABLE t%d ALTER COLUMN body SET STORAGE EXTERNAL".formatted(table),
                    "INSERT INTO t%d SELECT i, i, repeat('x', 3000) FROM generate_series(1, 20) i".formatted(table));
        }
        follow();
        try (var sessions = Executors.newFixedThreadPool(SESSIONS)) {
            var ends = new ArrayList<Callable<Void>>();
            for (var session = 0; session < SESSIONS; session++) {
                var random = new Random(seed * 100 + session);
                ends.add(() -> change(random));
            }
            var results = ends.stream().map(sessions::submit).toList();
            var random = new Random(seed);
            while (results.stream().anyMatch(result -> !result.isDone())) {
                if (random.nextBoolean()) {
                    stop();
                    follow();
                } else {
                    refresh("t" + random.nextInt(TABLES));
                }
                Thread.sleep(random.nextInt(FOLLOWS_MILLIS));
            }
            for (var result : results) {
                result.get();
            }
        }
        for (var table = 0; table < TABLES; table++) {
            awaitEqual("t" + table, "id");
        }
    }

    private Void change(Random random) throws SQLException {
        try (var connection = newConnection()) {
            connection.setAutoCommit(false);
            for (var i = 0; i < TRANSACTIONS; i++) {
                try {
                    for (var left = 1 + random.nextInt(5); left > 0; left--) {
                        execute(connection, statement(random));
                    }
                    if (random.nextInt(8) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                    }
                } catch (SQLException e) { // a key that is there, or sessions that waited for each other
                    connection.rollback();
                }
            }
        }
        return null;
    }

    private String statement(Random random) {
        var table = "t" + random.nextInt(TABLES);
        var key = random.nextInt(KEYS);
        var other = random.nextInt(KEYS);
        return switch (random.nextInt(40)) {
            case 0 -> "TRUNCATE " + table;
            case 1 -> "ALTER TABLE %s ADD COLUMN c%d int DEFAULT %d".formatted(table, columns.incrementAndGet(), key);
            case 2 ->
                "SAVEPOINT s; INSERT INTO %s(id, n) VALUES (%d, -1) ON CONFLICT DO NOTHING; ROLLBACK TO s"
                        .formatted(table, key);
            case 3, 4 -> "UPDATE %s SET id = %d WHERE id = %d".formatted(table, other, key);
            case 5, 6 -> "UPDATE %s SET body = repeat('%c', 3000) WHERE id = %d".formatted(table, 'a' + key % 26, key);
            case 7, 8, 9, 10, 11, 12 -> "DELETE FROM %s WHERE id = %d".formatted(table, key);
            case 13, 14, 15, 16, 17, 18, 19, 20 ->
                "UPDATE %s SET n = n + 1 WHERE id %% 7 = %d".formatted(table, key % 7);
            default ->
                "INSERT INTO %s(id, n, body) VALUES (%d, %d, repeat('y', %d)) ON CONFLICT (id) DO UPDATE SET n = %d"
                        .formatted(table, key, other, random.nextInt(4000), other);
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

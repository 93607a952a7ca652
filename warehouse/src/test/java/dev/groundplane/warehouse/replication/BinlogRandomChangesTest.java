package dev.groundplane.warehouse.replication;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link RandomChangesTest}, with MariaDB and MySQL: tables also exchange their names, and the server's log goes on in other files. */
@ParameterizedClass
@EnumSource(BinlogSource.Engine.class)
final class BinlogRandomChangesTest extends BinlogFixture {
    private static final int SESSIONS = 3;
    private static final int TRANSACTIONS = 80;
    private static final int KEYS = 60;
    private static final int TABLES = 3;
    /** Between two disturbances, at the most. */
    private static final int FOLLOWS_MILLIS = 200;

    private final AtomicInteger columns = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatever_happens_at_the_source_is_so_in_the_target(long seed) throws Exception {
        for (var table = 0; table < TABLES; table++) {
            source(
                    "CREATE TABLE t%d(id int PRIMARY KEY, n int, body text)".formatted(table),
                    "INSERT INTO t%d SELECT seq, seq, repeat('x', 3000) FROM %s".formatted(table, numbers(20)));
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
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        stop();
                        follow();
                    }
                    case 2 -> source("FLUSH BINARY LOGS");
                    default -> refresh("t" + random.nextInt(TABLES));
                }
                Thread.sleep(random.nextInt(FOLLOWS_MILLIS));
            }
            for (var result : results) {
                result.get();
            }
        }
        for (var table = 0; table < TABLES; table++) {
            awaitEqual("t" + table);
        }
    }

    private Void change(Random random) throws SQLException {
        try (var connection = newConnection()) {
            execute(connection, "SET innodb_lock_wait_timeout = 1");
            execute(connection, "SET lock_wait_timeout = 5");
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
        var number = random.nextInt(TABLES);
        var table = "t" + number;
        var key = random.nextInt(KEYS);
        var other = random.nextInt(KEYS);
        return switch (random.nextInt(60)) {
            case 0 -> "TRUNCATE " + table;
            case 1 -> "ALTER TABLE %s ADD COLUMN c%d int DEFAULT %d".formatted(table, columns.incrementAndGet(), key);
            case 2 ->
                "RENAME TABLE t%1$d TO x%1$d, t%2$d TO t%1$d, x%1$d TO t%2$d".formatted(number, (number + 1) % TABLES);
            case 3 -> "SAVEPOINT s";
            case 4 -> "ROLLBACK TO s";
            case 5, 6 -> "UPDATE %s SET id = %d WHERE id = %d".formatted(table, other, key);
            case 7, 8 -> "UPDATE %s SET body = repeat('%c', 3000) WHERE id = %d".formatted(table, 'a' + key % 26, key);
            case 9, 10, 11, 12, 13, 14, 15 -> "DELETE FROM %s WHERE id = %d".formatted(table, key);
            case 16, 17, 18, 19, 20, 21, 22, 23, 24 ->
                "UPDATE %s SET n = n + 1 WHERE id %% 7 = %d".formatted(table, key % 7);
            case 25, 26 -> "REPLACE INTO %s(id, n, body) VALUES (%d, %d, 'replaced')".formatted(table, key, other);
            default ->
                "INSERT INTO %s(id, n, body) VALUES (%d, %d, repeat('y', %d)) ON DUPLICATE KEY UPDATE n = %d"
                        .formatted(table, key, other, random.nextInt(4000), other);
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

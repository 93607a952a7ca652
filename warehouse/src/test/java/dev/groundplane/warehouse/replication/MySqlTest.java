package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What MySQL has alone. */
@ParameterizedClass
@EnumSource(value = BinlogSource.Engine.class, names = "MYSQL")
final class MySqlTest extends BinlogFixture {
    private static final int SESSIONS = 2;
    private static final int KEYS = 200;
    private static final int COPIES = 8;

    @Test
    void values_of_its_own_types_are_the_same_copied_and_logged() throws Exception {
        source("""
                CREATE TABLE typed(id int PRIMARY KEY, j json, v vector(3), g geometry SRID 4326, c geometrycollection,
                    name varchar(20), KEY lowered ((lower(name))))""");
        var rows = """
                INSERT INTO typed VALUES
                (1, '{"b": [1, -2.50, "x, \\\\\"y: ", null, true], "a": 18446744073709551615, "é😀": {}}', string_to_vector('[1,-2.5,3]'),
                 ST_GeomFromText('POINT(10 20)', 4326), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2))'), 'A'),
                (2, '[]', NULL, NULL, NULL, NULL),
                (3, '"text"', NULL, NULL, NULL, ''),
                (4, NULL, NULL, NULL, NULL, NULL),
                (5, json_object('d', CAST('2022-01-02 03:04:05.600000' AS datetime(6)), 'n', 12345678901234567890.5, 'f', 0.1e0, 'g', 1e20, 'h', -123456789e0,
                    't', CAST('-01:02:03.5' AS time(1)), 'u', CAST('-10:00:00' AS time), 'v', CAST('12:00:59.9' AS time(1)),
                    'w', CAST('-00:00:00.1' AS time(1)), 'x', CAST('-01:00:00.1' AS time(1)), 'o', CAST(x'00ff' AS binary), 'y', CAST('2022-01-02' AS date)), NULL,
                 NULL, NULL, NULL)""";
        source(rows);
        follow();
        awaitRows("SELECT count(*) FROM @typed", "5");
        awaitState("typed", "Synced");
        var copied = target("SELECT * FROM @typed ORDER BY id");
        source("DELETE FROM typed");
        awaitRows("SELECT count(*) FROM @typed", "0");
        source(rows);
        awaitRows("SELECT count(*) FROM @typed", "5");
        assertThat(target("SELECT * FROM @typed ORDER BY id")).isEqualTo(copied);
        awaitCopies("typed", 1);
        assertThat(target("SELECT j->>'$.b[2]', octet_length(v) FROM @typed WHERE id = 1"))
                .containsExactly(List.of("x, \"y: ", "12"));
    }

    @Test
    void rows_that_are_being_committed_when_a_copy_begins_are_there_once() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, n int)", "INSERT INTO t SELECT seq, 0 FROM " + numbers(KEYS));
        follow();
        awaitState("t", "Synced");
        var copied = new AtomicBoolean();
        try (var sessions = Executors.newFixedThreadPool(SESSIONS)) {
            var results = IntStream.range(0, SESSIONS)
                    .mapToObj(session -> sessions.submit(() -> change(new Random(session), copied)))
                    .toList();
            try {
                for (var copies = 2; copies <= COPIES; copies++) {
                    refresh("t");
                    awaitCopies("t", copies);
                }
            } finally {
                copied.set(true);
            }
            for (var result : results) {
                result.get();
            }
        }
        awaitEqual("t");
    }

    private @Nullable Void change(Random random, AtomicBoolean ends) throws SQLException {
        try (var connection = newConnection();
                var statement = connection.createStatement()) {
            while (!ends.get()) {
                var key = random.nextInt(KEYS);
                var sql = switch (random.nextInt(3)) {
                    case 0 -> "DELETE FROM t WHERE id = %d".formatted(key);
                    case 1 -> "UPDATE IGNORE t SET id = %d WHERE id = %d".formatted(random.nextInt(KEYS), key);
                    default -> "INSERT IGNORE INTO t VALUES (%d, 1)".formatted(key);
                };
                try {
                    statement.execute(sql);
                } catch (SQLTransactionRollbackException e) {
                    // The sessions waited for each other: the next statement is another one.
                }
            }
        }
        return null;
    }

    @Test
    void what_the_log_has_compressed_makes_tables_be_copied() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t");
        source("SET SESSION binlog_transaction_compression = ON", "INSERT INTO t VALUES (2)");
        awaitEqual("t");
        source("SET SESSION binlog_transaction_compression = OFF", "INSERT INTO t VALUES (3)");
        awaitEqual("t");
        awaitCopies("t", 2);
    }
}

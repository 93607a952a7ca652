package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that follows one of a real MariaDB or MySQL. */
@ParameterizedClass
@EnumSource(BinlogSource.Engine.class)
final class BinlogReplicationTest extends BinlogFixture {
    @Test
    void rows_that_are_there_and_those_that_come_are_in_the_target() throws Exception {
        source(
                "CREATE TABLE trade(id int PRIMARY KEY, symbol varchar(9), amount decimal(12,2))",
                "INSERT INTO trade SELECT seq, concat('S', seq % 7), seq / 3.0 FROM " + numbers(1000));
        follow();
        awaitEqual("trade");

        source(
                "INSERT INTO trade VALUES (1001, NULL, 1), (1002, '', 2), (1003, '\"\n\\\\,', 3)",
                "UPDATE trade SET amount = amount * 2 WHERE id % 10 = 0",
                "UPDATE trade SET id = id + 5000 WHERE id < 20",
                "DELETE FROM trade WHERE id BETWEEN 100 AND 200");
        awaitEqual("trade");
        awaitCopies("trade", 1);

        source("TRUNCATE trade", "INSERT INTO trade VALUES (1, 'again', 0)");
        awaitEqual("trade");
        source("INSERT INTO trade VALUES (2, 'x', 0)", "DELETE FROM trade", "INSERT INTO trade VALUES (3, 'y', 0)");
        awaitEqual("trade");
        awaitCopies("trade", 1);
    }

    @Test
    void what_is_rolled_back_is_not_applied() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, v int)");
        follow();
        awaitState("t", "Synced");
        source(
                "BEGIN",
                "INSERT INTO t VALUES (1, 1)",
                "SAVEPOINT s",
                "INSERT INTO t VALUES (2, 2)",
                "UPDATE t SET v = 9",
                "ROLLBACK TO s",
                "INSERT INTO t VALUES (3, 3)",
                "COMMIT",
                "BEGIN",
                "DELETE FROM t",
                "ROLLBACK",
                "BEGIN",
                "UPDATE t SET id = id + 10",
                "UPDATE t SET v = v + 1",
                "DELETE FROM t WHERE id = 11",
                "COMMIT");
        awaitEqual("t");
        assertThat(target("SELECT id, v FROM @t")).containsExactly(List.of("13", "4"));
    }

    @Test
    void a_transaction_of_several_tables_is_seen_as_a_whole() throws Exception {
        source(
                "CREATE TABLE a(id int PRIMARY KEY, n int)",
                "CREATE TABLE b(id int PRIMARY KEY, n int)",
                "INSERT INTO a SELECT seq, 0 FROM " + numbers(30000),
                "INSERT INTO b VALUES (1, 0)");
        follow();
        awaitEqual("a");
        awaitEqual("b");
        source("BEGIN", "UPDATE a SET n = 1", "UPDATE b SET n = 1", "COMMIT");
        var seen = new java.util.HashSet<List<String>>();
        while (!seen.contains(List.of("1"))) {
            var now = target("SELECT n FROM @a UNION SELECT n FROM @b");
            assertThat(now).hasSize(1);
            seen.addAll(now);
        }
    }

    @Test
    void what_is_written_while_rows_are_copied_is_there() throws Exception {
        source(
                "CREATE TABLE t(id int PRIMARY KEY, v int)",
                "INSERT INTO t SELECT seq, 0 FROM " + numbers(60000),
                "CREATE TABLE other(id int PRIMARY KEY)");
        follow();
        for (var i = 0; i < 200; i++) {
            source(
                    "INSERT INTO other VALUES (%d)".formatted(i),
                    "INSERT INTO t VALUES (%d, 1)".formatted(100_000 + i),
                    "UPDATE t SET v = v + 1 WHERE id %% 200 = %d".formatted(i),
                    "DELETE FROM t WHERE id = %d".formatted(i * 7 + 1));
        }
        awaitEqual("t");
        awaitEqual("other");
    }

    @Test
    void tables_that_are_made_altered_renamed_and_dropped_are_so_in_the_target() throws Exception {
        source("CREATE TABLE one(id int PRIMARY KEY, a text)", "INSERT INTO one VALUES (1, 'x'), (2, 'y')");
        follow();
        awaitEqual("one");

        source(
                "CREATE TABLE two(k varchar(9) PRIMARY KEY, v int)",
                "INSERT INTO two VALUES ('a', 1)",
                "ALTER TABLE one ADD COLUMN b int DEFAULT 7",
                "INSERT INTO one VALUES (3, 'z', 8)",
                "ALTER TABLE one RENAME COLUMN a TO name",
                "UPDATE one SET name = 'w' WHERE id = 1",
                "ALTER TABLE one DROP COLUMN b",
                "INSERT INTO one VALUES (4, 'v')");
        awaitEqual("one");
        awaitEqual("two");

        source(
                "RENAME TABLE one TO first",
                "INSERT INTO first VALUES (5, 'u')",
                "DROP TABLE two",
                "CREATE TABLE made LIKE first",
                "INSERT INTO made VALUES (1, 'm')",
                "CREATE TABLE selected (PRIMARY KEY (id)) SELECT * FROM first");
        awaitEqual("first");
        awaitEqual("made");
        awaitEqual("selected");
        awaitTables("first", "made", "selected");

        source("ALTER TABLE first MODIFY id bigint", "INSERT INTO first VALUES (5000000000, 't')");
        awaitEqual("first");
        source("ALTER TABLE first DROP COLUMN name", "ALTER TABLE first ADD COLUMN name int DEFAULT 3");
        awaitEqual("first");
    }

    @Test
    void tables_that_exchange_their_names_are_equal_in_the_end() throws Exception {
        source(
                "CREATE TABLE t(id int PRIMARY KEY, v text)",
                "INSERT INTO t VALUES (1, 'old')",
                "CREATE TABLE t_new(id int PRIMARY KEY, v text)",
                "INSERT INTO t_new VALUES (1, 'new'), (2, 'newer')");
        follow();
        awaitEqual("t");
        awaitEqual("t_new");
        source("RENAME TABLE t TO t_old, t_new TO t", "UPDATE t SET v = 'newest' WHERE id = 1");
        awaitEqual("t");
        awaitEqual("t_old");
        source("RENAME TABLE t TO x, t_old TO t, x TO t_old");
        awaitEqual("t");
        awaitEqual("t_old");
        awaitTables("t", "t_old");
    }

    @Test
    void indexes_and_tables_that_are_there_already_need_no_copy() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, v int)", "INSERT INTO t VALUES (1, 1)");
        follow();
        awaitEqual("t");
        source(
                "CREATE TABLE IF NOT EXISTS t(id int PRIMARY KEY, v int)",
                "CREATE INDEX v ON t(v)",
                "ALTER TABLE t ADD INDEX vv (v, id), COMMENT 'of v'",
                "ANALYZE TABLE t",
                "INSERT INTO t VALUES (2, 2)");
        awaitEqual("t");
        awaitCopies("t", 1);
    }

    @Test
    void a_table_that_cannot_be_followed_is_told_until_it_can() throws Exception {
        source(
                "CREATE TABLE keyless(a int)",
                "CREATE TABLE old(id int PRIMARY KEY) ENGINE = MyISAM",
                "CREATE TABLE parent(id int PRIMARY KEY)",
                "CREATE TABLE child(id int PRIMARY KEY, p int REFERENCES parent(id) ON DELETE CASCADE)",
                "CREATE TABLE chinese(id int PRIMARY KEY, t text CHARACTER SET gbk)");
        follow();
        awaitEqual("parent");
        source("INSERT INTO keyless VALUES (1)", "INSERT INTO old VALUES (1)");
        source("INSERT INTO parent VALUES (1), (2)", "INSERT INTO child VALUES (1, 1), (2, 2)");
        source("DELETE FROM parent WHERE id = 1");
        awaitEqual("parent");
        var reasons = new TreeMap<>(Map.of(
                "chinese",
                "its column t has the character set gbk; ALTER TABLE ... CONVERT TO CHARACTER SET utf8mb4",
                "keyless",
                "it has no primary key",
                "old",
                "its engine MyISAM has no transactions; ALTER TABLE ... ENGINE = InnoDB"));
        if (kind == BinlogSource.Engine.MARIADB) {
            reasons.put(
                    "child", "a foreign key changes its rows by CASCADE or SET, which the source's log does not have");
            source("CREATE TABLE packed(id int PRIMARY KEY, t text COMPRESSED)", "INSERT INTO packed VALUES (1, 'x')");
            awaitState("packed", "Failed");
            reasons.put("packed", "its column t has the type text /*M!100301 COMPRESSED*/");
        } else {
            awaitEqual("child");
        }
        assertThat(
                        target(
                                "SELECT table_name, reason FROM groundplane.replicated_table WHERE state = 'Failed' ORDER BY 1"))
                .containsExactlyElementsOf(reasons.entrySet().stream()
                        .map(reason -> List.of(reason.getKey(), reason.getValue()))
                        .toList());
        source("ALTER TABLE keyless ADD PRIMARY KEY (a)", "ALTER TABLE old ENGINE = InnoDB");
        awaitEqual("keyless");
        awaitEqual("old");
    }

    @Test
    void what_happens_while_nobody_follows_is_applied_later() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        follow();
        awaitEqual("t");
        stop();
        source(
                "INSERT INTO t VALUES (2, 'b')",
                "CREATE TABLE n(id int PRIMARY KEY)",
                "INSERT INTO n VALUES (1)",
                "FLUSH BINARY LOGS",
                "INSERT INTO t VALUES (3, 'c')");
        follow();
        awaitEqual("t");
        awaitEqual("n");
        awaitCopies("t", 1);
    }

    @Test
    void a_refreshed_table_is_copied_while_others_are_followed() throws Exception {
        source(
                "CREATE TABLE big(id int PRIMARY KEY, v int)",
                "INSERT INTO big SELECT seq, 0 FROM " + numbers(50000),
                "CREATE TABLE t(id int PRIMARY KEY)");
        follow();
        awaitEqual("big");
        awaitState("t", "Synced");
        refresh("big");
        for (var i = 0; i < 100; i++) {
            source(
                    "INSERT INTO t VALUES (%d)".formatted(i),
                    "UPDATE big SET v = v + 1 WHERE id %% 100 = %d".formatted(i));
        }
        awaitCopies("big", 2);
        awaitEqual("big");
        awaitEqual("t");
        awaitCopies("t", 1);
    }

    @Test
    void only_tables_that_are_wanted_are_followed() throws Exception {
        source("CREATE TABLE a(id int PRIMARY KEY)", "CREATE TABLE b(id int PRIMARY KEY)", "INSERT INTO b VALUES (1)");
        want(new TableFilter.TablePattern(true, "^replicated_\\d+$", "^a$"));
        follow();
        awaitTables("a");
        source("INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (2)");
        awaitEqual("a");
        want(new TableFilter.TablePattern(true, "", "^b$"));
        awaitEqual("b");
        awaitTables("b");
    }

    @Test
    void two_databases_follow_one_source() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (var session = engine().session("dev")) {
            session.databases().create("copy");
        }
        follow();
        awaitEqual("t");
        try (var _ = follow("copy")) {
            source("INSERT INTO t VALUES (2)");
            awaitEqual("t");
            awaitRows("SELECT id FROM copy.%s.t ORDER BY id".formatted(name), "1", "2");
        }
    }

    @Test
    void statements_that_are_logged_as_such_and_parts_of_rows_make_tables_be_copied() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, v int, w int)", "INSERT INTO t VALUES (1, 1, 1)");
        follow();
        awaitEqual("t");
        source("SET SESSION binlog_format = STATEMENT", "UPDATE t SET v = 5", "SET SESSION binlog_format = ROW");
        awaitEqual("t");
        source("SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET v = 6", "SET SESSION binlog_row_image = FULL");
        awaitEqual("t");
        source("XA START 'x'", "UPDATE t SET v = 7", "XA END 'x'", "XA PREPARE 'x'", "XA COMMIT 'x'");
        awaitEqual("t");
        source("XA START 'y'", "UPDATE t SET v = 8", "XA END 'y'", "XA COMMIT 'y' ONE PHASE");
        awaitEqual("t");
        source(
                "SET sql_log_bin = 0",
                "ALTER TABLE t DROP COLUMN w",
                "SET sql_log_bin = 1",
                "INSERT INTO t VALUES (2, 2)");
        awaitEqual("t");
    }

    @Test
    void the_place_that_was_reached_is_told_also_when_nothing_is_of_concern() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)");
        follow();
        awaitState("t", "Synced");
        source("INSERT INTO t VALUES (1)");
        awaitPlace();
        server().execute("CREATE DATABASE elsewhere", "CREATE TABLE elsewhere.t(id int)", "DROP DATABASE elsewhere");
        awaitPlace();
        stop();
        var before = places.size();
        follow();
        await(() -> assertThat(places).hasSizeGreaterThan(before));
        awaitPlace();
    }

    private void awaitPlace() throws Exception {
        var reached = server().end();
        await(() -> assertThat(places).last().isEqualTo(reached));
    }
}

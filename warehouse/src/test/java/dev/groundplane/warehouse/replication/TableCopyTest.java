package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables whose rows are copied while others are followed. */
final class TableCopyTest extends ReplicationFixture {
    @Test
    void changes_of_other_tables_do_not_wait_for_one_that_is_copied() throws Exception {
        source(
                "CREATE TABLE large(id int PRIMARY KEY, n int)",
                "INSERT INTO large SELECT n, 0 FROM generate_series(1, 1000) n",
                "CREATE TABLE small(id int PRIMARY KEY)");
        follow();
        awaitEqual("large", "id");
        awaitEqual("small", "id");
        awaitState("large", "Synced"); // a copy's rows are there a moment before it is taken over

        try (var locking = newConnection();
                var statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE large IN ACCESS EXCLUSIVE MODE");
            refresh("large");
            source("INSERT INTO small VALUES (1)");
            awaitState("large", "ResyncRequired");
            source("INSERT INTO small VALUES (2)");
            awaitEqual("small", "id");
            assertThat(target("SELECT count(*) FROM public.large")).containsExactly(List.of("1000"));
            statement.execute("UPDATE large SET n = 1 WHERE id % 2 = 0");
            statement.execute("DELETE FROM large WHERE id > 900");
            locking.commit();
        }
        awaitState("large", "Synced");
        awaitEqual("large", "id");
        source("UPDATE large SET n = 2 WHERE id = 1");
        awaitEqual("large", "id");
    }

    @Test
    void changes_that_come_while_a_table_is_copied_are_applied_once() throws Exception {
        source(
                "CREATE TABLE counter(id int PRIMARY KEY, n int, body text)",
                "ALTER TABLE counter ALTER COLUMN body SET STORAGE EXTERNAL",
                "INSERT INTO counter SELECT n, 0, repeat('x', 3000) FROM generate_series(1, 3000) n",
                "CREATE TABLE other(id int PRIMARY KEY)");
        follow();
        awaitEqual("counter", "id");
        for (var turn = 0; turn < 5; turn++) {
            refresh("counter", "other");
            for (var change = 0; change < 30; change++) {
                var key = turn * 30 + change;
                source(
                        "UPDATE counter SET n = n + 1 WHERE id % 100 = " + change,
                        "INSERT INTO other VALUES (%d)".formatted(key),
                        "DELETE FROM counter WHERE id = " + (2500 + key),
                        "UPDATE counter SET id = id + 100000 WHERE id = " + (2000 + key));
            }
        }
        awaitState("counter", "Synced");
        awaitEqual("counter", "id");
        awaitEqual("other", "id");
    }

    @Test
    void a_table_that_is_altered_or_dropped_while_it_is_copied_is_as_it_is_then() throws Exception {
        source(
                "CREATE TABLE altered(id int PRIMARY KEY, n int)",
                "INSERT INTO altered SELECT n, n FROM generate_series(1, 1000) n",
                "CREATE TABLE dropped(id int PRIMARY KEY)",
                "CREATE TABLE renamed(id int PRIMARY KEY)",
                "INSERT INTO renamed VALUES (1)");
        follow();
        awaitEqual("altered", "id");
        awaitEqual("renamed", "id");
        refresh("altered", "dropped", "renamed");
        source(
                "ALTER TABLE altered ADD COLUMN more int DEFAULT 7",
                "DROP TABLE dropped",
                "ALTER TABLE renamed RENAME TO named",
                "ALTER TABLE altered ALTER COLUMN n TYPE bigint",
                "INSERT INTO altered VALUES (2000, 5000000000, 8)",
                "INSERT INTO named VALUES (2)");
        awaitEqual("altered", "id");
        awaitEqual("named", "id");
        awaitRows(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'sales' AND schema_name = 'public' ORDER BY 1",
                "altered",
                "named");
    }

    @Test
    void tables_that_were_copied_are_not_copied_again_after_a_stop() throws Exception {
        source(
                "CREATE TABLE first(id int PRIMARY KEY)",
                "INSERT INTO first VALUES (1)",
                "CREATE TABLE second(id int PRIMARY KEY)",
                "INSERT INTO second VALUES (1)");
        follow();
        awaitState("first", "Synced");
        awaitState("second", "Synced");
        stop();
        var copied = target("SELECT position FROM groundplane.replicated_table WHERE table_name = 'first'");
        source(
                "CREATE TABLE third(id int PRIMARY KEY)",
                "INSERT INTO third VALUES (1)",
                "INSERT INTO first VALUES (2)");
        follow();
        awaitEqual("third", "id");
        awaitEqual("first", "id");
        assertThat(target("SELECT position FROM groundplane.replicated_table WHERE table_name = 'first'"))
                .isEqualTo(copied);
    }
}

package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Following as a role that is no superuser, of a source whose owner has made what is needed, or a part of it. */
final class OwnersPublicationTest extends ReplicationFixture {
    @BeforeEach
    void makeRole() throws SQLException {
        source(
                "CREATE ROLE follower LOGIN REPLICATION",
                "CREATE TABLE trade(id int PRIMARY KEY, amount numeric(10,2))",
                "INSERT INTO trade SELECT n, n FROM generate_series(1, 100) n");
        followAs("follower");
    }

    @AfterEach
    void removeRole() throws Exception {
        stop();
        source("DROP OWNED BY follower", "DROP ROLE follower");
    }

    /** Without event triggers. */
    private void publish(String tables) throws SQLException {
        source(
                "CREATE PUBLICATION groundplane_tables FOR TABLE " + tables
                        + " WITH (publish_via_partition_root = true)",
                "GRANT pg_read_all_data TO follower");
    }

    @Test
    void without_event_triggers_alterations_are_found_with_the_next_row() throws Exception {
        publish("trade");
        follow();
        awaitEqual("trade", "id");
        source("UPDATE trade SET amount = amount + 1 WHERE id < 10", "DELETE FROM trade WHERE id > 90");
        awaitEqual("trade", "id");

        source("ALTER TABLE trade ADD COLUMN note text DEFAULT 'none'", "UPDATE trade SET note = 'x' WHERE id = 1");
        awaitEqual("trade", "id");
        source(
                "ALTER TABLE trade ALTER COLUMN amount TYPE numeric(14,4)",
                "UPDATE trade SET amount = 1.2345 WHERE id = 2");
        awaitEqual("trade", "id");

        source(
                "CREATE TABLE later(id int PRIMARY KEY)",
                "INSERT INTO later VALUES (1), (2)",
                "ALTER PUBLICATION groundplane_tables ADD TABLE later",
                "INSERT INTO later VALUES (3)");
        awaitEqual("later", "id");
        source(
                "DROP TABLE later",
                "CREATE TABLE later(id int PRIMARY KEY, again int)",
                "INSERT INTO later VALUES (7, 8)");
        source("ALTER PUBLICATION groundplane_tables ADD TABLE later", "INSERT INTO later VALUES (9, 10)");
        awaitEqual("later", "id");
        source(
                "ALTER TABLE later RENAME TO later_1",
                "CREATE TABLE later(id int PRIMARY KEY)",
                "ALTER PUBLICATION groundplane_tables ADD TABLE later",
                "INSERT INTO later VALUES (11)",
                "INSERT INTO later_1 VALUES (12, 13)");
        awaitEqual("later", "id");
        awaitEqual("later_1", "id");
    }

    @Test
    void what_is_altered_while_nobody_follows_is_found_at_once() throws Exception {
        source("CREATE TABLE gone(id int PRIMARY KEY)");
        publish("trade, gone");
        follow();
        awaitEqual("trade", "id");
        stop();
        source("ALTER TABLE trade ADD COLUMN note text DEFAULT 'none'", "DROP TABLE gone");
        follow();
        awaitEqual("trade", "id");
        awaitRows(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'sales' AND schema_name <> 'groundplane'",
                "trade");
    }

    @Test
    void with_what_the_script_makes_nothing_is_missing() throws Exception {
        for (var i = 0; i < 2; i++) { // it can be run again
            source(script());
        }
        follow();
        awaitEqual("trade", "id");
        source(
                "ALTER TABLE trade ADD COLUMN note text DEFAULT 'none'",
                "CREATE TABLE later(id int PRIMARY KEY)",
                "INSERT INTO later VALUES (1)");
        awaitEqual("trade", "id");
        awaitEqual("later", "id");
        source("ALTER TABLE later RENAME TO renamed", "CREATE TABLE keyless(a int)", "INSERT INTO keyless VALUES (1)");
        source("UPDATE keyless SET a = 2"); // which is not published
        awaitEqual("renamed", "id");
    }

    /** The document as psql sends it. */
    private static String script() throws IOException {
        return Files.readString(Path.of("..", "docs", "zero-etl-source.sql"))
                .replaceAll("(?m)^\\\\.*$", "")
                .replace(":\"follower\"", "follower");
    }

    @Test
    void tables_that_may_not_be_read_whole_fail_alone() throws Exception {
        source(
                "CREATE TABLE closed(id int PRIMARY KEY)",
                "CREATE TABLE guarded(id int PRIMARY KEY)",
                "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
                "INSERT INTO guarded VALUES (1)",
                "CREATE PUBLICATION groundplane_tables FOR TABLE closed, guarded, trade WITH (publish_via_partition_root = true)",
                "GRANT SELECT ON trade, guarded TO follower");
        follow();
        awaitEqual("trade", "id");
        awaitRows("SELECT state FROM groundplane.replicated_table ORDER BY table_name", "Failed", "Failed", "Synced");
        assertThat(target("SELECT reason FROM groundplane.replicated_table ORDER BY table_name")
                        .toString())
                .contains("GRANT pg_read_all_data TO follower", "ALTER ROLE follower BYPASSRLS");
    }

    @Test
    void without_a_publication_nothing_is_made() throws Exception {
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::setUpSource);
        assertThat(sourceRows("SELECT pubname FROM pg_publication")).isEmpty();
    }
}

package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.replication.TableFilter.TablePattern;
import org.junit.jupiter.api.Test;

/** Databases that follow some of the tables of a real PostgreSQL. */
final class TableFilterTest extends ReplicationFixture {
    private static final TablePattern ALL = new TablePattern(true, "", "");
    private static final TablePattern NO_SECRETS = new TablePattern(false, "", "secret");
    private static final String TABLES =
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'sales' AND schema_name <> 'groundplane' ORDER BY 1";

    @Test
    void the_last_pattern_that_a_table_matches_decides() {
        var filter = new TableFilter(java.util.List.of(
                new TablePattern(true, "\\Apublic\\z", ""), NO_SECRETS, new TablePattern(true, "", "\\Asecret_1\\z")));
        assertThat(filter.includes(table("public", "trade"))).isTrue();
        assertThat(filter.includes(table("public", "my_secret"))).isFalse();
        assertThat(filter.includes(table("public", "secret_1"))).isTrue();
        assertThat(filter.includes(table("other", "trade"))).isFalse();
    }

    private static SourceTable table(String schema, String name) {
        return SourceTable.of("{\"id\": 1, \"schema\": \"%s\", \"name\": \"%s\"}".formatted(schema, name));
    }

    @Test
    void tables_that_are_not_wanted_are_never_here() throws Exception {
        source(
                "CREATE TABLE trade(id int PRIMARY KEY)",
                "CREATE TABLE secret(id int PRIMARY KEY)",
                "INSERT INTO secret SELECT generate_series(1, 100)");
        want(ALL, NO_SECRETS);
        follow();
        source(
                "CREATE TABLE secret_too(id int PRIMARY KEY)",
                "INSERT INTO secret VALUES (101)",
                "INSERT INTO trade VALUES (1)");
        awaitEqual("trade", "id");
        awaitRows(TABLES, "trade");

        source("ALTER TABLE secret RENAME TO open", "INSERT INTO open VALUES (102)");
        awaitEqual("open", "id");
        source("ALTER TABLE trade RENAME TO secret_trade", "INSERT INTO open VALUES (103)");
        awaitEqual("open", "id");
        awaitRows(TABLES, "open");
        assertThat(target("SELECT table_name FROM groundplane.replicated_table"))
                .hasSize(1);
    }

    @Test
    void tables_come_and_go_when_others_are_wanted() throws Exception {
        source(
                "CREATE TABLE trade(id int PRIMARY KEY)",
                "INSERT INTO trade VALUES (1)",
                "CREATE TABLE secret(id int PRIMARY KEY)",
                "INSERT INTO secret SELECT generate_series(1, 100)");
        follow();
        awaitEqual("secret", "id");
        want(ALL, NO_SECRETS);
        awaitRows(TABLES, "trade");

        source("INSERT INTO secret VALUES (101)", "INSERT INTO trade VALUES (2)");
        awaitEqual("trade", "id");
        want(ALL);
        awaitEqual("secret", "id");
        source("INSERT INTO secret VALUES (102)", "INSERT INTO trade VALUES (3)");
        awaitEqual("secret", "id");
        awaitEqual("trade", "id");
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where names without a schema are looked for. */
class SearchPathTest extends WarehouseFixture {
    @Test
    void theSearchPathIsWhatTheEngineHas() throws Exception {
        run("CREATE SCHEMA risk", "CREATE TABLE risk.t AS SELECT 1 AS i", "SET search_path TO Risk, public");
        assertThat(rows("SELECT i FROM t")).containsExactly("1");
        run("SET search_path TO '\"RISK\", public'");
        assertThat(rows("SELECT i FROM t")).containsExactly("1");
        // Nobody's, so passed over.
        run("SET search_path TO groundplane, public");
        assertFails("DROP TABLE object_owner", "42501", "object_owner");
        run("CREATE TABLE mine(i INT)");
        assertThat(rows("SELECT table_schema FROM svv_tables WHERE table_name = 'mine'"))
                .containsExactly("public");
    }

    @Test
    void aUsersOwnSchemaComesFirst() throws Exception {
        run(
                "CREATE USER bob PASSWORD 'Password1'",
                "CREATE SCHEMA AUTHORIZATION admin",
                "CREATE TABLE t AS SELECT 1 AS i");
        assertThat(rows("SELECT table_schema FROM svv_tables")).containsExactly("admin");
        try (var other = connect("dev")) {
            assertThat(rows(other, "SELECT current_schema()")).containsExactly("admin");
        }
        run("SET SESSION AUTHORIZATION bob");
        assertThat(rows("SELECT current_schema()")).containsExactly("public");
        run("RESET SESSION AUTHORIZATION");
        assertThat(rows("SELECT current_schema()")).containsExactly("admin");
        assertThat(rows("SHOW search_path")).containsExactly("$user, public");
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What system views and functions tell of objects and of what users may do with them. */
class CatalogAccessTest extends AccessFixture {
    @Test
    void theInformationSchemaTellsOfWhatAUserMayUse() throws Exception {
        run(admin, "CREATE TABLE secret.key(id INTEGER PRIMARY KEY)");
        run(admin, "CREATE TABLE desk.key(id INTEGER PRIMARY KEY)");
        run(admin, "CREATE VIEW secret.lens AS SELECT name FROM secret.pay");
        run(admin, "GRANT INSERT ON desk.key TO bob");
        run(bob, "CREATE VIEW mine AS SELECT id FROM desk.own");
        var schema = "SELECT table_schema, table_name FROM information_schema.";
        assertThat(rows(bob, schema + "tables ORDER BY 1, 2"))
                .containsExactly("desk|key", "desk|own", "desk|total", "desk|trade", "public|mine");
        assertThat(rows(bob, schema + "columns WHERE table_schema = 'secret'")).isEmpty();
        assertThat(rows(bob, schema + "table_constraints")).containsExactly("desk|key");
        assertThat(rows(bob, schema + "key_column_usage")).containsExactly("desk|key");
        var views = "SELECT table_name, coalesce(view_definition, 'hidden') FROM information_schema.views ORDER BY 1";
        assertThat(rows(bob, views)).containsExactly("mine|SELECT id FROM desk.own", "total|hidden");
        assertThat(rows(admin, views))
                .containsExactly(
                        "lens|SELECT name FROM secret.pay",
                        "mine|SELECT id FROM desk.own",
                        "total|SELECT sum(amount) AS amount FROM secret.pay");
        assertThat(rows(admin, schema + "table_constraints ORDER BY 1")).containsExactly("desk|key", "secret|key");
    }

    @Test
    void objectsOfOneNameInTwoSchemasAreTwo() throws Exception {
        run(admin, "CREATE TABLE secret.own AS SELECT 1 AS id");
        run(admin, "CREATE SCHEMA lab AUTHORIZATION eve");
        run(bob, "CREATE TABLE pay AS SELECT 1 AS id");
        assertThat(
                        rows(
                                bob,
                                "SELECT schema_name, table_name FROM svv_all_tables WHERE table_name IN ('own', 'pay') ORDER BY 1"))
                .containsExactly("desk|own", "public|pay");
        assertThat(rows(admin, "SELECT schemaname, tableowner FROM pg_tables WHERE tablename = 'pay' ORDER BY 1"))
                .containsExactly("public|bob", "secret|admin");
        assertThat(
                        rows(
                                admin,
                                "SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname IN ('lab', 'desk') ORDER BY 1"))
                .containsExactly("desk|admin", "lab|eve");
        assertThat(
                        rows(
                                bob,
                                "SELECT schema_name FROM svv_all_schemas WHERE has_schema_privilege(schema_name, 'usage') ORDER BY 1"))
                .containsExactly("desk", "public");
        assertThat(rows(
                        bob,
                        "SELECT table_name FROM svv_all_tables WHERE has_table_privilege(schema_name || '.' || table_name, 'insert')"
                                + " ORDER BY 1"))
                .containsExactly("own", "pay");
    }
}

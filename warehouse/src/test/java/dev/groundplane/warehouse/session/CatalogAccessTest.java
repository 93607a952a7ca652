package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

    @Test
    void constraintsAreToldOfToThoseWhoMayUseTheTable() throws Exception {
        run(admin, "CREATE TABLE secret.grade(id INTEGER PRIMARY KEY)");
        run(admin, "CREATE TABLE secret.staff(grade INTEGER REFERENCES secret.grade(id))");
        run(admin, "CREATE TABLE desk.book(grade INTEGER REFERENCES secret.grade(id), id INTEGER PRIMARY KEY)");
        var referential = "SELECT constraint_schema FROM information_schema.referential_constraints ORDER BY 1";
        var columns =
                "SELECT DISTINCT table_schema, table_name FROM information_schema.constraint_column_usage ORDER BY 1, 2";
        assertThat(rows(bob, referential)).isEmpty();
        assertThat(rows(bob, columns)).isEmpty();
        run(admin, "GRANT SELECT ON desk.book TO bob");
        assertThat(rows(bob, referential)).containsExactly("desk");
        assertThat(rows(bob, columns)).containsExactly("desk|book");
        assertThat(rows(admin, referential)).containsExactly("desk", "secret");
        assertThat(rows(admin, columns)).containsExactly("desk|book", "secret|grade");
    }

    @Test
    void nobodyHasAPrivilegeThatIsNull() throws Exception {
        assertThat(
                        rows(
                                bob,
                                "SELECT has_table_privilege('desk.trade', NULL) IS NULL,"
                                        + " has_schema_privilege('desk', NULL::VARCHAR) IS NULL, has_database_privilege('dev', NULL) IS NULL"))
                .containsExactly("t|t|t");
        assertThat(
                        rows(
                                bob,
                                "SELECT has_table_privilege('desk.own', ' Select '), has_table_privilege('desk.trade', 'select')"))
                .containsExactly("t|f");
    }

    /** A function's text and its caller's have names of their own. */
    @Test
    void functionsOfTheCatalogTakeNoNameOfTheirCallers() throws Exception {
        run(admin, "CREATE TABLE desk.wide(name VARCHAR(20), place NUMERIC(5, 2), k INTEGER PRIMARY KEY)");
        run(admin, "COMMENT ON COLUMN desk.wide.name IS 'who'");
        for (var alias : List.of("t", "a", "d", "r", "k", "found", "its")) {
            assertThat(rows(
                            admin,
                            "SELECT %1$s.attname, format_type(%1$s.atttypid, %1$s.atttypmod) FROM pg_attribute %1$s JOIN pg_class c ON c.oid = %1$s.attrelid WHERE c.relname = 'wide' ORDER BY %1$s.attnum"
                                    .formatted(alias)))
                    .as(alias)
                    .containsExactly("name|character varying(20)", "place|numeric(5,2)", "k|integer");
        }
        assertThat(
                        rows(
                                admin,
                                "SELECT format_type(t.oid, NULL) FROM pg_type t WHERE t.typname IN ('int4', 'bool') ORDER BY 1"))
                .containsExactly("boolean", "integer");
        assertThat(rows(admin, "SELECT format_type(oid, NULL) FROM pg_type WHERE typname = 'int4'"))
                .containsExactly("integer");
        assertThat(rows(
                        admin,
                        "SELECT col_description(d.oid, 1), obj_description(d.oid) IS NULL FROM pg_class d"
                                + " WHERE d.relname = 'wide'"))
                .containsExactly("who|t");
        assertThat(rows(
                        admin,
                        "SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
                                + " WHERE c.relname = 'wide'"))
                .containsExactly("PRIMARY KEY (k)");
        assertThat(rows(admin, "SELECT pg_get_viewdef(r.oid) FROM pg_class r WHERE r.relname = 'total'"))
                .containsExactly("SELECT sum(amount) AS amount FROM secret.pay");
        assertThat(
                        rows(
                                admin,
                                "SELECT v.relname FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace"
                                        + " WHERE n.nspname = 'desk' AND has_table_privilege(n.nspname || '.' || v.relname, 'select') ORDER BY 1 LIMIT 1"))
                .containsExactly("own");
        assertThat(rows(
                        admin,
                        "SELECT listagg(DISTINCT text, ',') WITHIN GROUP (ORDER BY text)"
                                + " FROM (SELECT 'b' AS text UNION ALL SELECT 'a' UNION ALL SELECT 'b') x"))
                .containsExactly("a,b");
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That nobody changes what the warehouse keeps for itself, superusers included, and that no view or function tells too much. */
class SystemRelationsTest extends AccessFixture {
    @Test
    void superusersChangeNothingOfTheWarehousesOwn() throws Exception {
        for (var sql : List.of(
                "WITH x AS (SELECT 1) DELETE FROM load_history.main.statement",
                "WITH x AS (DELETE FROM load_history.main.statement RETURNING 1) SELECT count(*) FROM x",
                "SELECT * FROM (WITH x AS (DELETE FROM load_history.main.load RETURNING 1) SELECT * FROM x) y",
                "INSERT OR IGNORE INTO load_history.main.load(id) VALUES (1)",
                "INSERT OR REPLACE INTO load_history.main.load(id) VALUES (1)",
                "INSERT INTO pg_proc(oid) VALUES (1)",
                "DELETE FROM pg_catalog.pg_cast",
                "UPDATE svv_external_columns SET tablename = 'x'",
                "INSERT INTO information_schema.routines(routine_name) VALUES ('x')")) {
            refused(admin, sql, "permission denied");
        }
        for (var sql : List.of(
                "INSERT INTO load_history.main.load(id) VALUES (1)",
                "UPDATE load_history.main.statement SET user_id = 101",
                "EXPLAIN ANALYZE DELETE FROM load_history.main.statement",
                "PREPARE p AS DELETE FROM load_history.main.statement; EXECUTE p",
                "MERGE INTO load_history.main.load l USING (SELECT 1 AS i) s ON l.id = s.i WHEN MATCHED THEN DELETE")) {
            fails(admin, sql, "3F000", "schema \"main\" does not exist");
        }
        assertThat(rows(admin, "SELECT count(*) > 0 FROM sys_query_history")).containsExactly("t");
    }

    @Test
    void superusersChangeTablesInAllWays() throws Exception {
        run(admin, "CREATE TABLE n(i INTEGER)");
        run(admin, "WITH x AS (SELECT 1 AS i) INSERT INTO n SELECT i FROM x");
        run(admin, "INSERT INTO n SELECT i + 1 FROM n");
        run(admin, "UPDATE n SET i = i + 10 FROM (SELECT max(id) AS top FROM desk.own) o WHERE i > o.top");
        run(
                admin,
                "MERGE INTO n USING (SELECT 1 AS i) s ON n.i = s.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (9)");
        assertThat(rows(admin, "SELECT i FROM n")).containsExactly("12");
        run(admin, "VACUUM DELETE ONLY n");
    }

    @Test
    void whatIsMadeOfAQueryThatChangesIsRefused() throws Exception {
        run(bob, "CREATE TABLE mine AS SELECT 1 AS i");
        for (var connection : List.of(admin, bob)) {
            for (var sql : List.of(
                    "CREATE VIEW v AS WITH x AS (DELETE FROM public.mine RETURNING 1 AS i) SELECT i FROM x",
                    "CREATE VIEW v AS WITH x AS (DELETE FROM public.mine RETURNING 1 AS i) SELECT i FROM x WITH NO SCHEMA BINDING",
                    "CREATE MATERIALIZED VIEW v AS WITH x AS (DELETE FROM public.mine RETURNING 1 AS i) SELECT i FROM x",
                    "CREATE TABLE v AS WITH x AS (DELETE FROM public.mine RETURNING 1 AS i) SELECT i FROM x")) {
                fails(connection, sql, "42601", "cannot change a table");
            }
        }
        assertThat(rows(bob, "SELECT i FROM mine")).containsExactly("1");
    }

    @Test
    void functionsOfTheWarehousesOwnAreNotForUsers() {
        for (var sql : List.of(
                "SELECT serverless_usage_text()",
                "SELECT \"serverless_usage_text\"()",
                "SELECT main.serverless_usage_text()",
                "SELECT json_serialize_plan('SELECT amount FROM secret.pay')",
                "SELECT signal_backend('CANCEL', 1, 'key')")) {
            refused(bob, sql, "permission denied for function");
            refused(admin, sql, "permission denied for function");
        }
        refused(bob, "SELECT \"current_setting\"('temp_directory')", "permission denied for function");
        refused(bob, "SELECT pg_sleep(1000)", "permission denied for function");
        refused(bob, "SELECT __internal_decompress_string(1)", "permission denied for function");
    }

    @Test
    void aQualifiedOperatorIsOneAndNothingElse() throws Exception {
        assertThat(rows(bob, "SELECT 1 OPERATOR(pg_catalog.+) 2, 'a' OPERATOR(pg_catalog.~) 'a', '7'::pg_catalog.int4"))
                .containsExactly("3|t|7");
        for (var sql : List.of(
                "SELECT * FROM OPERATOR(pg_catalog.'/etc/hostname')",
                "SELECT * FROM OPERATOR(pg_catalog.\"/etc/hostname\")",
                "SELECT OPERATOR(pg_catalog.getvariable)('groundplane_caller')",
                "DELETE FROM OPERATOR(pg_catalog.groundplane).users",
                "SELECT 1 OPERATOR(pg_catalog.,) 2",
                "SELECT 1 OPERATOR(pg_catalog.;) 2")) {
            fails(admin, sql, "42601", "no operator");
            fails(bob, sql, "42601", "no operator");
        }
    }

    @Test
    void whoIsNoSuperuserAnyMoreSeesWhatUsersSee() throws Exception {
        run(admin, "CREATE USER chief CREATEUSER PASSWORD '" + PASSWORD + "'");
        rows(admin, "SELECT 'of admin'");
        try (var chief = connect("chief", PASSWORD)) {
            var others = "SELECT count(*) > 0 FROM sys_query_history WHERE user_id = 100";
            var names = "SELECT count(*) FROM svv_all_tables WHERE schema_name = 'secret'";
            assertThat(rows(chief, others)).containsExactly("t");
            assertThat(rows(chief, names)).containsExactly("1");
            run(admin, "ALTER USER chief NOCREATEUSER");
            assertThat(rows(chief, others)).containsExactly("f");
            assertThat(rows(chief, names)).containsExactly("0");
            assertThat(rows(chief, "SELECT count(*) FROM svv_user_info")).containsExactly("1");
        }
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What users may read and change, and ways around that. */
class AccessTest extends AccessFixture {
    @Test
    void whatSomebodyMayNotDoIsRefused() throws Exception {
        for (var sql : List.of(
                "SELECT * FROM secret.pay",
                "SELECT 1 FROM dev.secret.pay",
                "SELECT * FROM \"SECRET\".\"Pay\"",
                "SELECT (SELECT max(amount) FROM secret.pay)",
                "SELECT 1 WHERE EXISTS (SELECT 1 FROM secret.pay WHERE amount > 999)",
                "SELECT 1 ORDER BY (SELECT amount FROM secret.pay)",
                "SELECT 1 LIMIT (SELECT amount FROM secret.pay)",
                "VALUES ((SELECT amount FROM secret.pay))",
                "TABLE secret.pay",
                "(SELECT 1 UNION ALL SELECT amount FROM secret.pay)",
                "WITH pay AS (SELECT 1 AS amount) SELECT * FROM secret.pay",
                "WITH x AS (SELECT * FROM secret.pay) SELECT 1",
                "WITH RECURSIVE x AS (SELECT amount FROM secret.pay UNION ALL SELECT amount FROM x) SELECT * FROM x",
                "SELECT * FROM desk.own, LATERAL (SELECT amount FROM secret.pay) p",
                "SELECT list_transform([1], lambda x: (SELECT amount FROM secret.pay))",
                "SELECT count(*) FILTER (WHERE (SELECT amount FROM secret.pay) > 1) FROM desk.own",
                "SELECT sum(id) OVER (ORDER BY (SELECT amount FROM secret.pay)) FROM desk.own",
                "SELECT CASE WHEN (SELECT amount FROM secret.pay) > 1 THEN 1 END",
                "SELECT * FROM (SELECT * FROM secret.pay) PIVOT (sum(amount) FOR name IN ('boss'))",
                "EXPLAIN SELECT * FROM secret.pay",
                "EXPLAIN ANALYZE SELECT * FROM secret.pay",
                "EXPLAIN (FORMAT json) SELECT * FROM secret.pay",
                "CREATE TABLE copy AS SELECT * FROM secret.pay",
                "CREATE TABLE copy (LIKE secret.pay)",
                "CREATE VIEW copy AS SELECT * FROM secret.pay",
                "CREATE TEMP TABLE copy AS SELECT * FROM secret.pay",
                "INSERT INTO desk.own SELECT amount FROM secret.pay",
                "INSERT INTO desk.own VALUES ((SELECT amount FROM secret.pay))",
                "UPDATE desk.own SET id = (SELECT amount FROM secret.pay)",
                "UPDATE desk.own SET id = amount FROM secret.pay",
                "UPDATE desk.own SET id = 2 WHERE 1000 IN (SELECT amount FROM secret.pay)",
                "DELETE FROM desk.own USING secret.pay",
                "DELETE FROM desk.own WHERE id < (SELECT amount FROM secret.pay)",
                "MERGE INTO desk.own USING secret.pay p ON own.id = p.amount WHEN MATCHED THEN DELETE",
                "MERGE INTO desk.own USING (SELECT 1 AS i) s ON own.id = s.i WHEN NOT MATCHED THEN INSERT VALUES"
                        + " ((SELECT amount FROM secret.pay))",
                "MERGE INTO desk.own USING (SELECT 1 AS i) s ON own.id = s.i AND CASE WHEN EXISTS (SELECT 1 FROM secret.pay)"
                        + " THEN true END WHEN MATCHED THEN DELETE",
                "MERGE INTO desk.own USING desk.own s ON own.id = s.id WHEN MATCHED THEN UPDATE SET id ="
                        + " (SELECT amount FROM secret.pay)",
                "INSERT INTO secret.pay VALUES ('bob', 1)",
                "UPDATE secret.pay SET amount = 1",
                "DELETE FROM secret.pay",
                "WITH x AS (INSERT INTO secret.pay VALUES ('bob', 1) RETURNING 1) SELECT 1",
                "TRUNCATE secret.pay",
                "TRUNCATE TABLE dev.secret.pay",
                "DROP TABLE secret.pay",
                "DROP TABLE desk.trade, secret.pay",
                "DROP SCHEMA secret CASCADE",
                "ALTER TABLE secret.pay RENAME TO mine",
                "ALTER TABLE secret.pay OWNER TO bob",
                "ALTER TABLE secret.pay ADD COLUMN x INTEGER",
                "CREATE OR REPLACE VIEW desk.total AS SELECT 1 AS amount",
                "CREATE TABLE desk.mine(i INTEGER)",
                "CREATE TABLE secret.mine(i INTEGER)",
                "CREATE TABLE main.mine(i INTEGER)",
                "CREATE SCHEMA mine",
                "GRANT SELECT ON secret.pay TO bob",
                "GRANT USAGE ON SCHEMA secret TO bob",
                "GRANT SELECT ON ALL TABLES IN SCHEMA secret TO bob",
                "CREATE USER mallory PASSWORD 'Password1'",
                "ALTER USER bob CREATEUSER",
                "ALTER USER eve PASSWORD 'Password2'",
                "DROP USER eve",
                "CREATE ROLE r",
                "CREATE GROUP g WITH USER bob",
                "SET SESSION AUTHORIZATION admin",
                "SELECT * FROM query('SELECT * FROM secret.pay')",
                "SELECT * FROM query_table('secret.pay')",
                "SELECT * FROM \"query\"('SELECT ' || '* FROM secret.pay')",
                "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM secret.pay'))",
                "SELECT * FROM seq_scan('pay')",
                "SELECT * FROM duckdb_tables()",
                "SELECT * FROM duckdb_views()",
                "SELECT * FROM duckdb_settings()",
                "SELECT * FROM duckdb_secrets()",
                "SELECT * FROM pragma_storage_info('secret.pay')",
                "SELECT * FROM pragma_table_info('secret.pay')",
                "SELECT * FROM duckdb_table_sample('secret.pay')",
                "SELECT * FROM system.main.duckdb_tables",
                "SELECT * FROM sqlite_master",
                "SELECT * FROM system.main.sqlite_master",
                "SELECT getvariable('groundplane_user')",
                "SELECT * FROM groundplane.object_owner",
                "SELECT * FROM dev.groundplane.object_privilege",
                "SELECT * FROM dev.\"Groundplane\".object_privilege",
                "SELECT * FROM sys.groundplane.users",
                "INSERT INTO groundplane.object_privilege VALUES"
                        + " ('relation', 'secret', 'pay', '', 'select', 'public', 0, 100, false)",
                "DROP VIEW sys.catalog.svv_all_tables",
                "DROP VIEW svv_all_tables",
                "CREATE VIEW sys.catalog.mine AS SELECT 1",
                "CREATE VIEW svv_all_tables AS SELECT 1",
                "CREATE TABLE pg_user(i INTEGER)")) {
            refused(bob, sql, "");
            assertThat(rows(admin, "SELECT name, amount FROM secret.pay"))
                    .as(sql)
                    .containsExactly("boss|1000");
        }
    }

    @Test
    void columnsThatWereNotGrantedAreRefused() throws Exception {
        for (var sql : List.of(
                "SELECT trader FROM desk.trade",
                "SELECT * FROM desk.trade",
                "SELECT t.* FROM desk.trade t",
                "SELECT t FROM desk.trade t",
                "SELECT trade FROM desk.trade",
                "SELECT trade::VARCHAR FROM desk.trade",
                "SELECT (t).trader FROM desk.trade t",
                "SELECT c FROM desk.trade AS t(a, b, c)",
                "SELECT COLUMNS('trad.*') FROM desk.trade",
                "SELECT id FROM desk.trade WHERE trader LIKE 'h%'",
                "SELECT id FROM desk.trade ORDER BY trader",
                "SELECT id FROM desk.trade NATURAL JOIN (SELECT 'hidden' AS trader) o",
                "SELECT id FROM desk.trade JOIN (SELECT 'hidden' AS trader) o USING (trader)",
                "SELECT max(trader) FROM desk.trade",
                "UPDATE desk.trade SET trader = 'bob'",
                "UPDATE desk.trade SET day = trader::date",
                "UPDATE desk.trade SET day = current_date WHERE trader = 'hidden'",
                "DELETE FROM desk.trade WHERE id = 1",
                "INSERT INTO desk.trade(id, day) VALUES (2, current_date)")) {
            refused(bob, sql, "permission denied for relation trade");
        }
    }

    @Test
    void whatWasGrantedIsAllowed() throws Exception {
        assertThat(rows(bob, "SELECT t.id, day FROM desk.trade t WHERE day > date '2000-01-01' ORDER BY id"))
                .containsExactly("1|2024-01-02");
        assertThat(rows(bob, "SELECT count(*) FROM desk.trade")).containsExactly("1");
        run(bob, "UPDATE desk.trade SET day = day + 1 WHERE id = 1");
        assertThat(rows(bob, "WITH pay AS (SELECT 2 AS x) SELECT x FROM pay")).containsExactly("2");
        assertThat(rows(bob, "SELECT amount FROM desk.total")).containsExactly("1000");
        run(bob, "INSERT INTO desk.own SELECT 2 UNION ALL SELECT 3");
        run(bob, "UPDATE desk.own SET id = own.id + 10 FROM desk.trade t WHERE own.id = t.id");
        run(bob, "DELETE FROM desk.own WHERE id = 3");
        run(
                bob,
                "MERGE INTO desk.own USING (SELECT 2 AS i UNION ALL SELECT 4) s ON own.id = s.i WHEN MATCHED THEN UPDATE SET id"
                        + " = s.i * 100 WHEN NOT MATCHED THEN INSERT (id) VALUES (s.i)");
        assertThat(rows(bob, "SELECT id FROM desk.own ORDER BY id")).containsExactly("4", "11", "200");
        run(bob, "TRUNCATE desk.own");
        assertThat(rows(bob, "SELECT i FROM generate_series(1, 2) g(i)")).containsExactly("1", "2");
        assertThat(rows(bob, "SELECT sum(x) FROM (VALUES (1), (2)) v(x) GROUP BY ALL"))
                .containsExactly("3");
    }

    @Test
    void aViewReadsWhatItsOwnerMayRead() throws Exception {
        run(admin, "GRANT SELECT ON secret.pay TO bob");
        run(admin, "GRANT USAGE ON SCHEMA secret TO bob");
        run(bob, "CREATE VIEW lens AS SELECT * FROM secret.pay");
        run(bob, "GRANT SELECT ON lens TO eve");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT amount FROM lens")).containsExactly("1000");
            run(admin, "REVOKE SELECT ON secret.pay FROM bob");
            refused(eve, "SELECT amount FROM lens", "permission denied for relation pay");
        }
        refused(bob, "SELECT amount FROM lens", "permission denied for relation pay");
    }

    @Test
    void aNameInAnothersViewDoesNotLendItsOwnersRights() throws Exception {
        run(admin, "CREATE TABLE common AS SELECT 1 AS amount");
        run(admin, "CREATE VIEW desk.lens AS SELECT * FROM common");
        run(admin, "GRANT SELECT ON desk.lens TO bob");
        assertThat(rows(bob, "SELECT amount FROM desk.lens")).containsExactly("1");

        run(bob, "CREATE TEMP TABLE common AS SELECT 2 AS amount");
        assertThat(rows(bob, "SELECT amount FROM common")).containsExactly("2");
        assertThat(rows(bob, "SELECT amount FROM desk.lens")).containsExactly("1");
    }

    @Test
    void theSearchPathFindsNothingThatIsNotGranted() throws Exception {
        run(bob, "SET search_path TO secret, desk, public");
        refused(bob, "SELECT * FROM pay", "permission denied for schema secret");
        refused(bob, "CREATE TABLE t(i INTEGER)", "permission denied for schema secret");
        fails(bob, "SET search_path TO groundplane", "3F000", "groundplane");
        fails(admin, "SET search_path TO groundplane", "3F000", "groundplane");
    }

    @Test
    void aPreparedStatementIsCheckedWhenItIsCarriedOut() throws Exception {
        var properties = new Properties();
        properties.setProperty("user", "bob");
        properties.setProperty("password", PASSWORD);
        properties.setProperty("prepareThreshold", "1");
        try (var extended = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:%d/dev".formatted(server.port()), properties);
                var prepared = extended.prepareStatement("SELECT amount FROM desk.total WHERE amount > ?")) {
            prepared.setInt(1, 1);
            assertThat(prepared.executeQuery().next()).isTrue();
            run(admin, "REVOKE SELECT ON desk.total FROM bob");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(prepared::executeQuery)
                    .withMessageContaining("permission denied for relation total");
            run(admin, "GRANT SELECT ON desk.total TO PUBLIC");
            assertThat(prepared.executeQuery().next()).isTrue();
        }
    }

    @Test
    void whatNobodyMayDoSuperusersMayNotEither() {
        for (var sql : List.of(
                "SELECT * FROM groundplane.object_owner",
                "DROP SCHEMA groundplane CASCADE",
                "DROP SCHEMA IF EXISTS dev.groundplane CASCADE",
                "DROP TABLE dev.\"GROUNDPLANE\".object_owner",
                "CREATE SCHEMA groundplane",
                "CREATE TABLE main.t(i INTEGER)",
                "DELETE FROM sys.groundplane.users",
                "WITH x AS (DELETE FROM sys.groundplane.users RETURNING 1) SELECT * FROM x",
                "SELECT * FROM query('SELECT * FROM ground' || 'plane.object_owner')",
                "DROP VIEW sys.catalog.svv_all_tables",
                "DROP VIEW catalog.svv_all_tables",
                "DROP VIEW svv_all_tables",
                "CREATE OR REPLACE VIEW sys.catalog.svv_all_tables AS SELECT 1",
                "CREATE VIEW svv_all_tables AS SELECT 1",
                "CREATE TABLE sys.catalog.t(i INTEGER)",
                "CREATE TABLE memory.main.t(i INTEGER)",
                "ALTER TABLE sys.catalog.svv_all_tables RENAME TO gone",
                "DROP SCHEMA sys.catalog CASCADE")) {
            refused(admin, sql, "permission denied");
        }
    }

    @Test
    void theCaseOfNamesGetsNobodyFurther() throws Exception {
        run(admin, "CREATE SCHEMA Mixed");
        run(admin, "CREATE TABLE Mixed.Pay AS SELECT 1 AS Amount, 2 AS Bonus");
        run(admin, "GRANT USAGE ON SCHEMA mixed TO bob");
        run(admin, "GRANT SELECT (amount) ON mixed.pay TO bob");
        assertThat(rows(bob, "SELECT AMOUNT FROM MIXED.PAY")).containsExactly("1");
        for (var sql : List.of(
                "SELECT bonus FROM Mixed.Pay",
                "SELECT BONUS FROM mixed.pay",
                "DELETE FROM DEV.MIXED.PAY",
                "DROP TABLE Dev.Mixed.Pay",
                "DROP TABLE IF EXISTS DEV.MIXED.PAY",
                "DROP SCHEMA IF EXISTS MIXED CASCADE")) {
            refused(bob, sql, "");
        }
        run(admin, "CREATE TABLE É AS SELECT 1 AS É, 2 AS ok");
        fails(bob, "CREATE TABLE \"é\" AS SELECT 2 AS i", "42P07", "already exists");
        assertThat(rows(bob, "WITH É AS (SELECT 7) SELECT * FROM \"é\"")).containsExactly("7");
        assertThat(rows(bob, "WITH \"é\" AS (SELECT 8) SELECT * FROM É")).containsExactly("8");
        run(admin, "GRANT SELECT (ok) ON É TO bob");
        refused(bob, "SELECT É FROM É", "permission denied for relation");
    }

    @Test
    void explainingChangesNothing() throws Exception {
        for (var connection : List.of(bob, admin)) {
            for (var sql : List.of(
                    "EXPLAIN ANALYZE DROP TABLE secret.pay",
                    "EXPLAIN ANALYZE SET VARIABLE groundplane_user_id = 100",
                    "EXPLAIN ANALYZE CREATE TABLE copy AS SELECT 1",
                    "EXPLAIN ANALYZE EXPLAIN ANALYZE DROP TABLE secret.pay",
                    "EXPLAIN (ANALYZE) DROP TABLE secret.pay")) {
                fails(connection, sql, "0A000", "EXPLAIN of");
            }
        }
        assertThat(rows(bob, "EXPLAIN SELECT id FROM desk.trade")).isNotEmpty();
        assertThat(rows(admin, "SELECT amount FROM secret.pay")).containsExactly("1000");
    }

    @Test
    void typesOfTwoWordsAreNoQueries() throws Exception {
        run(bob, "CREATE TABLE mine(seen TIMESTAMP WITH TIME ZONE, n INTEGER DEFAULT 7)");
        run(bob, "INSERT INTO mine(seen) VALUES (NULL)");
        assertThat(rows(bob, "SELECT n FROM mine")).containsExactly("7");
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Policies of rows, and ways around them. Of {@code desk.deal} bob is shown the two rows of EU, by the role desk_eu; the third one
 * has values that fail what would be evaluated on it.
 */
class RowPolicyTest extends AccessFixture {
    private static final String SEEN = "SELECT id FROM desk.deal ORDER BY id";

    @BeforeEach
    void protect() throws Exception {
        for (var sql : List.of(
                "CREATE ROLE desk_eu",
                "GRANT ROLE desk_eu TO bob",
                "CREATE TABLE desk.deal(id INTEGER, region VARCHAR(10), trader VARCHAR(20), amount INTEGER)",
                "INSERT INTO desk.deal VALUES (1, 'EU', '7', 10), (2, 'EU', '8', 20), (3, 'US', 'hidden', 0)",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.deal TO bob",
                "GRANT USAGE ON SCHEMA desk TO eve",
                "GRANT SELECT ON desk.deal TO eve",
                "CREATE RLS POLICY of_eu WITH (region VARCHAR(10)) USING (region = 'EU')",
                "ATTACH RLS POLICY of_eu ON desk.deal TO ROLE desk_eu",
                "ALTER TABLE desk.deal ROW LEVEL SECURITY ON")) {
            run(admin, sql);
        }
    }

    @Test
    void aQueryFindsTheRowsOfThePolicyInEveryForm() throws Exception {
        run(admin, "CREATE VIEW desk.lens AS SELECT id, trader FROM desk.deal");
        run(admin, "CREATE VIEW desk.named(a, b) AS SELECT id, region FROM desk.deal");
        run(admin, "CREATE VIEW desk.late AS SELECT id FROM desk.deal WITH NO SCHEMA BINDING");
        run(admin, "CREATE VIEW desk.deep AS SELECT id FROM desk.lens UNION ALL SELECT a FROM desk.named");
        for (var view : List.of("lens", "named", "late", "deep")) {
            run(admin, "GRANT SELECT ON desk." + view + " TO bob");
        }
        for (var sql : List.of(
                "SELECT count(*) FROM desk.deal",
                "SELECT count(id) FROM dev.desk.deal d",
                "SELECT count(desk.deal.id) FROM desk.deal",
                "SELECT count(dev.desk.deal.id) FROM dev.desk.deal",
                "SELECT count(\"d\".\"id\") FROM \"DESK\".\"Deal\" d",
                "SELECT count(*) FROM (SELECT * FROM desk.deal) x",
                "SELECT count(x) FROM desk.deal AS d(x, y)",
                "SELECT (SELECT count(*) FROM desk.deal)",
                "WITH deal AS (SELECT 1), x AS (SELECT * FROM desk.deal) SELECT count(*) FROM x",
                "WITH region AS (SELECT 'US' AS region) SELECT count(*) FROM desk.deal",
                "SELECT count(*) FROM (TABLE desk.deal) x",
                "SELECT count(*) FROM (SELECT id FROM desk.deal EXCEPT SELECT 99) x",
                "SELECT count(*) FROM (VALUES (1), (2), (3)) v(i) WHERE EXISTS (SELECT 1 FROM desk.deal WHERE id = i)",
                "SELECT count(*) FROM (SELECT 'US' AS region) r, desk.deal",
                "SELECT count(*) FROM (SELECT 'US' AS region) r, LATERAL (SELECT * FROM desk.deal) d",
                "SELECT count(*) FROM desk.deal a JOIN desk.deal b USING (id)",
                "SELECT count(*) FROM desk.deal a LEFT JOIN desk.deal b ON a.id = b.id",
                "SELECT count(*) FROM desk.deal a FULL JOIN desk.deal b ON a.id = b.id",
                "SELECT count(*) FROM desk.lens",
                "SELECT count(a) FROM desk.named n",
                "SELECT count(*) FROM desk.late",
                "SELECT count(*) / 2 FROM desk.deep",
                "WITH RECURSIVE x AS (SELECT id FROM desk.deal UNION SELECT id FROM x) SELECT count(*) FROM x",
                "SELECT count(*) FROM (SELECT unnest([1, 2, 3]) ORDER BY 1 LIMIT (SELECT count(*) FROM desk.deal)) x")) {
            assertThat(rows(bob, sql)).as(sql).containsExactly("2");
            assertThat(rows(admin, sql)).as(sql).containsExactly("3");
        }
        run(bob, "SET search_path TO desk");
        assertThat(rows(bob, "SELECT deal.* FROM deal ORDER BY id")).containsExactly("1|EU|7|10", "2|EU|8|20");
    }

    /** Before the policy nothing of a user's own is evaluated: an error would tell of a row. */
    @Test
    void nothingIsEvaluatedOnRowsThatAreNotShown() throws Exception {
        // A join with many values, before which the engine would rather evaluate other conditions.
        run(
                admin,
                "CREATE TABLE secret.place AS SELECT 'EU' AS region UNION ALL SELECT 'ZZ'"
                        + " UNION ALL SELECT 'T' || i FROM generate_series(1, 300) g(i)");
        run(admin, "ALTER RLS POLICY of_eu USING (region IN (SELECT p.region FROM secret.place p))");
        for (var sql : List.of(
                "SELECT count(*) FROM desk.deal WHERE CAST(trader AS INTEGER) > 0",
                "SELECT count(*) FROM desk.deal WHERE strtol(trader, 10) > 0",
                "SELECT count(*) FROM desk.deal WHERE json_parse(trader) IS NOT NULL",
                "SELECT count(*) FROM desk.deal WHERE 100 / amount > 0",
                "SELECT count(CAST(trader AS INTEGER)) FROM desk.deal",
                "SELECT count(*) FROM desk.deal d JOIN desk.own o ON CAST(d.trader AS INTEGER) >= o.id",
                "SELECT count(*) FROM (SELECT id FROM desk.deal ORDER BY CAST(trader AS INTEGER)) x",
                "SELECT count(*) FROM (SELECT CAST(trader AS INTEGER) AS t FROM desk.deal GROUP BY 1) x",
                "SELECT count(*) FROM desk.deal WHERE id IN (SELECT id FROM desk.deal WHERE CAST(trader AS INTEGER) > 0)")) {
            assertThat(rows(bob, sql)).as(sql).containsExactly("2");
            assertThatExceptionOfType(SQLException.class).as(sql).isThrownBy(() -> rows(admin, sql));
        }
        run(bob, "UPDATE desk.deal SET amount = 5 WHERE CAST(trader AS INTEGER) = 7");
        run(bob, "DELETE FROM desk.deal WHERE CAST(trader AS INTEGER) = 8");
        assertThat(rows(admin, "SELECT id, amount FROM desk.deal ORDER BY id")).containsExactly("1|5", "3|0");
    }

    @Test
    void whoHasNoPolicyIsShownNothing() throws Exception {
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, SEEN)).isEmpty();
            run(admin, "ATTACH RLS POLICY of_eu ON TABLE desk.deal TO eve");
            assertThat(rows(eve, SEEN)).containsExactly("1", "2");
            run(admin, "DETACH RLS POLICY of_eu ON desk.deal FROM eve");
            assertThat(rows(eve, SEEN)).isEmpty();
            run(admin, "ATTACH RLS POLICY of_eu ON desk.deal TO PUBLIC");
            assertThat(rows(eve, SEEN)).containsExactly("1", "2");
            run(admin, "ALTER TABLE desk.deal ROW LEVEL SECURITY OFF");
            assertThat(rows(eve, SEEN)).containsExactly("1", "2", "3");
        }
    }

    @Test
    void policiesHoldTogetherAsTheTableSays() throws Exception {
        run(admin, "CREATE RLS POLICY large WITH (amount INTEGER) USING (amount >= 20)");
        run(admin, "ATTACH RLS POLICY large ON desk.deal TO bob");
        assertThat(rows(bob, SEEN)).containsExactly("2");
        run(admin, "ALTER TABLE desk.deal ROW LEVEL SECURITY ON CONJUNCTION TYPE OR");
        assertThat(rows(bob, SEEN)).containsExactly("1", "2");
        run(admin, "ALTER RLS POLICY large USING (amount = 0)");
        assertThat(rows(bob, SEEN)).containsExactly("1", "2", "3");
        run(admin, "ALTER TABLE desk.deal ROW LEVEL SECURITY ON CONJUNCTION TYPE AND");
        assertThat(rows(bob, SEEN)).isEmpty();
    }

    @Test
    void aPolicyLooksAtOtherTablesAndAtTheUser() throws Exception {
        run(admin, "CREATE TABLE secret.coverage AS SELECT 'bob' AS who, 2 AS deal");
        run(
                admin,
                "CREATE RLS POLICY covered WITH (id INTEGER) AS d USING (d.id IN (SELECT deal FROM secret.coverage"
                        + " WHERE who = current_user))");
        run(admin, "CREATE TABLE desk.file AS SELECT id, region FROM desk.deal");
        run(admin, "GRANT SELECT ON desk.file TO PUBLIC");
        run(admin, "ATTACH RLS POLICY covered ON desk.file TO PUBLIC");
        run(admin, "ALTER TABLE desk.file ROW LEVEL SECURITY ON");
        assertThat(rows(bob, "SELECT id FROM desk.file")).containsExactly("2");
        assertThat(rows(bob, "WITH coverage AS (SELECT 'bob' AS who, 1 AS deal) SELECT id FROM desk.file"))
                .containsExactly("2");
        run(bob, "CREATE TEMP TABLE coverage AS SELECT 'bob' AS who, 3 AS deal");
        assertThat(rows(bob, "SELECT id FROM desk.file")).containsExactly("2");
        refused(bob, "SELECT deal FROM secret.coverage", "permission denied");
        try (var eve = connect("eve", PASSWORD)) {
            assertThat(rows(eve, "SELECT id FROM desk.file")).isEmpty();
        }
        for (var sql : List.of(
                "DROP TABLE secret.coverage",
                "ALTER TABLE secret.coverage RENAME TO gone",
                "ALTER TABLE secret.coverage DROP COLUMN deal",
                "ALTER TABLE secret.coverage RENAME COLUMN who TO whom",
                "DROP SCHEMA secret CASCADE",
                "ALTER TABLE desk.deal DROP COLUMN region",
                "ALTER TABLE desk.deal RENAME COLUMN region TO place",
                "DROP RLS POLICY of_eu",
                "DROP ROLE desk_eu FORCE")) {
            fails(admin, sql, "2BP01", "");
        }
        fails(admin, "ALTER TABLE secret.coverage ROW LEVEL SECURITY ON", "42809", "policy \"covered\" reads it");
    }

    @Test
    void changesReachTheRowsOfThePolicy() throws Exception {
        run(bob, "UPDATE desk.deal SET amount = amount + 1, trader = 'x'");
        assertThat(rows(admin, "SELECT id, trader, amount FROM desk.deal ORDER BY id"))
                .containsExactly("1|x|11", "2|x|21", "3|hidden|0");
        run(bob, "UPDATE desk.deal d SET amount = o.id FROM desk.own o WHERE d.id = o.id + 2");
        run(bob, "UPDATE desk.deal SET amount = (SELECT count(*) FROM desk.deal) WHERE id = 2");
        assertThat(rows(admin, "SELECT amount FROM desk.deal ORDER BY id")).containsExactly("11", "2", "0");
        run(bob, "UPDATE desk.own SET id = d.id FROM desk.deal d WHERE desk.own.id = d.id");
        run(bob, "INSERT INTO desk.own SELECT id FROM desk.deal");
        assertThat(rows(admin, "SELECT count(*) FROM desk.own")).containsExactly("3");
        run(bob, "DELETE FROM desk.own WHERE id NOT IN (SELECT id FROM desk.deal)");
        run(bob, "DELETE FROM desk.own USING desk.deal d WHERE own.id = d.id + 1");
        assertThat(rows(admin, "SELECT id FROM desk.own ORDER BY id")).containsExactly("1", "1");
        run(bob, "INSERT INTO desk.own WITH x AS (SELECT id FROM desk.deal) SELECT id + 100 FROM x");
        assertThat(rows(bob, "SELECT id FROM desk.own WHERE id > 100 ORDER BY id"))
                .containsExactly("101", "102");
        for (var sql : List.of(
                "WITH x AS (DELETE FROM desk.deal) SELECT 1",
                "WITH x AS (UPDATE desk.deal SET region = 'EU') SELECT 1",
                "WITH x AS (DELETE FROM desk.deal RETURNING *) SELECT * FROM x",
                "DELETE FROM desk.deal RETURNING *",
                "UPDATE desk.deal SET region = 'EU' RETURNING *")) {
            assertThatExceptionOfType(SQLException.class).as(sql).isThrownBy(() -> run(bob, sql));
            assertThat(rows(admin, "SELECT count(*) FROM desk.deal WHERE region = 'US'"))
                    .as(sql)
                    .containsExactly("1");
        }
        run(bob, "INSERT INTO desk.deal VALUES (4, 'US', 'new', 1)");
        run(bob, "DELETE FROM desk.deal");
        assertThat(rows(admin, SEEN)).containsExactly("3", "4");
        run(bob, "UPDATE desk.deal SET region = 'EU', amount = DEFAULT");
        assertThat(rows(admin, "SELECT count(*) FROM desk.deal WHERE region = 'US'"))
                .containsExactly("2");
        fails(
                bob,
                "MERGE INTO desk.own USING desk.deal d ON own.id = d.id WHEN MATCHED THEN DELETE",
                "0A000",
                "MERGE of tables with policies");
    }

    @Test
    void copiesHaveTheRowsOfThePolicy() throws Exception {
        run(bob, "CREATE TABLE mine AS SELECT * FROM desk.deal");
        run(bob, "SELECT * INTO other FROM desk.deal");
        run(bob, "CREATE TEMP TABLE held AS SELECT * FROM desk.deal");
        for (var table : List.of("mine", "other", "held")) {
            assertThat(rows(bob, "SELECT id FROM " + table + " ORDER BY 1"))
                    .as(table)
                    .containsExactly("1", "2");
        }
        run(bob, "BEGIN");
        run(bob, "DECLARE c CURSOR FOR SELECT id FROM desk.deal ORDER BY id");
        assertThat(rows(bob, "FETCH ALL FROM c")).containsExactly("1", "2");
        run(bob, "COMMIT");
        run(bob, "UPDATE held SET amount = d.amount * 3 FROM desk.deal d WHERE held.id = d.id");
        run(bob, "INSERT INTO held(id) VALUES ((SELECT count(*) FROM desk.deal))");
        assertThat(rows(bob, "SELECT id, amount FROM held WHERE region IS NOT NULL ORDER BY id"))
                .containsExactly("1|30", "2|60");
        assertThat(rows(bob, "SELECT id FROM held WHERE region IS NULL")).containsExactly("2");
        fails(bob, "SELECT * FROM (SUMMARIZE desk.deal)", "42601", "syntax error");
        run(bob, "PREPARE p AS SELECT id FROM desk.deal WHERE id >= $1 ORDER BY id");
        assertThat(rows(bob, "EXECUTE p(2)")).containsExactly("2");
        run(admin, "SET SESSION AUTHORIZATION bob");
        assertThat(rows(admin, SEEN)).containsExactly("1", "2");
    }

    @Test
    void plansAreForThoseWhoMaySeeThem() throws Exception {
        run(admin, "CREATE VIEW desk.lens AS SELECT id FROM desk.deal");
        run(admin, "GRANT SELECT ON desk.lens TO bob");
        for (var sql : List.of(
                "EXPLAIN SELECT * FROM desk.deal",
                "EXPLAIN ANALYZE SELECT * FROM desk.lens",
                "EXPLAIN (FORMAT json) SELECT 1 WHERE EXISTS (SELECT 1 FROM desk.deal)",
                "EXPLAIN DELETE FROM desk.deal")) {
            refused(bob, sql, "EXPLAIN");
        }
        assertThat(rows(bob, "EXPLAIN SELECT * FROM desk.own")).isNotEmpty();
        run(admin, "GRANT EXPLAIN RLS, EXPLAIN MASKING TO ROLE desk_eu");
        assertThat(rows(bob, "EXPLAIN SELECT * FROM desk.deal")).isNotEmpty();
        run(admin, "REVOKE EXPLAIN RLS FROM ROLE desk_eu");
        refused(bob, "EXPLAIN SELECT * FROM desk.deal", "EXPLAIN RLS");
    }

    @Test
    void rolesMayBeExempt() throws Exception {
        run(admin, "GRANT IGNORE RLS TO ROLE desk_eu");
        assertThat(rows(bob, SEEN)).containsExactly("1", "2", "3");
        run(admin, "REVOKE IGNORE RLS FROM ROLE desk_eu");
        assertThat(rows(bob, SEEN)).containsExactly("1", "2");
    }

    @Test
    void materializedViewsAreOfTablesWithoutPolicies() throws Exception {
        fails(admin, "CREATE MATERIALIZED VIEW desk.kept AS SELECT id FROM desk.deal", "42809", "which has policies");
        run(admin, "CREATE TABLE desk.free AS SELECT 1 AS id, 'EU' AS region");
        run(admin, "CREATE VIEW desk.late AS SELECT id FROM desk.free WITH NO SCHEMA BINDING");
        run(admin, "CREATE MATERIALIZED VIEW desk.kept AS SELECT id FROM desk.late");
        run(admin, "GRANT SELECT ON desk.kept TO bob");
        assertThat(rows(bob, "SELECT id FROM desk.kept")).containsExactly("1");
        fails(admin, "ALTER TABLE desk.free ROW LEVEL SECURITY ON", "42809", "materialized view \"kept\"");
        fails(admin, "ATTACH RLS POLICY of_eu ON desk.free TO bob", "42809", "materialized view \"kept\"");
        run(admin, "CREATE OR REPLACE VIEW desk.late AS SELECT id FROM desk.deal WITH NO SCHEMA BINDING");
        fails(admin, "REFRESH MATERIALIZED VIEW desk.kept", "42809", "which has policies");
        refused(bob, "SELECT id FROM desk.kept", "tables with policies");
    }

    @Test
    void aPolicyGoesWithItsTable() throws Exception {
        run(admin, "ALTER TABLE desk.deal RENAME TO trade2");
        assertThat(rows(bob, "SELECT id FROM desk.trade2 ORDER BY id")).containsExactly("1", "2");
        assertThat(
                        rows(
                                admin,
                                "SELECT relname, polname, grantee, granteekind, is_rls_on::VARCHAR, rls_conjunction_type FROM svv_rls_attached_policy"))
                .containsExactly("trade2|of_eu|desk_eu|role|true|and");
        assertThat(rows(admin, "SELECT relschema, relname, rls_conjunction_type FROM svv_rls_relation"))
                .containsExactly("desk|trade2|and");
        assertThat(rows(admin, "SELECT poldb, polname, polatts, polqual, polmodifiedby FROM svv_rls_policy"))
                .containsExactly(
                        "dev|of_eu|[{\"colname\":\"region\",\"type\":\"character varying(10)\"}]|region = 'EU'|admin");
        assertThat(rows(bob, "SELECT polname FROM svv_rls_policy")).isEmpty();
        run(admin, "DROP TABLE desk.trade2");
        assertThat(rows(admin, "SELECT relname FROM svv_rls_attached_policy")).isEmpty();
        run(admin, "CREATE TABLE desk.trade2 AS SELECT 1 AS id");
        run(admin, "GRANT SELECT ON desk.trade2 TO bob");
        assertThat(rows(bob, "SELECT id FROM desk.trade2")).containsExactly("1");
        run(admin, "DROP RLS POLICY of_eu");
        run(admin, "DROP RLS POLICY IF EXISTS of_eu");
        run(admin, "DROP ROLE desk_eu FORCE");
    }

    @Test
    void policiesAreForSuperusersAndMustBeRight() {
        for (var sql : List.of(
                "CREATE RLS POLICY p USING (true)",
                "ALTER RLS POLICY of_eu USING (true)",
                "DROP RLS POLICY of_eu CASCADE",
                "ATTACH RLS POLICY of_eu ON desk.own TO bob",
                "DETACH RLS POLICY of_eu ON desk.deal FROM ROLE desk_eu",
                "ALTER TABLE desk.deal ROW LEVEL SECURITY OFF",
                "GRANT IGNORE RLS TO ROLE desk_eu")) {
            refused(bob, sql, "");
        }
        fails(admin, "CREATE RLS POLICY of_eu USING (true)", "42710", "already exists");
        fails(admin, "CREATE RLS POLICY p WITH (a INTEGER) USING (b = 1)", "42703", "b");
        fails(admin, "CREATE RLS POLICY p WITH (a INTEGER) USING (a)", "42804", "boolean");
        fails(
                admin,
                "CREATE RLS POLICY p WITH (a INTEGER) USING (a IN (SELECT id FROM desk.deal))",
                "0A000",
                "with policies");
        fails(
                admin,
                "CREATE RLS POLICY p WITH (a INTEGER) USING (a IN (SELECT amount FROM desk.total))",
                "0A000",
                "one table");
        fails(admin, "CREATE RLS POLICY p WITH (a INTEGER) USING (a IN (SELECT 1 FROM '/etc/hosts'))", "42P01", "");
        fails(admin, "ATTACH RLS POLICY of_eu ON desk.own TO bob", "42703", "region");
        fails(admin, "ATTACH RLS POLICY of_eu ON desk.total TO bob", "0A000", "one table");
        fails(admin, "ATTACH RLS POLICY of_eu ON pg_class TO bob", "0A000", "one table");
        fails(admin, "ATTACH RLS POLICY of_eu ON desk.deal TO ROLE desk_eu", "42710", "attached already");
        fails(admin, "ATTACH RLS POLICY gone ON desk.deal TO bob", "42704", "does not exist");
        fails(admin, "DETACH RLS POLICY of_eu ON desk.deal FROM bob", "42704", "not attached");
        fails(admin, "ATTACH RLS POLICY of_eu ON desk.deal TO GROUP g", "0A000", "group");
        fails(admin, "DROP RLS POLICY gone", "42704", "does not exist");
    }
}

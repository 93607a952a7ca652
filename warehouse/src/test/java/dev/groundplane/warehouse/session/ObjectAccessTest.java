package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What users may do to objects, and what is left of objects that are no more. */
class ObjectAccessTest extends AccessFixture {
    @Test
    void aTableWithTheNameOfAKeywordIsNoLessLookedAfter() throws Exception {
        for (var name :
                List.of("sort", "reindex", "recluster", "delete_", "compression", "verbose", "full", "\"table\"")) {
            run(admin, "CREATE TABLE %s AS SELECT 1 AS i".formatted(name));
            for (var sql : List.of("TRUNCATE %s", "TRUNCATE TABLE %s", "TRUNCATE public.%s")) {
                if (!(name.equals("full") && sql.equals("TRUNCATE %s"))) {
                    refused(bob, sql.formatted(name), "permission denied for relation");
                }
            }
            assertThat(rows(admin, "SELECT i FROM public.%s".formatted(name))).containsExactly("1");
        }
    }

    @Test
    void onlyOwnersLookAfterTables() throws Exception {
        for (var sql :
                List.of("ANALYZE desk.own", "ANALYSE desk.own", "VACUUM FULL desk.own", "VACUUM SORT ONLY desk.own")) {
            refused(bob, sql, "must be owner of relation own");
        }
        run(bob, "CREATE TABLE mine AS SELECT 1 AS i");
        run(bob, "ANALYSE mine");
        run(bob, "VACUUM mine");
    }

    @Test
    void aMaterializedViewIsRefreshedWithWhatItsOwnerMayRead() throws Exception {
        run(admin, "GRANT USAGE ON SCHEMA secret TO bob");
        run(admin, "GRANT SELECT ON secret.pay TO bob");
        run(bob, "CREATE MATERIALIZED VIEW lens AS SELECT amount FROM secret.pay");
        run(admin, "UPDATE secret.pay SET amount = 2000");
        run(admin, "REVOKE SELECT ON secret.pay FROM bob");
        refused(bob, "REFRESH MATERIALIZED VIEW lens", "permission denied for relation pay");
        refused(admin, "REFRESH MATERIALIZED VIEW lens", "permission denied for relation pay");
        assertThat(rows(bob, "SELECT amount FROM lens")).containsExactly("1000");
        run(admin, "GRANT SELECT ON secret.pay TO bob");
        run(bob, "REFRESH MATERIALIZED VIEW lens");
        assertThat(rows(bob, "SELECT amount FROM lens")).containsExactly("2000");
    }

    @Test
    void aMaterializedViewIsRefreshedWithWhatItsOwnerIsShown() throws Exception {
        run(bob, "CREATE MATERIALIZED VIEW seen AS SELECT user_id, query_text FROM sys_query_history");
        rows(admin, "SELECT 'of admin'");
        run(admin, "REFRESH MATERIALIZED VIEW seen");
        assertThat(rows(bob, "SELECT DISTINCT user_id > 100 FROM seen")).containsExactly("t");
        assertThat(rows(admin, "SELECT DISTINCT user_id > 100 FROM sys_query_history ORDER BY 1"))
                .containsExactly("f", "t");

        run(bob, "CREATE MATERIALIZED VIEW who AS SELECT current_user AS name");
        run(admin, "REFRESH MATERIALIZED VIEW who");
        assertThat(rows(bob, "SELECT name FROM who")).containsExactly("bob");
    }

    @Test
    void aRefreshThatFailsLeavesTheUserAsItWas() throws Exception {
        run(bob, "CREATE TABLE words AS SELECT '1' AS word");
        run(bob, "CREATE MATERIALIZED VIEW numbers AS SELECT word::INTEGER AS number FROM words");
        run(bob, "INSERT INTO words VALUES ('two')");
        fails(admin, "REFRESH MATERIALIZED VIEW numbers", "22P02", "two");
        assertThat(rows(admin, "SELECT current_user")).containsExactly("admin");

        run(admin, "BEGIN");
        fails(admin, "REFRESH MATERIALIZED VIEW numbers", "22P02", "two");
        run(admin, "ROLLBACK");
        assertThat(rows(admin, "SELECT current_user")).containsExactly("admin");
    }

    @Test
    void superusersReachNothingHiddenByUnloadOrCopy() throws Exception {
        var to = " TO 's3://bucket/x' IAM_ROLE default";
        refused(
                admin,
                "UNLOAD ('SELECT * FROM groundplane.object_owner')" + to,
                "permission denied for schema groundplane");
        refused(
                admin,
                "UNLOAD ('SELECT * FROM sys.groundplane.users')" + to,
                "permission denied for schema groundplane");
        run(admin, "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS i");
        var data = rows(admin, "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'mv_tbl%'")
                .getFirst();
        refused(admin, "COPY main.%s FROM 's3://bucket/x' IAM_ROLE default".formatted(data), "permission denied");
    }

    @Test
    void foreignKeysNeedThePrivilege() throws Exception {
        run(bob, "CREATE TABLE mine(id INTEGER, day DATE)");
        var alter = "ALTER TABLE mine ADD FOREIGN KEY (id) REFERENCES desk.trade (id)";
        refused(bob, alter, "permission denied for relation trade");
        refused(
                bob,
                "ALTER TABLE mine ADD CONSTRAINT known FOREIGN KEY (id) REFERENCES desk.trade (id)",
                "permission denied for relation trade");
        refused(
                bob,
                "CREATE TABLE other(id INTEGER REFERENCES desk.trade (id))",
                "permission denied for relation trade");
        run(admin, "GRANT REFERENCES ON desk.trade TO bob");
        run(bob, alter);
    }

    @Test
    void aTableMayReferToItself() throws Exception {
        run(bob, "CREATE TABLE staff(id INTEGER PRIMARY KEY, boss INTEGER REFERENCES staff (id))");
        run(bob, "ALTER TABLE staff ADD CONSTRAINT again FOREIGN KEY (boss) REFERENCES public.staff (id)");
        run(bob, "CREATE TEMP TABLE team(id INTEGER PRIMARY KEY, lead INTEGER REFERENCES team (id))");
        run(
                admin,
                "CREATE TABLE secret.staff(id INTEGER PRIMARY KEY, boss INTEGER, FOREIGN KEY (boss) REFERENCES secret.staff (id),"
                        + " CONSTRAINT again FOREIGN KEY (boss) REFERENCES dev.secret.staff (id))");
        assertThat(rows(admin, "SHOW TABLE secret.staff").getFirst()).contains("REFERENCES secret.staff(id)");
        fails(bob, "CREATE TABLE other(id INTEGER REFERENCES nowhere (id))", "42P01", "nowhere");
    }

    @Test
    void whatCascadeDroppedLeavesNothingBehind() throws Exception {
        run(admin, "CREATE VIEW desk.over AS SELECT id FROM desk.own");
        run(admin, "CREATE VIEW desk.above AS SELECT id FROM desk.over");
        run(admin, "ALTER TABLE desk.over OWNER TO eve");
        run(admin, "GRANT SELECT ON desk.above TO eve");
        run(admin, "DROP TABLE desk.own CASCADE");
        assertThat(rows(admin, "SELECT relation_name FROM svv_relation_privileges WHERE identity_name = 'eve'"))
                .isEmpty();
        run(admin, "DROP USER eve");
        assertThat(rows(admin, "SELECT relation_name FROM svv_relation_privileges WHERE identity_name = 'bob'"))
                .contains("total");
    }

    @Test
    void whatADroppedColumnTookWithItLeavesNothingBehind() throws Exception {
        run(admin, "CREATE VIEW desk.over AS SELECT trader FROM desk.trade");
        run(admin, "GRANT SELECT ON desk.over TO eve");
        run(admin, "ALTER TABLE desk.trade DROP COLUMN trader CASCADE");
        run(admin, "DROP USER eve");
    }
}

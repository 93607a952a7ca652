package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewTest extends WarehouseFixture {
    @BeforeEach
    void make() throws Exception {
        run("CREATE SCHEMA risk", "CREATE TABLE risk.sale(region VARCHAR(4), amount INT)");
        run("INSERT INTO risk.sale VALUES ('EU', 1), ('EU', 2), ('US', 3)");
    }

    @Test
    void aViewMeansWhatItMeantWhenItWasMade() throws Exception {
        run("SET search_path TO risk", "CREATE VIEW public.v AS SELECT * FROM sale", "RESET search_path");
        run("CREATE TABLE sale AS SELECT 'other' AS region", "ALTER TABLE risk.sale ADD COLUMN more INT");
        assertThat(rows("SELECT * FROM v WHERE region = 'US'")).containsExactly("US|3");
        assertFails("DROP TABLE risk.sale", "2BP01", "cannot drop table sale");
        run("CREATE VIEW w(a) AS SELECT amount FROM v", "DROP TABLE risk.sale CASCADE");
        assertThat(rows("SELECT table_name FROM svv_tables")).containsExactly("sale");
    }

    @Test
    void aViewIsReplacedAndDropped() throws Exception {
        run("CREATE VIEW v AS SELECT 1 AS a");
        assertFails("CREATE VIEW v AS SELECT 2 AS a", "42P07", "relation \"v\" already exists");
        run("CREATE OR REPLACE VIEW v AS WITH sale AS (SELECT * FROM risk.sale) SELECT count(*) AS n FROM sale");
        assertThat(rows("SELECT n FROM v")).containsExactly("3");
        assertThat(rows("SHOW VIEW v").getFirst()).startsWith("CREATE VIEW public.v AS WITH sale AS");
        assertFails("DROP TABLE v", "42809", "\"v\" is not a table");
        run("DROP VIEW v", "DROP VIEW IF EXISTS v");
        assertFails("CREATE OR REPLACE VIEW risk.sale AS SELECT 1 AS a", "42809", "\"sale\" is not a view");
        assertFails("CREATE VIEW two AS SELECT 1 AS a, 2 AS a FROM (SELECT * FROM risk.sale)", "42701", "\"a\"");
    }

    @Test
    void aLateBindingViewNeedsItsTablesWhenItIsAskedOnly() throws Exception {
        run("CREATE VIEW late AS SELECT a, upper(b) AS b FROM risk.later WITH NO SCHEMA BINDING");
        assertFails("SELECT * FROM late", "42P01", "later");
        assertThat(rows("SELECT count(*) FROM svv_columns WHERE table_name = 'late'"))
                .containsExactly("0");
        run("CREATE TABLE risk.later AS SELECT 1 AS a, 'x' AS b");
        assertThat(rows("SELECT * FROM late")).containsExactly("1|X");
        run("DROP TABLE risk.later", "CREATE TABLE risk.later AS SELECT 'one' AS a, 'y' AS b");
        restart();
        assertThat(rows("SELECT * FROM late")).containsExactly("one|Y");
        assertThat(rows("SHOW VIEW late").getFirst()).endsWith("FROM risk.later WITH NO SCHEMA BINDING;");
        assertFails("CREATE VIEW l AS SELECT 1 FROM later WITH NO SCHEMA BINDING", "42P16", "should be qualified");
    }

    @Test
    void aMaterializedViewKeepsItsRowsUntilItIsRefreshed() throws Exception {
        run(
                "CREATE MATERIALIZED VIEW total DISTKEY(region) AUTO REFRESH NO AS SELECT region, sum(amount) AS s FROM risk.sale GROUP BY 1");
        run("INSERT INTO risk.sale VALUES ('EU', 10)");
        assertThat(rows("SELECT s FROM total WHERE region = 'EU'")).containsExactly("3");
        restart();
        run("REFRESH MATERIALIZED VIEW total");
        assertThat(rows("SELECT s FROM total WHERE region = 'EU'")).containsExactly("13");
        assertThat(rows("SELECT name, is_stale, autorefresh FROM stv_mv_info")).containsExactly("total|t|f");
        assertThat(rows("SELECT schema_name, name FROM svv_mv_info")).containsExactly("public|total");
        assertThat(rows("SELECT table_name, table_type FROM svv_tables WHERE table_schema = 'public'"))
                .containsExactly("total|VIEW");
    }

    @Test
    void viewsMayBeOfTheCatalog() throws Exception {
        run(
                "CREATE VIEW named AS SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'risk'",
                "CREATE VIEW standard AS SELECT * FROM information_schema.tables WHERE table_schema = 'risk'",
                "CREATE VIEW short AS SELECT tablename FROM pg_tables t WHERE schemaname = 'risk'",
                "CREATE MATERIALIZED VIEW kept AS SELECT * FROM pg_catalog.pg_tables WHERE schemaname = 'risk'",
                "CREATE VIEW late AS SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'risk' WITH NO SCHEMA BINDING");
        restart();
        for (var view : List.of("named", "short", "kept", "late")) {
            assertThat(rows("SELECT tablename FROM " + view)).as(view).containsExactly("sale");
        }
        assertThat(rows("SELECT table_name, table_type FROM standard")).containsExactly("sale|BASE TABLE");
        run("REFRESH MATERIALIZED VIEW kept", "DROP TABLE risk.sale");
    }

    @Test
    void nobodyWritesIntoAMaterializedView() throws Exception {
        run("CREATE MATERIALIZED VIEW total AS SELECT sum(amount) AS s FROM risk.sale");
        assertFails("INSERT INTO total VALUES (1)", "42809", "total");
        assertFails("DELETE FROM total", "42809", "");
        assertFails("DROP VIEW total", "42809", "It is a materialized view.");
        assertFails("DROP TABLE risk.sale", "2BP01", "materialized view total depends on table sale");
        var data = rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'mv_tbl%'")
                .getFirst();
        assertFails("INSERT INTO main.%s VALUES (1)".formatted(data), "3F000", "schema \"main\" does not exist");
        run("DROP MATERIALIZED VIEW total");
        assertThat(rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'mv_tbl%'"))
                .containsExactly("0");
        assertFails("REFRESH MATERIALIZED VIEW total", "42P01", "relation \"total\" does not exist");
        assertFails("CREATE MATERIALIZED VIEW m AUTO REFRESH YES AS SELECT 1 AS a", "0A000", "AUTO REFRESH YES");
    }
}

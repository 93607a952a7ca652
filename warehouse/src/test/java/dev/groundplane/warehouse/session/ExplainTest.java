package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code EXPLAIN} through PostgreSQL's driver. */
class ExplainTest extends WarehouseFixture {
    @Test
    void changesAreExplained() throws Exception {
        run("CREATE TABLE t(i INT, s SUPER)", "CREATE TABLE u(i INT, s SUPER)");
        for (var sql : List.of(
                "INSERT INTO t (i) SELECT i FROM u",
                "INSERT INTO t(i, s) VALUES (1, JSON_PARSE('[1]'))",
                "UPDATE t SET i = t.s.a::INT WHERE t.s.b = 1",
                "UPDATE t SET i = u.i FROM u WHERE u.s.b = t.s.a",
                "DELETE FROM t USING u WHERE t.i = u.i AND u.s.b = 1",
                "MERGE INTO t USING u ON t.i = u.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (i) VALUES (u.i)")) {
            assertThat(rows("EXPLAIN " + sql)).as(sql).isNotEmpty();
        }
        assertThat(rows("SELECT count(*) FROM t")).containsExactly("0");
        assertThat(rows("EXPLAIN VERBOSE SELECT i FROM t")).isNotEmpty();
    }
}

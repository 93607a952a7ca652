package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ways to have the engine read a file, among them those of the warehouse itself. */
class EngineFilesTest extends WarehouseFixture {
    @Test
    void filesOfTheHostAreNotRead() {
        assertFails("SELECT * FROM read_blob('%s/dev.duckdb')".formatted(directory), "42501", "read_blob");
        assertFails("SELECT * FROM \"glob\"('%s/*')".formatted(directory), "42501", "glob");
        assertFails("SELECT * FROM query('SELECT 1')", "42501", "query");
    }

    @Test
    void noNameOfATableIsThatOfAFile() throws Exception {
        Files.writeString(directory.resolve("x.csv"), "secret\n7\n");
        run("CREATE TABLE t AS SELECT 1 AS i");
        for (var sql : List.of(
                "SELECT * FROM '%s'",
                "SELECT * FROM \"%s\"",
                "SELECT * FROM t, '%s'",
                "SELECT * FROM t, \"%s\"",
                "SELECT * FROM t a JOIN t b ON a.i = b.i, '%s'",
                "SELECT * FROM t a JOIN t b ON CASE WHEN a.i = b.i THEN true END, '%s'",
                "SELECT * FROM t set, '%s'",
                "SELECT * FROM ('%s')",
                "SELECT * FROM (('%s' CROSS JOIN t))",
                "SELECT * FROM (t CROSS JOIN \"%s\")",
                "SELECT * FROM t CROSS JOIN '%s'",
                "SELECT * FROM t WHERE i IN (SELECT secret FROM t, '%s')",
                "SELECT trim((SELECT min(secret) FROM '%s'))",
                "SELECT * FROM $$%s$$",
                "SELECT * FROM E'%s'",
                "SELECT * FROM LATERAL '%s'",
                "SELECT * FROM (FROM '%s')",
                "SELECT * FROM (TABLE \"%s\")",
                "SELECT * FROM (SUMMARIZE \"%s\")",
                "SELECT * FROM (DESCRIBE '%s')",
                "SELECT * FROM (DESC '%s')",
                "SELECT * FROM (PIVOT \"%s\" ON secret)",
                "TABLE \"%s\"",
                "INSERT INTO t TABLE \"%s\"",
                "WITH x AS (SELECT * FROM t, '%s') SELECT * FROM x",
                "CREATE VIEW v AS SELECT * FROM t, \"%s\"",
                "CREATE TABLE c AS SELECT * FROM \"%s\"",
                "SELECT * INTO c FROM \"%s\"",
                "UPDATE t SET i = secret FROM t a, '%s'",
                "DELETE FROM t USING \"%s\" WHERE secret > 0",
                "MERGE INTO t USING \"%s\" ON i = secret WHEN MATCHED THEN DELETE",
                "DECLARE c CURSOR FOR SELECT * FROM t, '%s'",
                "EXPLAIN ANALYZE SELECT * FROM t, '%s'")) {
            assertFails(sql.formatted(directory.resolve("x.csv")), "42601", "cannot be the name of a table");
        }
        try (var other = connect("dev", "extended");
                var prepared = other.prepareStatement("SELECT * FROM ?")) {
            prepared.setString(1, directory.resolve("x.csv").toString());
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(prepared::executeQuery)
                    .withMessageContaining("cannot be the name of a table");
        }
    }

    @Test
    void textsBesideTablesAreNoFiles() throws Exception {
        run("CREATE TABLE t(i INT, \"p/e\" VARCHAR)", "INSERT INTO t VALUES (1, 'a/b'), (2, 'c')");
        for (var sql : List.of(
                "SELECT i FROM t WHERE \"p/e\" IN ('x', 'a/b')",
                "SELECT a.i FROM t a JOIN t b ON a.i = b.i AND a.\"p/e\" = 'a/b'",
                "SELECT i FROM t WHERE \"p/e\" IS NOT DISTINCT FROM 'a/b'",
                "SELECT i FROM t WHERE 'c' IS DISTINCT FROM \"p/e\"",
                "SELECT i FROM t WHERE trim('x' FROM 'xa/b') = \"p/e\"",
                "SELECT x FROM (VALUES ('a/b', 1), ('x', 2)) v(\"p/e\", x) LIMIT 1",
                "SELECT i AS \"a/b\" FROM t GROUP BY i, 'x' ORDER BY i LIMIT 1",
                "SELECT i FROM t ORDER BY i DESC, \"p/e\" OFFSET 1",
                "WITH x AS (SELECT 'a/b' AS y, 1 AS i) SELECT i FROM x",
                "SELECT i FROM t, (SELECT 'a/b' AS y, 'x' AS z) o WHERE y = \"p/e\"")) {
            assertThat(rows(sql)).as(sql).containsExactly("1");
        }
        run("CREATE USER \"IAMR:desk/bob\" PASSWORD DISABLE", "GRANT SELECT ON t TO \"IAMR:desk/bob\"");
        run("REVOKE SELECT ON t FROM \"IAMR:desk/bob\"");
    }

    @Test
    void valuesAreATableInParenthesesOnly() throws Exception {
        Files.writeString(directory.resolve("x.csv"), "secret\n7\n");
        run("CREATE TABLE t AS SELECT 1 AS i");
        for (var sql : List.of(
                "SELECT * FROM VALUES (1) v(x), '%s'",
                "SELECT * FROM t, VALUES (1) v(x), \"%s\"",
                "SELECT * FROM t CROSS JOIN VALUES (1) v(x), '%s'",
                "DELETE FROM t USING VALUES (1) v(x), '%s'",
                "SELECT * FROM VALUES (1) v(x)")) {
            assertFails(sql.formatted(directory.resolve("x.csv")), "42601", "in parentheses");
        }
        assertFails(
                "SELECT * FROM (VALUES (1)) v(x), '%s'".formatted(directory.resolve("x.csv")),
                "42601",
                "cannot be the name of a table");
    }
}

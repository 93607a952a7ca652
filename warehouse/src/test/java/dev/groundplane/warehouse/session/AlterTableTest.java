package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlterTableTest extends WarehouseFixture {
    @BeforeEach
    void make() throws Exception {
        run(
                "CREATE TABLE t(id INT IDENTITY(1,1), name VARCHAR(3), day DATE, PRIMARY KEY(id)) DISTKEY(name) SORTKEY(day)");
        run("INSERT INTO t(name) VALUES ('abc'), ('def')");
    }

    private String type(String column) throws SQLException {
        return rows("SELECT type FROM pg_table_def WHERE tablename = 't' AND \"column\" = '%s'".formatted(column))
                .getFirst();
    }

    @Test
    void columnsAreAddedWithTheirDefaultsAndDropped() throws Exception {
        run(
                "ALTER TABLE t ADD COLUMN code VARCHAR(2) DEFAULT 'é' ENCODE zstd",
                "ALTER TABLE t ADD n INT DEFAULT 7 NOT NULL");
        assertThat(rows("SELECT id, name, code, n FROM t ORDER BY id")).containsExactly("1|abc|é|7", "2|def|é|7");
        assertFails("INSERT INTO t(code) VALUES ('abc')", "22001", "character varying(2)");
        run("ALTER TABLE t DROP COLUMN code", "ALTER TABLE t DROP n CASCADE");
        assertThat(rows("SELECT * FROM t ORDER BY id")).containsExactly("1|abc|null", "2|def|null");
    }

    @Test
    void aTextGetsLongerOrShorter() throws Exception {
        run("ALTER TABLE t ALTER COLUMN name TYPE VARCHAR(6)", "INSERT INTO t(name) VALUES ('abcdef')");
        assertThat(type("name")).isEqualTo("character varying(6)");
        assertThat(rows("SELECT id, name FROM t ORDER BY id")).containsExactly("1|abc", "2|def", "3|abcdef");
        assertFails("ALTER TABLE t ALTER COLUMN name TYPE VARCHAR(5)", "22001", "character varying(5)");
        assertThat(type("name")).isEqualTo("character varying(6)");
        assertThat(rows("SELECT diststyle, sortkey1 FROM svv_table_info")).containsExactly("KEY(name)|day");
    }

    @Test
    void optionsAndKeysChange() throws Exception {
        run(
                "ALTER TABLE t ALTER DISTSTYLE EVEN",
                "ALTER TABLE t ALTER COMPOUND SORTKEY (name, id)",
                "ALTER TABLE t ALTER COLUMN name ENCODE text255, ALTER COLUMN day ENCODE delta",
                "ALTER TABLE t DROP CONSTRAINT t_pkey",
                "ALTER TABLE t ADD CONSTRAINT named UNIQUE (day)");
        assertThat(rows("SELECT \"column\", encoding, distkey, sortkey FROM pg_table_def"))
                .containsExactly("id|none|f|2", "name|text255|f|1", "day|delta|f|0");
        assertThat(rows("SELECT diststyle FROM svv_table_info")).containsExactly("EVEN");
        assertThat(rows("SELECT conname FROM pg_constraint")).containsExactly("named");
        run("ALTER TABLE t ALTER DISTKEY id", "ALTER TABLE t ALTER SORTKEY NONE", "ALTER TABLE t ALTER ENCODE AUTO");
        assertThat(rows("SELECT \"column\", encoding, distkey, sortkey FROM pg_table_def"))
                .containsExactly("id|az64|t|0", "name|lzo|f|0", "day|az64|f|0");
    }

    @Test
    void whatIsSaidOfATableFollowsItsNewNames() throws Exception {
        run("CREATE TABLE child(i INT REFERENCES t(id))", "CREATE VIEW v AS SELECT t.name FROM t");
        run("COMMENT ON TABLE t IS 'it''s a table'", "COMMENT ON COLUMN t.name IS 'who'");
        run("ALTER TABLE t RENAME COLUMN id TO number", "ALTER TABLE t RENAME TO deal");
        assertThat(rows("SELECT name FROM v ORDER BY 1")).containsExactly("abc", "def");
        assertThat(rows("SELECT table_name, remarks FROM svv_tables WHERE table_name = 'deal'"))
                .containsExactly("deal|it's a table");
        assertThat(rows("SELECT remarks FROM svv_columns WHERE table_name = 'deal' AND column_name = 'name'"))
                .containsExactly("who");
        assertThat(
                        rows(
                                "SELECT conname, conkey FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE relname = 'deal'"))
                .containsExactly("t_pkey|[1]");
        assertThat(rows("SHOW TABLE child").getFirst()).contains("REFERENCES public.deal(id)");
        assertFails("DROP TABLE deal", "2BP01", "other objects depend on it");
    }

    @Test
    void viewsThatWouldBreakAreNamed() throws Exception {
        run(
                "ALTER TABLE t ADD COLUMN more INT",
                "CREATE VIEW v AS SELECT name, more FROM t",
                "CREATE VIEW w AS SELECT id FROM t");
        assertFails("ALTER TABLE t RENAME COLUMN more TO less", "2BP01", "cannot rename column more of table t");
        assertFails("ALTER TABLE t DROP COLUMN more", "2BP01", "cannot drop column more of table t");
        run("ALTER TABLE t DROP COLUMN more CASCADE");
        assertThat(rows("SELECT table_name FROM svv_tables ORDER BY 1")).containsExactly("t", "w");
    }

    @Test
    void aDefinitionIsRolledBackWithItsTransaction() throws Exception {
        connection().setAutoCommit(false);
        run(
                "CREATE TABLE gone(i INT IDENTITY(1,1) ENCODE raw)",
                "ALTER TABLE t ADD COLUMN code VARCHAR(2)",
                "ALTER TABLE t ALTER DISTSTYLE ALL",
                "COMMENT ON TABLE t IS 'other'",
                "DROP TABLE gone",
                "TRUNCATE t");
        connection().rollback();
        connection().setAutoCommit(true);
        assertThat(rows("SELECT * FROM t ORDER BY id")).containsExactly("1|abc|null", "2|def|null");
        assertThat(rows("SELECT diststyle FROM svv_table_info")).containsExactly("KEY(name)");
        assertThat(rows("SELECT table_name, remarks FROM svv_tables")).containsExactly("t|null");
    }

    @Test
    void aStatementThatFailsHalfwayChangesNothing() throws Exception {
        assertFails("DROP TABLE t, nowhere", "42P01", "\"nowhere\" does not exist");
        assertThat(rows("SELECT count(*) FROM t")).containsExactly("2");
    }

    @Test
    void definitionsLast() throws Exception {
        var shown = rows("SHOW TABLE t");
        run("CREATE VIEW lasting AS SELECT * FROM t");
        restart();
        assertThat(rows("SHOW TABLE t")).isEqualTo(shown);
        run("INSERT INTO t(name) VALUES ('ghi')");
        assertThat(rows("SELECT count(DISTINCT id) FROM lasting")).containsExactly("3");
        assertFails("INSERT INTO t(name) VALUES ('abcd')", "22001", "character varying(3)");
    }

    @Test
    void whatIsWrongOrNotSupportedIsNamed() {
        assertAllFail("""
                ALTER TABLE t OWNER TO bob                   | 42704 | user "bob" does not exist
                ALTER TABLE t APPEND FROM other              | 0A000 | APPEND is not supported
                ALTER TABLE t ALTER COLUMN id TYPE BIGINT    | 0A000 | ALTER COLUMN TYPE other than
                ALTER TABLE t ALTER COLUMN name SET NOT NULL | 0A000 | SET is not supported
                ALTER TABLE t ADD COLUMN x INT NOT NULL      | 42P16 | must have a non-null default
                ALTER TABLE t ADD COLUMN name INT            | 42701 | already exists
                ALTER TABLE t ADD COLUMN x INT IDENTITY(1,1) | 0A000 | IDENTITY
                ALTER TABLE t DROP COLUMN name               | 0A000 | cannot drop distkey column "name"
                ALTER TABLE t DROP COLUMN day                | 0A000 | cannot drop sortkey column "day"
                ALTER TABLE t DROP COLUMN x                  | 42703 | column "x" of relation "t" does not exist
                ALTER TABLE t ADD PRIMARY KEY (day)          | 42P16 | multiple primary keys
                ALTER TABLE t DROP CONSTRAINT x              | 42704 | constraint "x" of relation "t" does not exist
                ALTER TABLE nowhere RENAME TO t              | 42P01 | relation "nowhere" does not exist
                ALTER TABLE t RENAME TO t                    | 42P07 | relation "t" already exists
                """);
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CreateTableTest extends WarehouseFixture {
    @Test
    void typesAreToldAsRedshiftTellsThem() throws Exception {
        var types = """
                smallint                    | smallint
                INT2                        | smallint
                int                         | integer
                int8                        | bigint
                decimal                     | numeric(18,0)
                NUMERIC(9, 2)               | numeric(9,2)
                float(20)                   | real
                float                       | double precision
                double precision            | double precision
                bool                        | boolean
                char                        | character(1)
                nchar(7)                    | character(7)
                bpchar                      | character(256)
                varchar                     | character varying(256)
                character varying(12)       | character varying(12)
                nvarchar(3)                 | character varying(3)
                text                        | character varying(256)
                varchar(max)                | character varying(65535)
                date                        | date
                time                        | time without time zone
                timetz                      | time with time zone
                timestamp without time zone | timestamp without time zone
                timestamp with time zone    | timestamp with time zone
                super                       | super
                varbyte                     | binary varying(64000)
                binary varying(9)           | binary varying(9)
                interval day to second(3)   | interval
                """;
        for (var line : types.lines().toList()) {
            var type = line.split("\\|");
            run("CREATE TABLE t(c %s)".formatted(type[0]));
            assertThat(rows("SELECT type FROM pg_table_def WHERE tablename = 't'"))
                    .as(line)
                    .containsExactly(type[1].strip());
            run("DROP TABLE t");
        }
    }

    @Test
    void valuesLongerThanTheirColumnAreRefused() throws Exception {
        run("CREATE TABLE t(name VARCHAR(5), code CHAR(2), data VARBYTE(3))");
        run("INSERT INTO t VALUES ('abcde', 'ab   ', 'abc'::varbyte), (NULL, NULL, NULL)");
        assertFails("INSERT INTO t(name) VALUES ('abcdef')", "22001", "value too long for type character varying(5)");
        assertFails("INSERT INTO t(name) VALUES ('ééé')", "22001", "character varying(5)"); // lengths are bytes
        assertFails("UPDATE t SET code = 'abc'", "22001", "value too long for type character(2)");
        assertFails("INSERT INTO t(data) VALUES ('abcd'::varbyte)", "22001", "binary varying(3)");
        assertThat(rows("SELECT count(*), max(length(name)) FROM t")).containsExactly("2|5");
    }

    @Test
    void whatTheEngineDoesNotKeepIsTold() throws Exception {
        run("""
                CREATE TABLE IF NOT EXISTS sale(
                    id INTEGER IDENTITY(10, 5) ENCODE raw, region VARCHAR(4) NOT NULL DEFAULT 'EU' DISTKEY,
                    day DATE ENCODE zstd, amount NUMERIC(12,2), CONSTRAINT one_a_day UNIQUE (region, day), PRIMARY KEY (id))
                BACKUP NO DISTSTYLE KEY COMPOUND SORTKEY (day, region)""");
        run("INSERT INTO sale(day) VALUES ('2024-02-29'), (NULL)");

        assertThat(rows("SELECT \"column\", type, encoding, distkey, sortkey, \"notnull\" FROM pg_table_def"))
                .containsExactly(
                        "id|integer|none|f|0|t",
                        "region|character varying(4)|none|t|2|t",
                        "day|date|zstd|f|1|f",
                        "amount|numeric(12,2)|az64|f|0|f");
        assertThat(rows("SELECT \"table\", diststyle, sortkey1, sortkey_num, tbl_rows FROM svv_table_info"))
                .containsExactly("sale|KEY(region)|day|2|2");
        assertThat(rows("SELECT conname, contype, conkey FROM pg_constraint ORDER BY 1"))
                .containsExactly("one_a_day|u|[2, 3]", "sale_pkey|p|[1]");
        assertThat(rows("SHOW TABLE sale").getFirst())
                .contains("id integer NOT NULL IDENTITY(10,5) ENCODE raw")
                .contains("region character varying(4) NOT NULL DEFAULT 'EU' ENCODE raw")
                .contains("CONSTRAINT sale_pkey PRIMARY KEY (id)")
                .contains("DISTKEY (region)")
                .contains("SORTKEY (day, region)");
        assertThat(rows("SELECT id, region FROM sale")).containsExactly("10|EU", "15|EU");
    }

    @Test
    void theStatementThatIsShownMakesTheSameTable() throws Exception {
        run(
                "CREATE TABLE a(i INT IDENTITY(3,2), c VARCHAR(9) DEFAULT 'x' ENCODE lzo, PRIMARY KEY(i)) DISTSTYLE ALL SORTKEY(c)");
        var shown = rows("SHOW TABLE a").getFirst();
        run("DROP TABLE a", shown);
        assertThat(rows("SHOW TABLE a")).containsExactly(shown);
    }

    @Test
    void keysAreInformationAndNotEnforced() throws Exception {
        run("CREATE TABLE a(i INT PRIMARY KEY)", "CREATE TABLE b(i INT UNIQUE REFERENCES a(i))");
        run("INSERT INTO a VALUES (1), (1)", "INSERT INTO b VALUES (7), (7)");
        assertFails("INSERT INTO a VALUES (NULL)", "23502", "NULL"); // this is
        assertFails("DROP TABLE a", "2BP01", "a foreign key of table b");
        run("DROP TABLE a CASCADE");
        assertThat(rows("SELECT constraint_type FROM information_schema.table_constraints"))
                .containsExactly("UNIQUE");
    }

    @Test
    void identitiesByDefaultTakeValuesAndOthersDoNot() throws Exception {
        run("CREATE TABLE t(i BIGINT GENERATED BY DEFAULT AS IDENTITY(0, -1), j INT)");
        run("INSERT INTO t(j) VALUES (1), (2)", "INSERT INTO t(i, j) VALUES (100, 3)");
        assertThat(rows("SELECT i FROM t ORDER BY j")).containsExactly("0", "-1", "100");
        run("CREATE TABLE u(j INT, i BIGINT IDENTITY(1, 1))");
        run("INSERT INTO u(j) VALUES (7)", "INSERT INTO u VALUES (8, DEFAULT)", "INSERT INTO u(j) (SELECT 9)");
        for (var sql : List.of(
                "INSERT INTO u(i) VALUES (5)",
                "INSERT INTO u VALUES (8, DEFAULT), (8, (5))",
                "INSERT INTO u SELECT 1, 2",
                "INSERT INTO public.u(j, i) (SELECT 1, 2)")) {
            assertFails(sql, "0A000", "cannot set an identity column to a value");
        }
        assertThat(rows("SELECT i, j FROM u ORDER BY j")).containsExactly("1|7", "2|8", "3|9");
    }

    @Test
    void aTableIsMadeLikeAnotherOne() throws Exception {
        run("CREATE TABLE a(i INT IDENTITY(1,1), c VARCHAR(3) NOT NULL DEFAULT 'x' ENCODE zstd) DISTKEY(c)");
        run("CREATE TABLE plain(LIKE a)", "CREATE TABLE b(LIKE a INCLUDING DEFAULTS, more INT)");
        run("INSERT INTO b(more) VALUES (1)");
        assertThat(rows("SELECT * FROM b")).containsExactly("1|x|1");
        assertFails("INSERT INTO plain(i) VALUES (1)", "23502", "");
        assertThat(rows("SELECT encoding, distkey FROM pg_table_def WHERE tablename = 'b' AND \"column\" = 'c'"))
                .containsExactly("zstd|t");
        assertFails("INSERT INTO b(c) VALUES ('abcd')", "22001", "character varying(3)");
    }

    @Test
    void aTableIsMadeOfAQueryWithOptions() throws Exception {
        run("CREATE TABLE a DISTSTYLE EVEN SORTKEY(n) AS SELECT 7 AS n, 'x' AS t");
        run("CREATE TABLE b(x, y) AS (SELECT n, t FROM a)");
        assertThat(rows("SELECT x, y FROM b")).containsExactly("7|x");
        assertThat(rows("SELECT \"table\", diststyle, sortkey1 FROM svv_table_info ORDER BY 1"))
                .containsExactly("a|EVEN|n", "b|AUTO(ALL)|AUTO(SORTKEY)");
        try (var made = connection().prepareStatement("CREATE TABLE c AS SELECT n FROM a WHERE n < ?")) {
            made.setInt(1, 10);
            assertThat(made.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void temporaryTablesAreTheSessionsAlone() throws Exception {
        run("CREATE TABLE #a(i INT IDENTITY(1,1), c VARCHAR(2))", "CREATE TEMP TABLE b AS SELECT 1 AS one");
        run("INSERT INTO #a(c) VALUES ('x')", "ALTER TABLE #a ADD COLUMN d CHAR(3)");
        assertFails("INSERT INTO #a(c) VALUES ('xyz')", "22001", "character varying(2)");
        assertThat(rows("SELECT i, c, d, one FROM #a, b")).containsExactly("1|x|null|1");
        try (var other = connect("dev")) {
            assertThat(rows(other, "SELECT count(*) FROM svv_tables")).containsExactly("0");
        }
        run("DROP TABLE #a, b");
    }

    @Test
    void whatIsWrongOrNotSupportedIsNamed() throws Exception {
        assertAllFail("""
                CREATE TABLE t(i GEOMETRY)                     | 0A000 | the type GEOMETRY is not supported
                CREATE TABLE t(i JSON)                         | 42704 | type "json" does not exist
                CREATE TABLE t(i INT, i INT)                   | 42701 | column "i" specified more than once
                CREATE TABLE t(c VARCHAR(65536))               | 22023 | length 65536 for type character varying
                CREATE TABLE t(c NUMERIC(39))                  | 22023 | precision 39 for type numeric
                CREATE TABLE t(i INT CHECK (i > 3))            | 0A000 | CHECK is not supported
                CREATE TABLE t(i INT ENCODE lz4)               | 42704 | encoding type "lz4" does not exist
                CREATE TABLE t(c CHAR(3) COLLATE CASE_INSENSITIVE) | 0A000 | COLLATE CASE_INSENSITIVE is not supported
                CREATE TABLE t(i INT) DISTKEY(x)               | 42703 | column "x" of relation "t" does not exist
                CREATE TABLE t(i INT) DISTSTYLE EVEN DISTKEY(i) | 42P16 | a DISTKEY needs DISTSTYLE KEY
                CREATE TABLE t(c VARCHAR(3) IDENTITY(1,1))     | 42804 | INT or BIGINT
                CREATE TABLE t(i INT REFERENCES nowhere)       | 42P01 | relation "nowhere" does not exist
                CREATE TABLE nowhere.t(i INT)                  | 3F000 | schema "nowhere" does not exist
                CREATE TABLE t(i INT) SORTED BY i              | 42601 | syntax error at or near "SORTED"
                CREATE EXTERNAL TABLE s.t(i INT)               | 0A000 | CREATE EXTERNAL is not supported
                CREATE TABLE main.t(i INT)                     | 42501 | permission denied for schema main
                """);
        assertThat(rows("SELECT count(*) FROM svv_tables")).containsExactly("0");
    }
}

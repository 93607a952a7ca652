package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaAndDatabaseTest extends WarehouseFixture {
    @Test
    void schemasAreMadeAndDropped() throws Exception {
        run("CREATE SCHEMA risk", "CREATE SCHEMA IF NOT EXISTS risk AUTHORIZATION admin", "CREATE TABLE risk.t(i INT)");
        assertFails("CREATE SCHEMA risk", "42P06", "schema \"risk\" already exists");
        assertFails("DROP SCHEMA risk", "2BP01", "cannot drop schema risk");
        run("CREATE VIEW v AS SELECT * FROM risk.t", "DROP SCHEMA risk CASCADE", "DROP SCHEMA IF EXISTS risk");
        assertThat(rows("SELECT count(*) FROM svv_tables")).containsExactly("0");
    }

    @Test
    void databasesAreFilesOfTheirOwn() throws Exception {
        run("CREATE DATABASE sales WITH OWNER admin CONNECTION LIMIT UNLIMITED");
        assertFails("CREATE DATABASE sales", "42P04", "database \"sales\" already exists");
        try (var other = connect("sales")) {
            try (var statement = other.createStatement()) {
                statement.execute("CREATE TABLE t AS SELECT 1 AS i");
            }
            assertFails("DROP DATABASE sales", "55006", "is being accessed by other users");
            assertThat(rows("SHOW TABLES FROM SCHEMA sales.public")).containsExactly("sales|public|t|TABLE|null|null");
        }
        restart();
        try (var other = connect("sales")) {
            assertThat(rows(other, "SELECT i FROM t")).containsExactly("1");
        }
        restart(); // whose sessions have gone for certain
        run("DROP DATABASE sales", "DROP DATABASE IF EXISTS sales");
        assertThat(rows("SHOW DATABASES LIKE 's%'")).isEmpty();
        assertThat(directory.resolve("sales.duckdb")).doesNotExist();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("sales"));
    }

    @Test
    void databasesAreNotMadeInTransactions() throws Exception {
        connection().setAutoCommit(false);
        run("SELECT 1");
        assertFails("CREATE DATABASE sales", "25001", "cannot run inside a transaction block");
        connection().rollback();
        assertThat(directory.resolve("sales.duckdb")).doesNotExist();
    }

    @Test
    void databasesAndSchemasHaveNamesOfTheirOwn() throws Exception {
        run("CREATE SCHEMA risk");
        assertFails("CREATE DATABASE risk", "22023", "database \"dev\" has a schema of that name");
        run("CREATE DATABASE sales");
        assertFails("CREATE SCHEMA sales", "22023", "there is a database of that name");
        assertThat(directory.resolve("risk.duckdb")).doesNotExist();
    }

    @Test
    void catalogsAreShown() throws Exception {
        run("CREATE SCHEMA risk", "CREATE TABLE risk.trade(id INT NOT NULL, name VARCHAR(20))");
        assertThat(rows("SHOW SCHEMAS FROM DATABASE dev LIKE 'r%'"))
                .containsExactly("dev|risk|100|local|null|null|null");
        assertThat(rows("SHOW TABLES FROM SCHEMA risk LIMIT 5")).containsExactly("dev|risk|trade|TABLE|null|null");
        assertThat(rows("SHOW COLUMNS FROM TABLE dev.risk.trade"))
                .containsExactly(
                        "dev|risk|trade|id|1|null|NO|integer|null|32|0|null",
                        "dev|risk|trade|name|2|null|YES|character varying|20|null|null|null");
        try (var other = connect("dev", "extended");
                var prepared = other.prepareStatement("SHOW COLUMNS FROM TABLE ?.?.? LIKE ?")) {
            prepared.setString(1, "dev");
            prepared.setString(2, "risk");
            prepared.setString(3, "trade");
            prepared.setString(4, "i%");
            try (var result = prepared.executeQuery()) {
                assertThat(result.next()).isTrue();
                assertThat(result.getInt("ordinal_position")).isEqualTo(1);
                assertThat(result.next()).isFalse();
            }
        }
    }

    @Test
    void theInformationSchemaTellsOfTheDatabase() throws Exception {
        run("CREATE TABLE trade(name VARCHAR(20), code CHAR(2), PRIMARY KEY (code, name))");
        assertThat(rows("SELECT table_schema, table_name, table_type FROM information_schema.tables"))
                .containsExactly("public|trade|BASE TABLE");
        assertThat(rows("SELECT column_name, data_type, character_maximum_length FROM information_schema.columns"))
                .containsExactly("name|character varying|20", "code|character|2");
        assertThat(rows("SELECT column_name FROM information_schema.key_column_usage ORDER BY ordinal_position"))
                .containsExactly("code", "name");
    }

    @Test
    void postgresqlsDriverFindsColumnsWithTheirLengths() throws Exception {
        run("CREATE TABLE trade(id INT NOT NULL, name VARCHAR(20) DEFAULT 'x', code CHAR(3), amount NUMERIC(18,4))");
        run("COMMENT ON COLUMN trade.name IS 'who'");
        try (var columns = connection().getMetaData().getColumns(null, "public", "trade", "%")) {
            var found = new ArrayList<String>();
            while (columns.next()) {
                found.add(columns.getString("COLUMN_NAME") + " " + columns.getString("TYPE_NAME") + " "
                        + columns.getInt("COLUMN_SIZE") + " " + columns.getString("IS_NULLABLE") + " "
                        + columns.getString("REMARKS"));
            }
            assertThat(found)
                    .containsExactly(
                            "id int4 10 NO null",
                            "name varchar 20 YES who",
                            "code bpchar 3 YES null",
                            "amount numeric 18 YES null");
        }
    }

    @Test
    void tablesAreLookedAfter() throws Exception {
        for (var sql : List.of(
                "VACUUM",
                "VACUUM t",
                "VACUUM FULL t TO 75 PERCENT BOOST",
                "VACUUM SORT ONLY t",
                "VACUUM DELETE ONLY",
                "VACUUM REINDEX t",
                "VACUUM RECLUSTER public.t",
                "ANALYZE",
                "ANALYZE VERBOSE",
                "ANALYZE t(i)",
                "ANALYZE t PREDICATE COLUMNS",
                "ANALYZE dev.public.t ALL COLUMNS",
                "TRUNCATE t",
                "TRUNCATE TABLE public.t")) {
            run("CREATE TABLE t AS SELECT range AS i FROM range(1000)", "DELETE FROM t WHERE i < 500", sql);
            assertThat(rows("SELECT count(*) FROM t"))
                    .as(sql)
                    .containsExactly(sql.startsWith("TRUNCATE") ? "0" : "500");
            run("DROP TABLE t");
        }
    }

    @Test
    void whatIsWrongOrNotSupportedIsNamed() {
        assertAllFail("""
                CREATE SCHEMA s AUTHORIZATION bob    | 42704 | user "bob" does not exist
                CREATE SCHEMA s QUOTA 5 GB           | 0A000 | QUOTA is not supported
                CREATE SCHEMA pg_x                   | 42939 | unacceptable schema name "pg_x"
                CREATE SCHEMA main                   | 42501 | schema main is reserved
                ALTER SCHEMA public RENAME TO p      | 0A000 | ALTER SCHEMA is not supported
                DROP SCHEMA public                   | 0A000 | DROP SCHEMA of public
                DROP SCHEMA nowhere                  | 3F000 | schema "nowhere" does not exist
                CREATE DATABASE sys                  | 22023 | cannot have this name
                CREATE DATABASE public               | 22023 | cannot have this name
                CREATE DATABASE main                 | 22023 | cannot have this name
                CREATE DATABASE groundplane          | 22023 | cannot have this name
                CREATE DATABASE functions            | 22023 | cannot have this name
                CREATE DATABASE catalog              | 22023 | cannot have this name
                CREATE DATABASE information          | 22023 | cannot have this name
                CREATE DATABASE information_schema   | 22023 | cannot have this name
                CREATE DATABASE pg_catalog           | 22023 | cannot have this name
                CREATE SCHEMA dev                    | 22023 | there is a database of that name
                CREATE SCHEMA memory                 | 22023 | there is a database of that name
                CREATE DATABASE "a/b"                | 22023 | cannot have this name
                CREATE DATABASE d COLLATE CASE_INSENSITIVE | 0A000 | CREATE DATABASE with COLLATE
                DROP DATABASE dev                    | 0A000 | the namespace's first
                DROP DATABASE nowhere                | 3D000 | database "nowhere" does not exist
                VACUUM nowhere                       | 42P01 | relation "nowhere" does not exist
                ANALYZE nowhere                      | 42P01 | relation "nowhere" does not exist
                ANALYZE COMPRESSION t                | 0A000 | ANALYZE COMPRESSION is not supported
                LOCK TABLE t                         | 0A000 | LOCK is not supported
                COMMENT ON SCHEMA public IS 'x'      | 0A000 | COMMENT ON SCHEMA is not supported
                SHOW TABLES FROM SCHEMA a.b.c        | 42601 | syntax error
                """);
    }

    @Test
    void psqlListsTablesSchemasAndDatabases() throws Exception {
        run("CREATE SCHEMA other");
        run("CREATE TABLE here(i INT)");
        run("CREATE TABLE other.there(i INT)");
        var tables = """
                SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c
                LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r','p','') AND n.nspname !~ '^pg_toast' AND %s ORDER BY 1, 2""";
        assertThat(rows(tables.formatted("pg_catalog.pg_table_is_visible(c.oid)")))
                .containsExactly("public|here|admin");
        assertThat(rows(tables.formatted("c.relname OPERATOR(pg_catalog.~) '^(there)$'")))
                .containsExactly("other|there|admin");
        assertThat(rows("SELECT n.nspname, pg_catalog.pg_get_userbyid(n.nspowner) FROM pg_catalog.pg_namespace n"
                        + " WHERE n.nspname !~ '^pg_' ORDER BY 1"))
                .containsExactly("information_schema|rdsdb", "other|admin", "public|admin");
        assertThat(rows("SELECT d.datname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate"
                        + " FROM pg_catalog.pg_database d"))
                .containsExactly("dev|UTF8|C");
    }

    /** Their tables would be looked for in the system's schemas. */
    @Test
    void noSchemaHasANameOfTheSystemsThatComesFirst() throws Exception {
        assertFails("CREATE SCHEMA catalog", "42939", "unacceptable schema name");
        assertFails("CREATE SCHEMA IF NOT EXISTS Functions", "42939", "unacceptable schema name");
        run("CREATE SCHEMA information", "CREATE TABLE information.tables AS SELECT 7 AS i");
        assertThat(rows("SELECT i FROM information.tables")).containsExactly("7");
        assertThat(rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'information'"))
                .containsExactly("tables");
    }
}

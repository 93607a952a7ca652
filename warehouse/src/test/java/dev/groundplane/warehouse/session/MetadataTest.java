package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's and Amazon's drivers, and the tools that stand on them or ask the catalog themselves, find out. */
class MetadataTest extends WarehouseFixture {
    @BeforeEach
    void define() throws SQLException {
        run(
                "CREATE SCHEMA desk",
                "CREATE TABLE desk.book(id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE)",
                "CREATE TABLE desk.trade(id BIGINT, book INTEGER REFERENCES desk.book(id), amount NUMERIC(18,4) DEFAULT 0,"
                        + " note SUPER, PRIMARY KEY (book, id))",
                "CREATE VIEW desk.large AS SELECT t.id, b.name FROM desk.trade t JOIN desk.book b ON b.id = t.book",
                "CREATE VIEW desk.late AS SELECT id FROM desk.trade WITH NO SCHEMA BINDING",
                "COMMENT ON TABLE desk.trade IS 'what was traded'",
                "COMMENT ON COLUMN desk.trade.amount IS 'in EUR'");
    }

    @Override
    Supplier<SSLContext> tls() throws Exception {
        var context = TestCertificate.make(directory);
        return () -> context;
    }

    private interface Question {
        ResultSet ask(DatabaseMetaData metadata) throws SQLException;
    }

    /** The named columns of what both drivers answer; they have to agree. */
    private List<String> told(Question question, String... columns) throws SQLException {
        var postgresql = told(connection().getMetaData(), question, columns);
        var properties = new Properties();
        properties.setProperty("user", "admin");
        properties.setProperty("password", "secret");
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty(
                "sslrootcert", TestCertificate.authority(directory).toString());
        try (var amazon = DriverManager.getConnection(
                connection().getMetaData().getURL().replace("jdbc:postgresql:", "jdbc:redshift:"), properties)) {
            assertThat(told(amazon.getMetaData(), question, columns)).isEqualTo(postgresql);
        }
        return postgresql;
    }

    private static List<String> told(DatabaseMetaData metadata, Question question, String... columns)
            throws SQLException {
        try (var result = question.ask(metadata)) {
            var rows = new ArrayList<String>();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (var column : columns) {
                    row.add(result.getString(column));
                }
                rows.add(String.join("|", row));
            }
            return rows;
        }
    }

    @Test
    void driversFindTablesWithTheirComments() throws SQLException {
        assertThat(told(
                        metadata -> metadata.getTables(null, "desk", "%", new String[] {"TABLE", "VIEW"}),
                        "TABLE_NAME",
                        "TABLE_TYPE",
                        "REMARKS"))
                .containsExactly("book|TABLE|null", "trade|TABLE|what was traded", "large|VIEW|null", "late|VIEW|null");
        assertThat(told(metadata -> metadata.getSchemas(null, "de%"), "TABLE_SCHEM"))
                .containsExactly("desk");
        assertThat(told(DatabaseMetaData::getCatalogs, "TABLE_CAT")).containsExactly("dev");
    }

    @Test
    void driversFindColumns() throws SQLException {
        assertThat(columns("book", "%")).containsExactly("id|int4|10|NO|1|null", "name|varchar|20|NO|2|null");
        assertThat(columns("trade", "amount")).containsExactly("amount|numeric|18|YES|3|in EUR");
    }

    private List<String> columns(String table, String column) throws SQLException {
        return told(
                metadata -> metadata.getColumns(null, "desk", table, column),
                "COLUMN_NAME",
                "TYPE_NAME",
                "COLUMN_SIZE",
                "IS_NULLABLE",
                "ORDINAL_POSITION",
                "REMARKS");
    }

    @Test
    void driversFindKeys() throws SQLException {
        assertThat(told(
                        metadata -> metadata.getPrimaryKeys(null, "desk", "trade"),
                        "COLUMN_NAME",
                        "KEY_SEQ",
                        "PK_NAME"))
                .containsExactlyInAnyOrder("book|1|trade_pkey", "id|2|trade_pkey");
        for (Question keys : List.<Question>of(
                metadata -> metadata.getImportedKeys(null, "desk", "trade"),
                metadata -> metadata.getExportedKeys(null, "desk", "book"),
                metadata -> metadata.getCrossReference(null, "desk", "book", null, "desk", "trade"))) {
            assertThat(told(keys, "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME", "PK_NAME"))
                    .containsExactly("book|id|trade|book|book_pkey");
        }
    }

    /** Amazon's driver does not look for any. */
    @Test
    void keysHaveIndexes() throws SQLException {
        assertThat(told(
                        connection().getMetaData(),
                        metadata -> metadata.getIndexInfo(null, "desk", "trade", true, false),
                        "INDEX_NAME",
                        "COLUMN_NAME"))
                .containsExactly("trade_pkey|book", "trade_pkey|id");
    }

    @Test
    void driversFindThatThereAreNoFunctions() throws SQLException {
        assertThat(told(metadata -> metadata.getFunctions(null, null, "%"), "FUNCTION_NAME"))
                .isEmpty();
        assertThat(told(metadata -> metadata.getProcedures(null, null, "%"), "PROCEDURE_NAME"))
                .isEmpty();
    }

    @Test
    void driversFindTypes() throws SQLException {
        assertThat(told(connection().getMetaData(), DatabaseMetaData::getTypeInfo, "TYPE_NAME"))
                .contains("int4", "varchar", "numeric", "timestamptz", "super");
    }

    @Test
    void namesStandForObjects() throws SQLException {
        assertThat(rows("SELECT 'pg_class'::regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass::oid"))
                .containsExactly("1259|1255");
        assertThat(rows("SELECT relname FROM pg_class WHERE oid = 'desk.trade'::regclass"))
                .containsExactly("trade");
        assertThat(rows("SELECT nspname FROM pg_namespace WHERE oid = 'desk'::regnamespace"))
                .containsExactly("desk");
        assertThat(rows("SELECT typname FROM pg_type WHERE oid = 'pg_catalog.int4'::regtype"))
                .containsExactly("int4");
        assertFails("SELECT 'nowhere'::regclass", "22000", "relation \"nowhere\" does not exist");
    }

    @Test
    void viewsDependOnWhatTheyName() throws SQLException {
        assertThat(rows("""
                SELECT v.relname, t.relname FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
                JOIN pg_class v ON v.oid = r.ev_class JOIN pg_class t ON t.oid = d.refobjid
                WHERE d.deptype = 'n' ORDER BY 2""")).containsExactly("large|book", "large|trade");
    }

    @Test
    void arraysOfTheCatalogHaveElements() throws SQLException {
        assertThat(rows("""
                SELECT con.conname, a.attname FROM pg_constraint con, pg_attribute a, generate_series(1, 2) AS pos(n)
                WHERE a.attrelid = con.conrelid AND a.attnum = con.conkey[pos.n] AND con.contype = 'p' ORDER BY 1, pos.n""")).containsExactly("book_pkey|id", "trade_pkey|book", "trade_pkey|id");
        assertThat(rows("SELECT indkey[0], indkey[1], indnatts FROM pg_index WHERE indisprimary ORDER BY 3"))
                .containsExactly("1|null|1", "2|1|2");
        assertThat(rows("""
                SELECT a.attname FROM pg_constraint con JOIN pg_attribute a
                ON a.attrelid = con.conrelid AND a.attnum = ANY(con.conkey) WHERE con.contype = 'f'""")).containsExactly("book");
        assertThat(rows("SELECT (current_schemas(true))[1], array_upper(current_schemas(false), 1) FROM pg_am"))
                .containsExactly("pg_catalog|1");
    }

    @Test
    void definitionsAreTold() throws SQLException {
        assertThat(rows("SELECT pg_get_viewdef('desk.late'::regclass::oid, true)"))
                .containsExactly("SELECT id FROM desk.trade");
        assertThat(rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"))
                .containsExactly("FOREIGN KEY (book) REFERENCES desk.book(id)");
        assertThat(rows("SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                        + " WHERE attrelid = 'desk.trade'::regclass ORDER BY attnum"))
                .containsExactly("bigint", "integer", "numeric(18,4)", "super");
        assertThat(rows("SELECT * FROM pg_get_late_binding_view_cols()"
                        + " cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)"))
                .isEmpty();
    }

    @Test
    void theCatalogIsForUsersWithoutPrivileges() throws SQLException {
        run("CREATE USER bob PASSWORD 'Password1'", "SET SESSION AUTHORIZATION bob");
        assertThat(rows("SELECT c.relname, obj_description(c.oid, 'pg_class'), i.indkey FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_index i ON i.indrelid = c.oid WHERE c.oid = 'desk.trade'::regclass"))
                .containsExactly("trade|what was traded|[2, 1]");
        assertThat(
                        rows(
                                "SELECT count(*) FROM pg_get_late_binding_view_cols() cols(a name, b name, c name, d varchar, e int)"))
                .containsExactly("0");
        assertThat(rows("SELECT count(*) > 0 FROM pg_depend")).containsExactly("t");
    }
}

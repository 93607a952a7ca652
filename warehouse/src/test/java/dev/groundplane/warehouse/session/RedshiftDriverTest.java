package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as Amazon's JDBC driver for Redshift sees it, with TLS, which that driver wants. */
class RedshiftDriverTest {
    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        var tls = TestCertificate.make(directory);
        server = new TestServer(directory, () -> tls);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Connection connect() throws Exception {
        var properties = new Properties();
        properties.setProperty("user", "admin");
        properties.setProperty("password", "secret");
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty(
                "sslrootcert", TestCertificate.authority(directory).toString());
        return DriverManager.getConnection("jdbc:redshift://localhost:%d/dev".formatted(server.port()), properties);
    }

    @Test
    void statementsParametersAndTransactionsWork() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            assertThat(connection.isValid(5)).isTrue();
            statement.execute("CREATE TABLE trade(id INTEGER, amount NUMERIC(18,4), name VARCHAR(20))");
            connection.setAutoCommit(false);
            try (var insert = connection.prepareStatement("INSERT INTO trade VALUES (?, ?, ?)")) {
                for (var i = 0; i < 3; i++) {
                    insert.setInt(1, i);
                    insert.setBigDecimal(2, new java.math.BigDecimal("1.5"));
                    insert.setString(3, "n" + i);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
            try (var rows = statement.executeQuery("SELECT id, amount, name FROM trade ORDER BY id DESC")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(2);
                assertThat(rows.getBigDecimal(2)).isEqualByComparingTo("1.5");
                assertThat(rows.getString(3)).isEqualTo("n2");
                assertThat(rows.getMetaData().getColumnTypeName(2)).isEqualTo("numeric");
            }
        }
    }

    @Test
    void toolsFindSchemasTablesAndColumns() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE trade(id INTEGER NOT NULL, amount NUMERIC(18,4), name VARCHAR(20))");
            var metadata = connection.getMetaData();
            assertThat(names(metadata.getSchemas(), "TABLE_SCHEM")).contains("public");
            assertThat(names(metadata.getTables(null, "public", "%", null), "TABLE_NAME"))
                    .containsExactly("trade");
            assertThat(names(metadata.getColumns(null, "public", "trade", "%"), "COLUMN_NAME"))
                    .containsExactly("id", "amount", "name");
        }
    }

    @Test
    void columnsHaveTheirLengthsDefaultsAndKeys() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE trade(id INTEGER NOT NULL, name VARCHAR(20) DEFAULT 'x', code CHAR(3), "
                    + "amount NUMERIC(18,4), PRIMARY KEY (id))");
            var columns = connection.getMetaData().getColumns(null, "public", "trade", "%");
            assertThat(names(columns, "COLUMN_SIZE")).containsExactly("10", "20", "3", "18");
            columns = connection.getMetaData().getColumns(null, "public", "trade", "%");
            assertThat(names(columns, "TYPE_NAME")).containsExactly("int4", "varchar", "character", "numeric");
            columns = connection.getMetaData().getColumns(null, "public", "trade", "%");
            assertThat(names(columns, "IS_NULLABLE")).containsExactly("NO", "YES", "YES", "YES");
            var keys = connection.getMetaData().getPrimaryKeys(null, "public", "trade");
            assertThat(names(keys, "COLUMN_NAME")).containsExactly("id");
        }
    }

    private static List<String> names(java.sql.ResultSet rows, String column) throws java.sql.SQLException {
        try (rows) {
            var names = new ArrayList<String>();
            while (rows.next()) {
                names.add(rows.getString(column));
            }
            return names;
        }
    }
}

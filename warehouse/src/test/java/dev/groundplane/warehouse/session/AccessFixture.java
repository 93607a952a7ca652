package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A warehouse with users. The administrator has a table {@code secret.pay} that bob may not read, a table {@code desk.trade} of
 * which bob may read the columns id and day, and a view {@code desk.total} over the former that bob may read.
 */
abstract class AccessFixture {
    static final String PASSWORD = "Password1";

    @TempDir
    private Path directory;

    TestServer server;
    Connection admin;
    Connection bob;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(directory, null);
        admin = connect("admin", "secret");
        for (var statement : List.of(
                "CREATE USER bob PASSWORD '" + PASSWORD + "'",
                "CREATE USER eve PASSWORD '" + PASSWORD + "'",
                "CREATE SCHEMA secret",
                "CREATE TABLE secret.pay AS SELECT 'boss' AS name, 1000 AS amount",
                "CREATE SCHEMA desk",
                "CREATE TABLE desk.trade AS SELECT 1 AS id, date '2024-01-02' AS day, 'hidden' AS trader",
                "CREATE TABLE desk.own AS SELECT 1 AS id",
                "CREATE VIEW desk.total AS SELECT sum(amount) AS amount FROM secret.pay",
                "GRANT USAGE ON SCHEMA desk TO bob",
                "GRANT SELECT (id, day), UPDATE (day) ON desk.trade TO bob",
                "GRANT SELECT ON desk.total TO bob",
                "GRANT ALL ON desk.own TO bob")) {
            run(admin, statement);
        }
        bob = connect("bob", PASSWORD);
    }

    @AfterEach
    void stop() throws Exception {
        bob.close();
        admin.close();
        server.close();
    }

    final Connection connect(String user, String password) throws SQLException {
        return connect("dev", user, password);
    }

    final Connection connect(String database, String user, String password) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), database), properties);
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<String> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (var i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row));
            }
            return rows;
        }
    }

    static void refused(Connection connection, String sql, String words) {
        fails(connection, sql, "42501", words);
    }

    static void fails(Connection connection, String sql, String state, String words) {
        assertThatExceptionOfType(SQLException.class)
                .as(sql)
                .isThrownBy(() -> run(connection, sql))
                .withMessageContaining(words)
                .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo(state));
    }
}

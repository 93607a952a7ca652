package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.warehouse.gateway.Gateway;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse of its own for each test, and one connection to it by PostgreSQL's driver. */
abstract class WarehouseFixture {
    @TempDir
    Path directory;

    private TestServer server;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(directory, tls(), gateway());
        connection = connect("dev");
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        server.close();
    }

    /** What the server shows clients that want TLS; null for nothing. */
    @Nullable
    Supplier<SSLContext> tls() throws Exception {
        return null;
    }

    /** What the warehouse asks of the control plane is answered by it; nothing unless a test says so. */
    Gateway gateway() {
        return TestServer.SILENT;
    }

    /** As when the worker ends and another one opens the same files. */
    final void restart() throws Exception {
        stop();
        start();
    }

    final Connection connection() {
        return connection;
    }

    /** Sends statements as psql does. */
    final Connection connect(String database) throws SQLException {
        return connect(database, "simple");
    }

    /** @param mode of the driver: simple or extended */
    final Connection connect(String database, String mode) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", "admin");
        properties.setProperty("password", "secret");
        properties.setProperty("preferQueryMode", mode);
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), database), properties);
    }

    final void run(String... statements) throws SQLException {
        for (var sql : statements) {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, each as its values with bars between them. */
    final List<String> rows(String sql) throws SQLException {
        return rows(connection, sql);
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
                rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
            }
            return rows;
        }
    }

    /** The same for each line: a statement, a SQLSTATE and words, with bars between them. */
    final void assertAllFail(String table) {
        for (var line : table.lines().toList()) {
            var cells = line.split("\\|");
            assertFails(cells[0].strip(), cells[1].strip(), cells[2].strip());
        }
    }

    /** That a statement fails with a SQLSTATE and these words. */
    final void assertFails(String sql, String state, String words) {
        assertThatExceptionOfType(SQLException.class)
                .as(sql)
                .isThrownBy(() -> run(sql))
                .satisfies(failure -> assertThat(failure.getSQLState())
                        .as(failure.getMessage())
                        .isEqualTo(state))
                .withMessageContaining(words);
    }
}

package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.session.SqlCase.Group;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Redshift's SQL by the examples in {@code sql/cases}, of which docs/warehouse-sql.md tells. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlCasesTest {
    private TestServer server;
    /** One for each group, with what its setup made. */
    private final Map<String, Connection> connections = new HashMap<>();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = new TestServer(directory, null);
    }

    @AfterAll
    void stop() throws Exception {
        for (var connection : connections.values()) {
            connection.close();
        }
        server.close();
    }

    static Stream<Arguments> cases() {
        return SqlCase.groups().stream().flatMap(group -> group.cases().stream().map(one -> Arguments.of(group, one)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("cases")
    void redshiftsSqlGivesWhatItShould(Group group, SqlCase example) throws Exception {
        var found = result(connection(group), example.statement());
        assertThat(found.text()).as(example.statement() + found.message()).isEqualTo(example.expected());
    }

    private Connection connection(Group group) throws SQLException {
        var open = connections.get(group.title());
        if (open != null) {
            return open;
        }
        var properties = new Properties();
        properties.setProperty("user", "admin");
        properties.setProperty("password", "secret");
        properties.setProperty("preferQueryMode", "simple");
        var connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/dev".formatted(server.port()), properties);
        connections.put(group.title(), connection);
        try (var statement = connection.createStatement()) {
            statement.execute("set timezone to 'UTC'");
            for (var sql : group.setup()) {
                statement.execute(sql);
            }
        }
        return connection;
    }

    /** @param message of an error */
    record Found(String text, String message) {}

    static Found result(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            var result = statement.execute(sql) ? rows(statement.getResultSet()) : "";
            // Of several statements, what the last one gives.
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                result = statement.getResultSet() == null ? "" : rows(statement.getResultSet());
            }
            return new Found(result, "");
        } catch (SQLException e) {
            return new Found("error " + e.getSQLState(), ": " + e.getMessage());
        }
    }

    private static String rows(ResultSet result) throws SQLException {
        var rows = new ArrayList<String>();
        while (result.next()) {
            var row = new ArrayList<String>();
            for (var i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(result.getString(i));
            }
            rows.add(String.join(" | ", row.stream().map(String::valueOf).toList()));
        }
        return String.join(" / ", rows);
    }
}

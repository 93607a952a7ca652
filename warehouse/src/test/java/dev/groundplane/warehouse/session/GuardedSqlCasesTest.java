package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.session.SqlCase.Group;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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

/** That queries mean the same when all tables have policies, which show all rows here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardedSqlCasesTest {
    private static final String PASSWORD = "Password1";

    private TestServer server;
    private Connection admin;
    private final Map<String, Connection> connections = new HashMap<>();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = new TestServer(directory, null);
        admin = connect("admin", "secret");
        execute(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "'");
        execute(admin, "CREATE RLS POLICY everything USING (current_user = 'bob')");
    }

    @AfterAll
    void stop() throws Exception {
        for (var connection : connections.values()) {
            connection.close();
        }
        admin.close();
        server.close();
    }

    private Connection connect(String user, String password) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/dev".formatted(server.port()), properties);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static Stream<Arguments> queries() {
        return SqlCase.groups().stream()
                .flatMap(group -> group.cases().stream()
                        .filter(one -> one.statement().matches("(?is)(select|with)\\b[^;]*\\bfrom\\b[^;]*"))
                        .map(one -> Arguments.of(group, one)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("queries")
    void aQueryMeansTheSame(Group group, SqlCase example) throws Exception {
        var found = SqlCasesTest.result(connection(group), example.statement());
        assertThat(found.text()).as(example.statement() + found.message()).isEqualTo(example.expected());
    }

    /** Bob's tables are protected from bob. */
    private Connection connection(Group group) throws SQLException {
        var open = connections.get(group.title());
        if (open != null) {
            return open;
        }
        var connection = connect("bob", PASSWORD);
        connections.put(group.title(), connection);
        execute(connection, "set timezone to 'UTC'");
        for (var sql : group.setup()) {
            execute(connection, sql);
        }
        try (var statement = admin.createStatement();
                var tables = statement.executeQuery("SELECT schemaname || '.' || tablename FROM pg_tables"
                        + " WHERE schemaname || '.' || tablename NOT IN"
                        + " (SELECT relschema || '.' || relname FROM svv_rls_relation)")) {
            while (tables.next()) {
                execute(admin, "ATTACH RLS POLICY everything ON " + tables.getString(1) + " TO bob");
                execute(admin, "ALTER TABLE " + tables.getString(1) + " ROW LEVEL SECURITY ON");
            }
        }
        return connection;
    }
}

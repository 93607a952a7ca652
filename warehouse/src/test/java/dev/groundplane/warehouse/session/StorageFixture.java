package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse whose S3 is in memory, and a client of it. */
abstract class StorageFixture {
    static final String ROLE = "arn:aws:iam::123456789012:role/loader";
    static final String AS_ROLE = " IAM_ROLE '" + ROLE + "' ";

    @TempDir
    private Path directory;

    TestServer server;
    Connection connection;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(directory, null, (operation, members) -> {
            if (!operation.equals("AssumeRole")) {
                return answer(operation, members);
            }
            if (!List.of(ROLE, "default").contains(members.get("role"))) {
                throw SqlFailure.of(SqlState.INTERNAL_ERROR, "The requested role is not associated to cluster");
            }
            return new ObjectMapper()
                    .valueToTree(Map.of("accessKeyId", "owner", "secretAccessKey", "s", "sessionToken", "t"));
        });
        connection = connect();
    }

    /** What else the warehouse asks of the control plane; nothing unless a test says so. */
    JsonNode answer(String operation, Map<String, ?> members) {
        return TestServer.SILENT.call(operation, members);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/dev?preferQueryMode=simple".formatted(server.port()),
                "admin",
                "secret");
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        server.close();
    }

    List<String> run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            var notices = new ArrayList<String>();
            for (var warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                notices.add(warning.getMessage());
            }
            return notices;
        }
    }

    List<List<String>> rows(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<List<String>>();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (var i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    void assertFails(String sql, String state, String words) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> run(sql))
                .withMessageContaining(words)
                .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo(state));
    }
}

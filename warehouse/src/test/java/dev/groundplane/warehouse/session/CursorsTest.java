package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cursors and prepared statements by the extended protocol, whose clients ask for columns before there are rows. */
class CursorsTest {
    @Test
    void rowsOfCursorsAndPreparedStatementsAreDescribedAndRead(@TempDir Path directory) throws Exception {
        try (var server = new TestServer(directory, null);
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:%d/dev".formatted(server.port()), "admin", "secret")) {
            connection.setAutoCommit(false);
            run(connection, "DECLARE numbers CURSOR FOR SELECT range::integer AS n FROM range(5)");
            assertThat(rows(connection, "FETCH 2 FROM numbers")).containsExactly("n=0", "n=1");
            assertThat(rows(connection, "FETCH FORWARD ALL FROM numbers")).containsExactly("n=2", "n=3", "n=4");
            connection.commit();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> rows(connection, "FETCH numbers FROM numbers"))
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("42601"));
            connection.rollback();
            run(connection, "PREPARE twice(integer) AS SELECT $1 * 2 AS double");
            assertThat(rows(connection, "EXECUTE twice(21)")).containsExactly("double=42");
            run(connection, "DEALLOCATE ALL");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (result.next()) {
                rows.add(result.getMetaData().getColumnLabel(1) + "=" + result.getInt(1));
            }
            return rows;
        }
    }
}

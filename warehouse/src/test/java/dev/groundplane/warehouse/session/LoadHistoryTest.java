package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is shown what COPY found: lines of files are among it. */
class LoadHistoryTest extends StorageFixture {
    private static final List<String> OF_ERRORS =
            List.of("stl_load_errors", "stl_loaderror_detail", "sys_load_error_detail");

    @Test
    void usersSeeTheirOwnLoadsOnly() throws Exception {
        run("CREATE USER bob PASSWORD 'Password1'");
        run("CREATE TABLE t(i INTEGER)");
        run("GRANT INSERT ON t TO bob");
        server.s3().put("secret", "pay of the boss\n");
        server.s3().put("good", "1\n");
        run("COPY t FROM 's3://bucket/good'" + AS_ROLE);
        assertFails("COPY t FROM 's3://bucket/secret'" + AS_ROLE, "XX000", "Load into table 't' failed");

        try (var bob = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/dev?preferQueryMode=simple".formatted(server.port()),
                "bob",
                "Password1")) {
            for (var view : OF_ERRORS) {
                assertThat(values(bob, "SELECT 'seen' FROM " + view)).as(view).isEmpty();
            }
            assertThat(values(bob, "SELECT data_source FROM sys_load_history")).isEmpty();
            assertThat(values(bob, "SELECT filename FROM stl_load_commits")).isEmpty();

            server.s3().put("own", "x\n");
            try (var copy = bob.createStatement()) {
                copy.execute("COPY t FROM 's3://bucket/good'" + AS_ROLE);
                assertThat(failure(copy, "COPY t FROM 's3://bucket/own'" + AS_ROLE))
                        .contains("Load into table 't' failed");
            }
            assertThat(
                            values(
                                    bob,
                                    "SELECT raw_line FROM stl_load_errors JOIN pg_user ON usesysid = userid WHERE usename = current_user"))
                    .containsExactly("x");
            assertThat(
                            values(
                                    bob,
                                    "SELECT file_name FROM sys_load_error_detail JOIN pg_user ON usesysid = user_id WHERE usename = current_user"))
                    .containsExactly("s3://bucket/own");
            assertThat(values(bob, "SELECT filename FROM stl_load_commits")).containsExactly("s3://bucket/good");
        }
        assertThat(rows("SELECT raw_line FROM stl_load_errors ORDER BY 1"))
                .containsExactly(List.of("pay of the boss"), List.of("x"));
        assertThat(rows("SELECT DISTINCT usename FROM sys_load_history JOIN pg_user ON usesysid = user_id ORDER BY 1"))
                .containsExactly(List.of("admin"), List.of("bob"));
    }

    private static String failure(java.sql.Statement statement, String sql) {
        try {
            statement.execute(sql);
            return "";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static List<String> values(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (result.next()) {
                values.add(result.getString(1));
            }
            return values;
        }
    }
}

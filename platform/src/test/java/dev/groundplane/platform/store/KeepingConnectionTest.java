package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

class KeepingConnectionTest {
    private static final String SELECT = "SELECT value FROM number WHERE value > ? ORDER BY value";

    @TempDir
    private Path directory;

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = new KeepingConnection(directory.resolve("test.db"), new SQLiteConfig());
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE number (value INTEGER)");
            statement.execute("INSERT INTO number VALUES (1), (2), (3)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void aClosedStatementServesTheNextWhoPreparesTheSame() throws SQLException {
        PreparedStatement first = connection.prepareStatement(SELECT);
        first.close();
        first.close();
        PreparedStatement second = connection.prepareStatement(SELECT);
        PreparedStatement third = connection.prepareStatement(SELECT);
        assertThat(second).isSameAs(first);
        assertThat(third).isNotSameAs(first);
        second.close();
        third.close();
        assertThat(connection.prepareStatement(SELECT)).isSameAs(third);
    }

    @Test
    void nothingOfAFormerUseIsLeft() throws SQLException {
        PreparedStatement first = connection.prepareStatement(SELECT);
        first.setInt(1, 0);
        ResultSet unfinished = first.executeQuery();
        unfinished.next();
        first.close();
        PreparedStatement second = connection.prepareStatement(SELECT);
        try (ResultSet none = second.executeQuery()) {
            assertThat(none.next()).as("a parameter that is not set is NULL").isFalse();
        }
        second.setInt(1, 2);
        try (ResultSet rows = second.executeQuery()) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(3);
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void batchesBeginEmpty() throws SQLException {
        String insert = "INSERT INTO number VALUES (?)";
        try (PreparedStatement first = connection.prepareStatement(insert)) {
            first.setInt(1, 7);
            first.addBatch();
        }
        try (PreparedStatement second = connection.prepareStatement(insert)) {
            second.setInt(1, 8);
            second.addBatch();
            second.executeBatch();
        }
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setInt(1, 6);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(8);
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @Test
    void keepsABoundedNumber() throws SQLException {
        PreparedStatement first = connection.prepareStatement("SELECT 0");
        first.close();
        for (int i = 1; i <= 64; i++) {
            connection.prepareStatement("SELECT " + i).close();
        }
        assertThat(connection.prepareStatement("SELECT 64")).isNotSameAs(first);
        assertThat(connection.prepareStatement("SELECT 0")).isNotSameAs(first);
        assertThat(first.isClosed()).isTrue();
    }
}

package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.testing.PostgresCluster;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;

class PostgresDatabaseTest extends DatabaseContract {
    private final PostgresServer server =
            new PostgresServer(PostgresCluster.shared().schema(), null);

    @Override
    Database open(List<Migration> migrations) {
        return new PostgresDatabase(server, migrations, new Events());
    }

    @Test
    void aTextThatPostgresqlCannotKeepIsNoDefect() {
        try (Database database = open(List.of())) {
            assertThatThrownBy(() -> database.read(PostgresDatabaseTest::readBack))
                    .satisfies(isUnsuitable());
            assertThatThrownBy(() -> database.write(tx -> readBack(tx.connection())))
                    .satisfies(isUnsuitable());
        }
    }

    private static String readBack(Connection connection) throws SQLException {
        try (PreparedStatement asked = connection.prepareStatement("SELECT ?::text")) {
            asked.setString(1, "a\0b");
            try (ResultSet row = asked.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static ThrowingConsumer<Throwable> isUnsuitable() {
        return thrown -> assertThat(thrown)
                .isInstanceOfSatisfying(
                        GroundplaneException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ErrorKind.UNSUITABLE_VALUE))
                .hasMessageContaining("U+0000");
    }

    @Test
    void aPasswordShowsNowhere() {
        PostgresServer secret = new PostgresServer("jdbc:postgresql://db/groundplane?password=hidden", "hidden");

        assertThat(secret.toString()).isEqualTo("PostgresServer[jdbc:postgresql://db/groundplane]");
    }
}

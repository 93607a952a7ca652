package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.Events;
import dev.groundplane.testing.PostgresCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresDatabaseTest extends DatabaseContract {
    private final PostgresServer server =
            new PostgresServer(PostgresCluster.shared().schema(), null);

    @Override
    Database open(List<Migration> migrations) {
        return new PostgresDatabase(server, migrations, new Events());
    }

    @Test
    void aPasswordShowsNowhere() {
        PostgresServer secret = new PostgresServer("jdbc:postgresql://db/groundplane?password=hidden", "hidden");

        assertThat(secret.toString()).isEqualTo("PostgresServer[jdbc:postgresql://db/groundplane]");
    }
}

package dev.groundplane.services.parallelcluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterStoreTest {
    @TempDir
    private Path directory;

    private Database database;
    private ClusterStore store;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        store = new ClusterStore(database, new Events());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private int take(String id) {
        return database.write(tx -> store.takeUsers(tx, id));
    }

    private void give(int first) {
        database.write(tx -> {
            store.giveUsers(tx, first);
            return first;
        });
    }

    @Test
    void eachClusterHasAThousandUserIds() {
        assertThat(take("a")).isEqualTo(700_000);
        assertThat(take("b")).isEqualTo(701_000);
        assertThat(take("c")).isEqualTo(702_000);
    }

    @Test
    void whatIsGivenBackIsTakenAgain() {
        take("a");
        int second = take("b");
        take("c");
        give(second);
        give(second); // after a crash it may be given again
        assertThat(take("d")).isEqualTo(second);
        assertThat(take("e")).isEqualTo(703_000);
    }

    @Test
    void anotherStoreOfTheDatabaseKnowsWhoHasWhich() {
        take("a");
        store = new ClusterStore(database, new Events());
        assertThat(take("b")).isEqualTo(701_000);
    }
}

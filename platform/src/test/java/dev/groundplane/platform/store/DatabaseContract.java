package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Database} does. */
@Timeout(60) // a deadlock fails instead of hanging the build
abstract class DatabaseContract {
    private static final Migration NUMBERS =
            new Migration("contract", 1, "CREATE TABLE number (id INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE)");
    private static final Migration NOTES =
            new Migration("contract", 2, "ALTER TABLE number ADD COLUMN note TEXT NOT NULL DEFAULT 'none'");

    private Database database;

    /** Opens a database; the same one each time within a test. */
    abstract Database open(List<Migration> migrations);

    @BeforeEach
    void openIt() {
        database = open(List.of(NUMBERS));
    }

    @AfterEach
    void closeIt() {
        database.close();
    }

    @Test
    void aReadSeesEveryWriteThatHasReturned() {
        for (int n = 1; n <= 50; n++) {
            int number = n;
            database.write(tx -> insert(tx, number));
            assertThat(numbers()).hasSize(n).last().isEqualTo(n);
        }
    }

    @Test
    void aTransactionSeesItsOwnWritesAndReturnsItsResult() {
        int seen = database.write(tx -> {
            insert(tx, 5);
            try (Statement statement = tx.connection().createStatement();
                    ResultSet row = statement.executeQuery("SELECT n FROM number")) {
                row.next();
                return row.getInt(1);
            }
        });

        assertThat(seen).isEqualTo(5);
    }

    @Test
    void aReadGoesOnWhileOthersWrite() {
        int before = database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM number")) {
                rows.next();
                database.write(tx -> insert(tx, 1));
                return rows.getInt(1);
            }
        });

        assertThat(before).isZero();
        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void allStatementsOfAReadSeeTheSameSnapshot() {
        List<Integer> counts = database.read(connection -> {
            List<Integer> seen = new ArrayList<>();
            try (PreparedStatement count = connection.prepareStatement("SELECT COUNT(*) FROM number")) {
                for (int i = 1; i <= 2; i++) {
                    int number = i;
                    try (ResultSet row = count.executeQuery()) {
                        row.next();
                        seen.add(row.getInt(1));
                    }
                    database.write(tx -> insert(tx, number));
                }
            }
            return seen;
        });

        assertThat(counts).containsExactly(0, 0);
    }

    @Test
    void aReadThatThrowsLeavesNoOldSnapshotBehind() {
        for (int i = 1; i <= 20; i++) { // more often than there can be pooled connections
            int number = i;
            assertThatThrownBy(() -> database.read(connection -> {
                        try (PreparedStatement count = connection.prepareStatement("SELECT COUNT(*) FROM number");
                                ResultSet row = count.executeQuery()) {
                            throw new IllegalStateException("not found");
                        }
                    }))
                    .hasMessage("not found");
            database.write(tx -> insert(tx, number));
            assertThat(numbers()).hasSize(number);
        }
    }

    @Test
    void aWriteThrowsWhatItsWorkThrewAndStoresNothingOfIt() {
        IllegalStateException thrown = new IllegalStateException("changed my mind");

        assertThatThrownBy(() -> database.write(tx -> {
                    insert(tx, 1);
                    throw thrown;
                }))
                .isSameAs(thrown);

        assertThat(numbers()).isEmpty();
    }

    @Test
    void aStatementThatFailsIsAnInternalErrorThatSaysWhy() {
        assertThatThrownBy(() -> database.write(tx -> {
                    insert(tx, 1);
                    return insert(tx, 1);
                }))
                .isInstanceOfSatisfying(GroundplaneException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.INTERNAL_ERROR);
                    assertThat(e)
                            .hasMessageContaining("database write failed")
                            .hasMessageMatching("(?is).*unique.*number.n.*");
                });

        assertThat(numbers()).isEmpty();
    }

    @Test
    void aWorkThatFailsUndoesOnlyItselfAndNotItsGroup() {
        CountDownLatch grouped = new CountDownLatch(1);
        database.writeLater(tx -> {
            await(grouped);
            return insert(tx, 1);
        });
        database.writeLater(tx -> insert(tx, 2));
        database.writeLater(tx -> {
            insert(tx, 3);
            throw new IllegalStateException("expected in the log: a work that fails");
        });
        database.writeLater(tx -> {
            insert(tx, 4);
            return insert(tx, 2); // taken
        });
        database.writeLater(tx -> insert(tx, 5));
        grouped.countDown();
        database.write(tx -> insert(tx, 6));

        assertThat(numbers()).containsExactly(1, 2, 5, 6);
    }

    @Test
    void concurrentWritersLoseNoUpdate() throws Exception {
        database.write(tx -> insert(tx, 0));
        int writers = 8;
        int each = 50;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                running.add(threads.submit(() -> {
                    for (int k = 0; k < each; k++) {
                        database.write(DatabaseContract::increment);
                    }
                }));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        }

        assertThat(numbers()).containsExactly(writers * each);
    }

    @Test
    void laterWritesAreAppliedInTheOrderOfTheCalls() {
        List<Integer> order = IntStream.range(0, 2_500).mapToObj(i -> 2_500 - i).toList();
        order.forEach(n -> database.writeLater(tx -> insert(tx, n)));
        database.write(tx -> insert(tx, 9_999));

        assertThat(numbers()).startsWith(2_500, 2_499).endsWith(1, 9_999).hasSize(2_501);
        assertThat(numbers().subList(0, 2_500)).isEqualTo(order);
    }

    @Test
    void anActionRunsAfterItsCommitAndSeesIt() {
        CompletableFuture<List<Integer>> seen = new CompletableFuture<>();
        database.write(tx -> {
            tx.afterCommit(() -> seen.complete(numbers()));
            return insert(tx, 7);
        });

        assertThat(seen.join()).containsExactly(7);
    }

    @Test
    void anActionOfAWorkThatFailsNeverRuns() {
        List<String> ran = new ArrayList<>();
        assertThatThrownBy(() -> database.write(tx -> {
                    tx.afterCommit(() -> ran.add("failed"));
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        CompletableFuture<String> last = new CompletableFuture<>();
        database.write(tx -> {
            tx.afterCommit(() -> last.complete("committed"));
            return insert(tx, 1);
        });

        assertThat(last.join()).isEqualTo("committed");
        assertThat(ran).isEmpty();
    }

    @Test
    void anActionThatFailsHarmsNoOther() {
        CompletableFuture<String> next = new CompletableFuture<>();
        database.write(tx -> {
            tx.afterCommit(() -> {
                throw new IllegalStateException("expected in the log: an action that fails");
            });
            tx.afterCommit(() -> next.complete("ran"));
            return insert(tx, 1);
        });

        assertThat(next.join()).isEqualTo("ran");
        assertThat(database.<Integer>write(tx -> insert(tx, 2))).isEqualTo(2);
    }

    @Test
    void reopeningFindsWhatWasWritten() {
        database.write(tx -> insert(tx, 42));
        reopen(List.of(NUMBERS));

        assertThat(numbers()).containsExactly(42);
    }

    @Test
    void closingLetsTheRunningWorkFinish() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        database.writeLater(tx -> {
            running.countDown();
            await(closing);
            return insert(tx, Thread.currentThread().isInterrupted() ? 0 : 1);
        });
        running.await();
        Thread closer = Thread.ofPlatform().start(database::close);
        while (closer.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait(); // until close waits for the writer
        }
        closing.countDown();
        closer.join();
        database = open(List.of(NUMBERS));

        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void closingWritesWhatIsQueued() {
        CountDownLatch queued = new CountDownLatch(1);
        database.writeLater(tx -> {
            await(queued);
            return insert(tx, 1);
        });
        IntStream.rangeClosed(2, 1_500).forEach(n -> database.writeLater(tx -> insert(tx, n)));
        queued.countDown();
        reopen(List.of(NUMBERS));

        assertThat(numbers()).hasSize(1_500);
    }

    @Test
    void aClosedDatabaseRefusesWrites() {
        Database closed = database;
        reopen(List.of(NUMBERS));

        assertThatThrownBy(() -> closed.write(tx -> insert(tx, 1)))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aMigrationIsAppliedOnceAndKeepsTheData() {
        database.write(tx -> insert(tx, 1));
        reopen(List.of(NUMBERS)); // a second CREATE TABLE would fail
        reopen(List.of(NOTES, NUMBERS)); // in any order
        reopen(List.of(NUMBERS, NOTES));

        assertThat(numbers()).containsExactly(1);
        assertThat(database.<String>read(connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery("SELECT note FROM number")) {
                        row.next();
                        return row.getString(1);
                    }
                }))
                .isEqualTo("none");
    }

    @Test
    void aMigrationThatFailsLeavesNothingOfItself() {
        Migration broken = new Migration("other", 1, "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)");
        database.close();
        assertThatThrownBy(() -> open(List.of(NUMBERS, broken))).isInstanceOf(GroundplaneException.class);
        database = open(List.of(NUMBERS, new Migration("other", 1, "CREATE TABLE half (id INTEGER)")));

        assertThat(database.<Integer>write(tx -> insert(tx, 1))).isEqualTo(1);
    }

    @Test
    void aDatabaseOfANewerReleaseIsRefusedWithBothVersions() {
        reopen(List.of(NUMBERS, NOTES));
        database.close();

        assertThatThrownBy(() -> open(List.of(NUMBERS))).isInstanceOfSatisfying(GroundplaneException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.USER_ERROR);
            assertThat(e).hasMessageContaining("newer release").hasMessageContaining("contract schema 2");
            assertThat(e).hasMessageContaining("knows 1");
        });

        database = open(List.of(NUMBERS, NOTES));
    }

    @Test
    void aRefusedDatabaseIsLeftAsItWas() {
        Migration other = new Migration("another", 1, "CREATE TABLE another (id INTEGER)");
        reopen(List.of(NUMBERS, NOTES));
        database.close();
        assertThatThrownBy(() -> open(List.of(NUMBERS, other))).isInstanceOf(GroundplaneException.class);
        database = open(List.of(NUMBERS, NOTES, new Migration("another", 1, "CREATE TABLE another (name TEXT)")));

        database.write(tx -> {
            try (Statement statement = tx.connection().createStatement()) {
                return statement.execute("INSERT INTO another (name) VALUES ('x')");
            }
        });
    }

    private void reopen(List<Migration> migrations) {
        database.close();
        database = open(migrations);
    }

    /** In the order in which they were inserted. */
    private List<Integer> numbers() {
        return database.read(connection -> {
            List<Integer> numbers = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT n FROM number ORDER BY id")) {
                while (rows.next()) {
                    numbers.add(rows.getInt(1));
                }
            }
            return numbers;
        });
    }

    private static Integer insert(Transaction tx, int number) throws SQLException {
        try (PreparedStatement insert = tx.connection().prepareStatement("INSERT INTO number (n) VALUES (?)")) {
            insert.setInt(1, number);
            insert.executeUpdate();
        }
        return number;
    }

    /** Reads, then writes: wrong as soon as two of these run at once. */
    private static Integer increment(Transaction tx) throws SQLException {
        try (Statement statement = tx.connection().createStatement()) {
            int old;
            try (ResultSet row = statement.executeQuery("SELECT n FROM number")) {
                row.next();
                old = row.getInt(1);
            }
            return statement.executeUpdate("UPDATE number SET n = " + (old + 1));
        }
    }

    /** Closing interrupts the writer, which must not cut a work short that waits here. */
    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

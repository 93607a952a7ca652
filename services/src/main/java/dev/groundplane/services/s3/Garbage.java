package dev.groundplane.services.s3;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Removes the files that no row names any more: those of the table of garbage, and what a crash left. Where other processes
 * read the same files, the one that leads does, and what is noted stays for a while, because it may be read elsewhere.
 */
final class Garbage implements AutoCloseable {
    private static final String ALL = "all";
    private static final String LEFT = "left";
    private static final int BATCH = 500;
    /** For how long at least another process's reads of a file can go on after the last row that names it is gone. */
    private static final Duration GRACE = Duration.ofMinutes(15);

    private final Database database;
    private final ContentFiles files;
    private final Reconciler<String> removals = new Reconciler<>("s3-garbage", this::step);
    /** What was noted a while ago; only the step for {@link #ALL} looks at it. */
    private Set<String> waiting = Set.of();

    Garbage(Database database, ContentFiles files) {
        this.database = database;
        this.files = files;
    }

    /** Has what the transaction notes as garbage removed once it is durable. */
    void after(Transaction transaction) {
        if (!database.shared()) {
            transaction.afterCommit(() -> removals.enqueue(ALL));
        }
    }

    /** Removes what is noted now. What somebody still reads stays noted, and is removed when they end or next time. */
    void remove() {
        remove(name -> true);
    }

    private void remove(Predicate<String> due) {
        String after = "";
        for (List<String> batch = noted(after); !batch.isEmpty(); batch = noted(after)) {
            List<String> removed =
                    batch.stream().filter(due).filter(files::delete).toList();
            database.write(transaction -> forget(transaction, removed));
            after = batch.getLast();
        }
    }

    private List<String> noted(String after) {
        return database.read(connection -> {
            List<String> names = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT file FROM s3_garbage WHERE file > ? ORDER BY file LIMIT ?")) {
                select.setString(1, after);
                select.setInt(2, BATCH);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        names.add(rows.getString(1));
                    }
                }
            }
            return names;
        });
    }

    private static boolean forget(Transaction transaction, List<String> names) throws SQLException {
        try (PreparedStatement delete =
                transaction.connection().prepareStatement("DELETE FROM s3_garbage WHERE file = ?")) {
            for (String name : names) {
                delete.setString(1, name);
                delete.executeUpdate();
            }
        }
        return true;
    }

    /** Starts to remove what is noted and what processes left that are gone. */
    void start() {
        removals.enqueue(ALL);
        database.replicas().whileLeading(() -> removals.enqueue(LEFT));
    }

    private void step(String key) {
        if (key.equals(LEFT)) {
            sweep();
        } else if (database.shared()) {
            removeInTurn();
            removals.enqueueAfter(key, GRACE);
        } else {
            remove();
        }
    }

    /** Removes what was noted at the last turn already. */
    void removeInTurn() {
        if (!database.replicas().leads()) {
            waiting = Set.of();
            return;
        }
        Set<String> still = new HashSet<>();
        remove(name -> {
            boolean due = waiting.contains(name);
            if (!due) {
                still.add(name);
            }
            return due;
        });
        waiting = still;
    }

    /** Has new files be of another start, because this process's was ended. Returns at once. */
    void beginAgain(long ended) {
        Thread.ofVirtual()
                .name("s3-start")
                .start(() -> files.beginAgain(
                        ended,
                        () -> database.write(transaction -> StartTable.begin(
                                transaction, database.replicas().self()))));
    }

    /** Removes the files that no row names of starts that have ended: who wrote them was killed before it came to say so. */
    void sweep() {
        Set<String> alive = database.replicas().alive();
        Set<Long> goingOn = database.write(transaction -> StartTable.endUnless(transaction, alive));
        files.ended(goingOn).forEach(this::sweep);
    }

    private void sweep(Path ended) {
        try (Stream<Path> found = Files.walk(ended)) {
            for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                String name = files.name(file);
                if (!database.read(connection -> FileTable.names(connection, name))) {
                    files.delete(name);
                }
            }
            files.markSwept(ended);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        removals.close();
    }
}

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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Removes the files that no row names any more: those of the table of garbage, and what a crash left. */
final class Garbage implements AutoCloseable {
    private static final String ALL = "all";
    private static final String LEFT = "left";
    private static final int BATCH = 500;

    private final Database database;
    private final ContentFiles files;
    private final Reconciler<String> removals = new Reconciler<>("s3-garbage", this::step);

    Garbage(Database database, ContentFiles files) {
        this.database = database;
        this.files = files;
    }

    /** Has what the transaction notes as garbage removed once it is durable. */
    void after(Transaction transaction) {
        transaction.afterCommit(() -> removals.enqueue(ALL));
    }

    /** Removes what is noted now. What somebody still reads stays noted, and is removed when they end or next time. */
    void remove() {
        String after = "";
        for (List<String> batch = noted(after); !batch.isEmpty(); batch = noted(after)) {
            List<String> removed = batch.stream().filter(files::delete).toList();
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

    /** Starts to remove what is noted and what earlier starts of the process left. */
    void start() {
        removals.enqueue(ALL);
        removals.enqueue(LEFT);
    }

    private void step(String key) {
        if (key.equals(LEFT)) {
            files.ended().forEach(this::sweep);
        } else {
            remove();
        }
    }

    /** Removes the files of one start that no row names: a process that was killed wrote them and did not come to say so. */
    void sweep(Path ended) {
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

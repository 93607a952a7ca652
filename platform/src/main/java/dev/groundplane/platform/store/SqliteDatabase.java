package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.UnaryOperator;
import org.sqlite.SQLiteConfig;

/**
 * SQLite in WAL mode with {@code synchronous=FULL}: a write that has returned survives kill -9 and power loss.
 *
 * <p>SQLite has one writer at a time, so all writes go through one thread that commits whatever is waiting as a group
 * ({@link GroupCommit}). Reads run on the callers' threads, each on a pooled connection with a snapshot of its own.
 */
public final class SqliteDatabase implements Database {
    private static final int READERS = 8;

    private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
    private final Replicas replica = new SoleReplica();
    private final GroupCommit writer;
    private volatile boolean closed;

    /**
     * Opens the database, creating the file (readable by its owner only) and applying missing migrations.
     *
     * @throws GroundplaneException when the file cannot be opened or was written by a newer release
     */
    public SqliteDatabase(Path file, List<Migration> migrations) {
        try {
            SqliteLibrary.provide(file.toAbsolutePath().resolveSibling("native"));
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Connection connection = open(file, false);
            Schema.migrate(connection, migrations, UnaryOperator.identity());
            for (int i = 0; i < READERS; i++) {
                readers.add(open(file, true));
            }
            writer = new GroupCommit(new SqliteWriter(connection));
        } catch (SQLException | IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot open the database %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Connection open(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.setCacheSize(-4096); // KiB per connection
        // What undoes a savepoint is a few pages; SQLite would make a file for them within each larger transaction.
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setGetGeneratedKeys(false); // the driver would ask for them after each INSERT
        Connection connection = new KeepingConnection(file, config);
        if (readOnly) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only = true");
            }
            connection.setAutoCommit(false); // a read of several statements sees one snapshot
        }
        return connection;
    }

    @Override
    public <R> R read(SqlFunction<R> query) {
        Connection connection = borrow();
        try {
            return query.apply(connection);
        } catch (SQLException e) {
            throw failure("read", e);
        } finally {
            giveBack(connection);
        }
    }

    /** Ends the snapshot, however the read ended: the next one must not see it. */
    private void giveBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw failure("read", e);
        } finally {
            readers.add(connection);
        }
    }

    private Connection borrow() {
        if (closed) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "the database is closed");
        }
        return take();
    }

    private Connection take() {
        try {
            return readers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "interrupted while waiting for a connection", e);
        }
    }

    @Override
    public <R> R write(Work<R> work) {
        return writer.write(work);
    }

    @Override
    public void writeLater(Work<?> work) {
        writer.writeLater(work);
    }

    @Override
    public void observe(CommitObserver observer) {
        writer.observe(observer);
    }

    @Override
    public int waiting() {
        return writer.waiting();
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Replicas replicas() {
        return replica;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        writer.close();
        for (int i = 0; i < READERS; i++) {
            try {
                take().close();
            } catch (SQLException e) {
                throw failure("close", e);
            }
        }
    }

    static GroundplaneException failure(String what, SQLException e) {
        // SQLITE_FULL; the message alone does not tell people what to do.
        boolean full = e.getErrorCode() == 13;
        return new GroundplaneException(
                full ? ErrorKind.INSUFFICIENT_RESOURCES : ErrorKind.INTERNAL_ERROR,
                "database %s failed: %s%s".formatted(what, e.getMessage(), full ? "; free disk space" : ""),
                e);
    }
}

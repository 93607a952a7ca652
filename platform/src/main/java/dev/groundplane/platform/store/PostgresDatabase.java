package dev.groundplane.platform.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.jdbc.PgConnection;

/**
 * A PostgreSQL database, which several processes may share. Writes go through one session of each process, in groups, and
 * every group has a lock that all processes contend for: a transaction is alone, as in SQLite. Reads run on the callers'
 * threads, each on a pooled connection with a snapshot of its own.
 */
public final class PostgresDatabase implements Database {
    private static final int READERS = 16;
    private static final int IDLE_READERS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HikariDataSource readers;
    private final PostgresReplicas replicas;
    private final GroupCommit writer;
    private volatile boolean closed;

    /**
     * Opens the database and applies missing migrations.
     *
     * @param events is told what other processes change
     * @throws GroundplaneException when it cannot be opened or was written by a newer release
     */
    public PostgresDatabase(PostgresServer server, List<Migration> migrations, Events events) {
        PostgresLocks locks = prepare(server, migrations);
        try {
            readers = pool(server);
        } catch (PoolInitializationException e) {
            throw unusable(server, e);
        }
        replicas = new PostgresReplicas(server, locks, events, () -> read(locks::processes));
        writer = new GroupCommit(new PostgresWriter(server, locks, replicas.self()));
        try {
            if (!replicas.start(PATIENCE)) {
                close();
                throw new GroundplaneException(
                        ErrorKind.EXTERNAL, "no second session with the database %s".formatted(server.address()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "interrupted while opening the database", e);
        }
    }

    /** Checks what the server is and brings the schema up to date, one process after the other. */
    private static PostgresLocks prepare(PostgresServer server, List<Migration> migrations) {
        try (PgConnection connection = server.connect()) {
            String encoding = encoding(connection);
            if (!encoding.equals("UTF8")) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR,
                        "the database %s has the encoding %s; make one with: createdb -E UTF8 -T template0"
                                .formatted(server.address(), encoding));
            }
            PostgresLocks locks = PostgresLocks.of(connection);
            locks.take(connection, PostgresLocks.WRITER);
            Schema.migrate(connection, migrations, PostgresDialect::of);
            return locks;
        } catch (SQLException e) {
            throw unusable(server, e);
        }
    }

    private static String encoding(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_encoding")) {
            row.next();
            return row.getString(1);
        }
    }

    private static HikariDataSource pool(PostgresServer server) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("store-readers");
        config.setJdbcUrl(server.url());
        config.setDataSourceProperties(server.properties());
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(IDLE_READERS);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setReadOnly(true);
        config.setAutoCommit(false); // a read of several statements sees one snapshot
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        return new HikariDataSource(config);
    }

    private static GroundplaneException unusable(PostgresServer server, Exception cause) {
        return new GroundplaneException(
                ErrorKind.EXTERNAL,
                "cannot open the database %s: %s".formatted(server.address(), cause.getMessage()),
                cause);
    }

    @Override
    public <R> R read(SqlFunction<R> query) {
        if (closed) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "the database is closed");
        }
        try {
            return attempt(query);
        } catch (SQLException e) {
            // The pool has tried for a while when it says that it has no session to give.
            if (!PostgresFailures.away(e) || e instanceof SQLTransientConnectionException) {
                throw PostgresFailures.of("read", e);
            }
        }
        // The server may be back already, and only the sessions from before be broken. A read can be made again.
        readers.getHikariPoolMXBean().softEvictConnections();
        try {
            return attempt(query);
        } catch (SQLException e) {
            throw PostgresFailures.of("read", e);
        }
    }

    /** Given back, a connection ends its snapshot, however the read ended. */
    private <R> R attempt(SqlFunction<R> query) throws SQLException {
        try (Connection connection = readers.getConnection()) {
            return query.apply(connection);
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
        return true;
    }

    @Override
    public Replicas replicas() {
        return replicas;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        writer.close();
        closed = true;
        replicas.close();
        readers.close();
    }
}

package dev.groundplane.platform.store;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.ResourceChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session that writes for this process. Every transaction takes the installation's writer lock first, so that it is
 * alone among those of all processes, and sees what they have committed. Once for a group, which makes it cheap. A session
 * that breaks is replaced by the next transaction.
 */
final class PostgresWriter implements WriterConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);

    private final PostgresServer server;
    private final PostgresLocks locks;
    private final String process;
    private @Nullable PgConnection connection;

    /** @param process whose changes these are */
    PostgresWriter(PostgresServer server, PostgresLocks locks, String process) {
        this.server = server;
        this.locks = locks;
        this.process = process;
    }

    @Override
    public Connection begin() throws SQLException {
        PgConnection kept = connection;
        if (kept != null) {
            try {
                return lock(kept);
            } catch (SQLException e) {
                // Nothing has been done on it yet, so another session is as good.
                LOG.info("the session that writes has ended and is replaced: {}", e.getMessage());
                discard(kept);
            }
        }
        PgConnection fresh = open();
        connection = fresh;
        return lock(fresh);
    }

    private Connection lock(PgConnection session) throws SQLException {
        locks.takeForTransaction(session, PostgresLocks.WRITER);
        return session;
    }

    private PgConnection open() throws SQLException {
        PgConnection fresh = server.connect();
        try (Statement statement = fresh.createStatement()) {
            // A process that stands still while it has the lock must not keep the others from writing.
            statement.execute("SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '30s';"
                    + " SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') = 'off'");
        }
        // Each statement sees what is committed, and with the lock nothing else is committed meanwhile.
        fresh.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        fresh.setAutoCommit(false);
        return fresh;
    }

    @Override
    public void commit(Set<ResourceChange> changes) throws SQLException {
        PgConnection open = open(connection);
        if (!changes.isEmpty()) {
            try (PreparedStatement notify = open.prepareStatement("SELECT pg_notify(?, ?)")) {
                for (String text : ChangeNotice.texts(process, changes)) {
                    notify.setString(1, locks.channel());
                    notify.setString(2, text);
                    notify.execute();
                }
            }
        }
        open.commit();
    }

    private static PgConnection open(@Nullable PgConnection connection) throws SQLException {
        if (connection == null) {
            throw new SQLException("no transaction is open", "25000");
        }
        return connection;
    }

    @Override
    public void rollback() {
        PgConnection broken = connection;
        if (broken != null) {
            try {
                broken.rollback();
            } catch (SQLException e) {
                LOG.debug("nothing to roll back: {}", e.getMessage());
                discard(broken);
            }
        }
    }

    private void discard(PgConnection broken) {
        connection = null;
        try {
            broken.close();
        } catch (SQLException e) {
            LOG.debug("a broken session did not close: {}", e.getMessage());
        }
    }

    @Override
    public GroundplaneException failure(String what, SQLException cause) {
        return PostgresFailures.of(what, cause);
    }

    @Override
    public void close() throws SQLException {
        PgConnection last = connection;
        if (last != null) {
            last.close();
        }
    }
}

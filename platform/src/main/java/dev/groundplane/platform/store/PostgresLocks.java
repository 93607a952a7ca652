package dev.groundplane.platform.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * The installation's advisory locks: the writer's, the leader's, and one by which each process shows that it is alive. The
 * server releases them when their session ends, however it ends.
 *
 * @param installation tells installations apart that have schemas of their own in one database
 */
record PostgresLocks(int installation) {
    /** Held by whoever writes, for one transaction. */
    static final int WRITER = 1;
    /** Held by the process that leads, for as long as its session lasts. */
    static final int LEADER = 2;
    /** Processes' own numbers begin above. */
    static final int FIRST_PROCESS = 1_000;

    static PostgresLocks of(Connection connection) throws SQLException {
        return new PostgresLocks(("groundplane " + connection.getSchema()).hashCode() & Integer.MAX_VALUE);
    }

    /** The channel on which processes tell each other of changes. */
    String channel() {
        return "groundplane_" + installation;
    }

    /** Waits until this session has the lock. */
    void take(Connection connection, int lock) throws SQLException {
        call(connection, "SELECT pg_advisory_lock(?, ?)", lock);
    }

    /** Waits until this transaction has the lock. */
    void takeForTransaction(Connection connection, int lock) throws SQLException {
        call(connection, "SELECT pg_advisory_xact_lock(?, ?)", lock);
    }

    private void call(Connection connection, String sql, int lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, installation);
            select.setInt(2, lock);
            select.execute();
        }
    }

    /** The numbers of the processes that are alive. */
    Set<String> processes(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT l.objid::bigint FROM pg_locks l"
                + " JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()"
                + " WHERE l.locktype = 'advisory' AND l.classid::bigint = ? AND l.objid::bigint >= ? AND l.granted")) {
            select.setLong(1, installation);
            select.setLong(2, FIRST_PROCESS);
            Set<String> alive = new HashSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    alive.add(rows.getString(1));
                }
            }
            return alive;
        }
    }
}

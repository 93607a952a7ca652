package dev.groundplane.platform.store;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection that keeps its prepared statements: one that is closed waits for the next who prepares the same SQL, because
 * SQLite takes longer to compile a statement than to run it. Used by one thread at a time. Closing it ends them all.
 */
final class KeepingConnection extends JDBC4Connection {
    /** How many wait at the most; a few KB each. SQL that is put together from parts must not gather here. */
    private static final int MOST_WAITING = 64;

    /** By SQL, the one that was used last at the end. */
    private final SequencedMap<String, Kept> waiting = new LinkedHashMap<>();

    KeepingConnection(Path file, SQLiteConfig config) throws SQLException {
        super("jdbc:sqlite:" + file, file.toString(), config.toProperties());
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        @Nullable Kept kept = waiting.remove(sql);
        if (kept == null) {
            return new Kept(sql);
        }
        kept.inUse = true;
        return kept;
    }

    /** Ends whatever there is no room for. */
    private void keep(String sql, Kept statement) throws SQLException {
        @Nullable Kept twin = waiting.put(sql, statement);
        if (twin != null) {
            twin.end();
        } else if (waiting.size() > MOST_WAITING) {
            waiting.pollFirstEntry().getValue().end();
        }
    }

    private final class Kept extends JDBC4PreparedStatement {
        private final String text;
        private boolean inUse = true;

        Kept(String text) throws SQLException {
            super(KeepingConnection.this, text);
            this.text = text;
        }

        /** Forgets results and parameters, and waits. */
        @Override
        public void close() throws SQLException {
            if (!inUse) {
                return;
            }
            inUse = false;
            rs.close();
            clearBatch();
            clearParameters();
            keep(text, this);
        }

        private void end() throws SQLException {
            super.close();
        }
    }
}

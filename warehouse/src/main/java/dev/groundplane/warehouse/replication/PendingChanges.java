package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Changes that were taken from the stream and are not written to the engine yet. For one thread. */
final class PendingChanges {
    /** So many changes are kept in memory; then they are written, and a long transaction of the source goes on. */
    private static final int LONGEST_BATCH = 20_000;
    /** The same, of their bytes as the source sent them; in memory they are some times as large. */
    private static final long LARGEST_BATCH = 16L << 20;

    private final EngineSession engine;
    private final Map<Integer, Of> byTable = new LinkedHashMap<>();
    private final Map<Integer, TableWriter> writers = new HashMap<>();
    private int count;
    private long size;
    private boolean full;

    PendingChanges(EngineSession engine) {
        this.engine = engine;
    }

    private record Of(SourceTable table, TableChanges changes) {}

    /** A table cannot be followed any more as it is; nothing of the transactions is applied that were not committed. */
    static final class Unfollowable extends Exception {
        private static final long serialVersionUID = 1L;

        private final int table;

        private Unfollowable(int table, String reason, Throwable cause) {
            super(reason, cause);
            this.table = table;
        }

        int table() {
            return table;
        }
    }

    /**
     * One more change.
     *
     * @param table as its rows come from the source now
     * @param bytes of the change
     */
    void add(SourceTable table, Consumer<TableChanges> change, int bytes) throws SQLException, Unfollowable {
        change.accept(byTable.computeIfAbsent(table.id(), _ -> new Of(table, new TableChanges(table.keyPlaces())))
                .changes);
        count++;
        size += bytes;
        if (count >= LONGEST_BATCH || size >= LARGEST_BATCH) {
            full = true;
            write();
        }
    }

    /** Whether so much came since the last commit that it should be committed, at the end of a transaction. */
    boolean isFull() {
        return full;
    }

    /** A table's changes are of no use any more. */
    void forget(int table) {
        byTable.remove(table);
    }

    /** Writes all, in the engine's transaction, which begins with that if there is none. */
    void write() throws SQLException, Unfollowable {
        if (byTable.isEmpty()) {
            return;
        }
        if (!engine.inTransaction()) {
            engine.begin();
        }
        for (var one : byTable.values()) {
            try {
                writer(one.table).write(one.changes);
            } catch (SQLException e) {
                throw new Unfollowable(one.table.id(), BadValue.reason(e).orElseThrow(() -> e), e);
            }
        }
        byTable.clear();
        count = 0;
        size = 0;
    }

    private TableWriter writer(SourceTable table) {
        var writer = writers.get(table.id());
        if (writer == null || !writer.isOf(table)) {
            writer = new TableWriter(engine, table);
            writers.put(table.id(), writer);
        }
        return writer;
    }

    /** All is committed. */
    void committed() {
        full = false;
    }
}

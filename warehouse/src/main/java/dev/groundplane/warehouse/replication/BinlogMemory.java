package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.LogTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What is known of a source as long as its connection lasts, while its log is read from one place or another. For one thread. */
final class BinlogMemory {
    private final BinlogCharacters characters = new BinlogCharacters();
    private final Map<String, LogTable> mismatched = new HashMap<>();
    private final Map<String, Set<String>> prepared = new HashMap<>();
    private long exactFrom;

    BinlogCharacters characters() {
        return characters;
    }

    /** Tables that the log had with other columns than the catalog, as it had them. */
    Map<String, LogTable> mismatched() {
        return mismatched;
    }

    /** The tables that XA transactions have changed which were prepared, by the names of these. */
    Map<String, Set<String>> prepared() {
        return prepared;
    }

    /** Before this position, changes may be in a table's copy already. */
    long exactFrom() {
        return exactFrom;
    }

    /** Copies may have what is before a position. */
    void exactFrom(long position) {
        exactFrom = Math.max(exactFrom, position);
    }
}

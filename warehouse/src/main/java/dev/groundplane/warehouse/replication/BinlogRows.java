package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.BinlogEvent;
import dev.groundplane.warehouse.replication.binlog.ColumnReader;
import dev.groundplane.warehouse.replication.binlog.LogTable;
import dev.groundplane.warehouse.replication.pgoutput.Tuple;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the log's rows of tables as these are known. For one thread. */
final class BinlogRows {
    private static final BitSet ALL_TOLD = new BitSet();

    private final BinlogCharacters characters;
    private final Map<String, LogTable> mismatched;
    private final Map<Integer, Announced> announced = new HashMap<>();

    /** @param mismatched tables that the log had with other columns than were known, as it had them */
    BinlogRows(BinlogCharacters characters, Map<String, LogTable> mismatched) {
        this.characters = characters;
        this.mismatched = mismatched;
    }

    /** A table as the log announced it last, with what reads its rows. */
    private record Announced(LogTable log, SourceTable table, List<ColumnReader> readers) {}

    /** Rows cannot be read as those of the table that is known. */
    static final class UnreadException extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean again;

        private UnreadException(String reason, boolean again) {
            super(reason);
            this.again = again;
        }

        /** Whether it was so before the table was copied again, too, which has not helped. */
        boolean isAgain() {
            return again;
        }
    }

    /**
     * The changes of an event to a table's rows, in their order.
     *
     * @param exact whether the target's rows are those from before the event, and not perhaps from after it
     */
    List<Consumer<TableChanges>> read(SourceTable table, BinlogEvent.Rows event, boolean exact) throws UnreadException {
        var changes = new ArrayList<Consumer<TableChanges>>();
        try {
            event.table()
                    .rows(
                            event,
                            readers(table, event.table()),
                            (row, next) -> changes.add(change(event.kind(), row, next, exact)));
        } catch (LogTable.PartialRows e) {
            throw new UnreadException(
                    "the source's log has parts of its rows alone; binlog_row_image must be FULL", false);
        }
        return changes;
    }

    private static Consumer<TableChanges> change(
            BinlogEvent.Kind kind,
            List<@Nullable String> values,
            @Nullable List<@Nullable String> next,
            boolean exact) {
        var row = new Tuple(values, ALL_TOLD);
        return switch (kind) {
            // A row that may be there already is put in the place of itself.
            case INSERTED -> exact ? changes -> changes.insert(row) : changes -> changes.update(null, row);
            case UPDATED -> {
                var updated = new Tuple(Objects.requireNonNull(next), ALL_TOLD);
                yield exact
                        ? changes -> changes.update(row, updated)
                        : changes -> {
                            changes.delete(row);
                            changes.update(null, updated);
                        };
            }
            case DELETED -> changes -> changes.delete(row);
        };
    }

    private List<ColumnReader> readers(SourceTable table, LogTable now) throws UnreadException {
        var known = announced.get(table.id());
        if (known != null && known.table().equals(table) && known.log().equals(now)) {
            return known.readers();
        }
        var readers = BinlogTable.of(table).readers(now, characters);
        if (readers.isEmpty()) {
            throw new UnreadException(
                    now.names().isEmpty()
                            ? "the source's log does not name its columns; binlog_row_metadata must be FULL"
                            : "the source's log has other columns of it than the catalog: " + now.names(),
                    now.equals(mismatched.put(now.name(), now)));
        }
        mismatched.remove(now.name());
        announced.put(table.id(), new Announced(now, table, readers.get()));
        return readers.get();
    }
}

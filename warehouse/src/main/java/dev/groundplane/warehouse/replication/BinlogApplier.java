package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.AppliedChanges.Kind;
import dev.groundplane.warehouse.replication.PendingChanges.Unfollowable;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.replication.ServerLog.Place;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Begin;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Begun;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.End;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Passed;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Rotated;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Statement;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Unreadable;
import dev.groundplane.warehouse.replication.binlog.BinlogStream.LostException;
import dev.groundplane.warehouse.replication.binlog.SchemaChange;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what a log has to the target: groups of changes as wholes and in their order, several of them in one transaction of the target
 * if they come fast, which also writes down how far it goes. What a table became by a statement is not read from that: it is copied again,
 * but for what empties it. For one thread.
 */
final class BinlogApplier {
    private static final Logger log = LoggerFactory.getLogger(BinlogApplier.class);
    /** So much of the log may be read once more because nothing of it was of concern; another file is always more. */
    private static final long LONGEST_BEHIND_BYTES = 16L << 20;

    private final EngineSession engine;
    private final ReplicationState state;
    private final BinlogSource source;
    private final BinlogMemory memory;
    private Map<Integer, Table> tables;
    private final Map<String, Table> byName = new HashMap<>();
    private final BinlogRows rows;
    private final PendingChanges changes;
    private final AppliedChanges applied;
    private final Set<Integer> changedInGroup = new HashSet<>();
    private final Set<String> preparedInGroup = new HashSet<>();

    private Place reached;
    private long written;
    private @Nullable Begin group;
    private long committedMillis;
    /** Whether there is something to commit besides the place. */
    private boolean pending;
    /** Whether a group of concern has ended since the last commit. */
    private boolean committed;

    private boolean mayHaveOthers;

    /** @param state where all that is read and written down */
    BinlogApplier(EngineSession engine, ReplicationState state, BinlogSource source, BinlogMemory memory)
            throws SQLException {
        this.engine = engine;
        this.state = state;
        this.source = source;
        this.memory = memory;
        this.rows = new BinlogRows(memory.characters(), memory.mismatched());
        this.changes = new PendingChanges(engine);
        this.applied = new AppliedChanges(engine);
        this.reached = new Place(state.followed().position(), ServerLog.mark(source, state.place()));
        this.written = reached.position();
        this.tables = state.tables();
        index();
    }

    /** Up to where all was taken; it is committed in the target unless something is pending. */
    Place reached() {
        return reached;
    }

    /** How long ago the last transaction that was taken was committed at the source. */
    long lagMillis() {
        return Math.max(0, System.currentTimeMillis() - committedMillis);
    }

    /** Whether there is something that {@link #commit} would commit. */
    boolean isPending() {
        return pending || applied.isDue() || reached.position() - written > LONGEST_BEHIND_BYTES;
    }

    /** Whether no group's changes are under way. */
    boolean isBetweenGroups() {
        return group == null;
    }

    /** Whether so much waits that it should be committed, at the end of a group. */
    boolean isFull() {
        return changes.isFull();
    }

    /** All tables that are known. */
    Collection<Table> tables() {
        return tables.values();
    }

    /** Whether there is a table whose changes are applied. */
    boolean followsAny() {
        return tables.values().stream().anyMatch(table -> table.state() == TableState.SYNCED);
    }

    /** Whether tables may have been made, altered or dropped since {@link #look}. */
    boolean mayHaveOthers() {
        return mayHaveOthers;
    }

    /** Looks again at which tables are known; nothing is pending. */
    void look() throws SQLException {
        tables = state.tables();
        mayHaveOthers = false;
        index();
    }

    private void index() {
        byName.clear();
        tables.values().forEach(table -> byName.put(table.source().name(), table));
    }

    /** A table's rows are to be copied before its next change is applied; there is no group under way. */
    void copyAgain(int id) throws SQLException {
        var table = tables.get(id);
        if (table != null) {
            copyAgain(table, "ALTER DATABASE ... INTEGRATION REFRESH");
        }
    }

    /**
     * Takes the log's next event, of so many bytes.
     *
     * @throws LostException when it is another log than it was
     */
    void take(BinlogEvent event, int bytes) throws SQLException, Unfollowable, LostException {
        switch (event) {
            case Begin begin -> {
                group = begin;
                changedInGroup.clear();
                preparedInGroup.clear();
            }
            case BinlogEvent.Rows changed -> rows(changed, bytes);
            case Statement(var database, var text) -> statement(database, text, bytes);
            case Unreadable(var what) -> unknown(what);
            case End end -> end(end);
            case Rotated(var position) -> passed(position, reached.mark().rotated());
            case Begun(var seconds) ->
                reached = new Place(reached.position(), reached.mark().in(seconds));
            case Passed(var position) -> passed(position, reached.mark());
        }
    }

    private void passed(long position, LogMark mark) {
        if (group == null && position > reached.position()) {
            reached = new Place(position, mark);
        }
    }

    private void end(End end) throws SQLException {
        var ended = group;
        group = null;
        if (ended == null) {
            return;
        }
        if (end.rolledBack() && !ended.prepared()) { // what it had written was the engine's already
            changedCopiedAgain("the source rolled a part of a transaction back");
        }
        reached = new Place(end.position(), reached.mark().after(ended));
        if (!changedInGroup.isEmpty()) {
            committedMillis = end.millis();
            committed = true;
        }
    }

    private void rows(BinlogEvent.Rows event, int bytes) throws SQLException, Unfollowable {
        if (!event.table().database().equals(source.database())) {
            return;
        }
        var begun = group;
        if (begun != null && begun.prepared()) {
            // Nothing tells yet whether that will be; who commits it later has the table copied again.
            preparedInGroup.add(event.table().name());
            return;
        }
        var table = followed(event.table().name());
        if (table == null) {
            return;
        }
        var kind = kind(event.kind());
        try {
            var read = rows.read(table.source(), event, begun != null && begun.position() >= memory.exactFrom());
            changedInGroup.add(table.source().id());
            pending = true;
            var size = bytes / Math.max(1, read.size());
            for (var change : read) {
                applied.count(table.source(), kind, size);
                changes.add(table.source(), change, size);
            }
        } catch (BinlogRows.UnreadException e) {
            log.warn(
                    "{}.{} is not followed as it was: {}",
                    source.database(),
                    table.source().name(),
                    e.getMessage());
            var state = e.isAgain() ? TableState.FAILED : TableState.RESYNC_REQUIRED;
            put(new Table(state, String.valueOf(e.getMessage()), table.position(), table.source()));
        }
    }

    private static Kind kind(BinlogEvent.Kind kind) {
        return switch (kind) {
            case INSERTED -> Kind.INSERTED;
            case UPDATED -> Kind.UPDATED;
            case DELETED -> Kind.DELETED;
        };
    }

    /** The table if the present group's changes to it are to be applied; null if they are here already, or never will be. */
    private @Nullable Table followed(String name) {
        var table = byName.get(name);
        return table == null || table.state() != TableState.SYNCED || !isNew(table) ? null : table;
    }

    /** Whether the present group is behind what was copied of a table. */
    private boolean isNew(Table table) {
        return group != null && group.position() >= table.position();
    }

    private void statement(String database, String text, int bytes) throws SQLException, Unfollowable {
        switch (SchemaChange.of(database, text)) {
            case SchemaChange.None() -> {}
            case SchemaChange.Altered(var names) -> {
                for (var name : names) {
                    altered(name);
                }
            }
            case SchemaChange.MadeIfMissing(var name) -> {
                if (!byName.containsKey(name.table())) {
                    altered(name);
                }
            }
            case SchemaChange.Truncated(var name) -> truncated(name, bytes);
            case SchemaChange.RolledBackTo() -> changedCopiedAgain("the source rolled a part of a transaction back");
            case SchemaChange.PreparedEnded(var transaction) -> {
                if (group != null && group.prepared()) {
                    memory.prepared().put(transaction, Set.copyOf(preparedInGroup));
                }
            }
            case SchemaChange.PreparedCommitted(var transaction) -> {
                var names = memory.prepared().remove(transaction);
                if (names == null) {
                    unknown("an XA transaction from before");
                } else {
                    copyAgain(names, "an XA transaction changed it");
                }
            }
            case SchemaChange.Unknown() ->
                unknown("the statement " + text.strip().split("\\s", 2)[0]); // the rest may have secrets
        }
    }

    private void altered(SchemaChange.Name name) throws SQLException {
        if (isOurs(name)) {
            copyAgain(name.table().isEmpty() ? Set.copyOf(byName.keySet()) : Set.of(name.table()), "it was altered");
            mayHaveOthers = true;
            pending = true;
        }
    }

    private void truncated(SchemaChange.Name name, int bytes) throws SQLException, Unfollowable {
        var table = isOurs(name) ? followed(name.table()) : null;
        if (table != null) {
            changes.add(table.source(), TableChanges::truncate, bytes);
            changedInGroup.add(table.source().id());
            pending = true;
        } else if (isOurs(name)) { // where names of another case are the same table
            altered(name);
        }
    }

    /** Statements may name a database in another case than the catalog, where that makes no difference. */
    private boolean isOurs(SchemaChange.Name name) {
        return name.database().equalsIgnoreCase(source.database());
    }

    private void unknown(String what) throws SQLException {
        log.warn("{} copies all of {} again: its log has {}", engine.database(), source, what);
        copyAgain(Set.copyOf(byName.keySet()), "the source's log has what is not understood: " + what);
        mayHaveOthers = true;
        pending = true;
    }

    private void changedCopiedAgain(String reason) throws SQLException {
        for (var id : changedInGroup) {
            var table = tables.get(id);
            if (table != null) {
                copyAgain(table, reason);
            }
        }
    }

    /** Has tables of these names copied again that the present group may have changed, in whichever case their names are. */
    private void copyAgain(Set<String> names, String reason) throws SQLException {
        for (var table : List.copyOf(byName.values())) {
            if (isNew(table)
                    && names.stream()
                            .anyMatch(
                                    name -> name.equalsIgnoreCase(table.source().name()))) {
                copyAgain(table, reason);
            }
        }
    }

    private void copyAgain(Table table, String reason) throws SQLException {
        put(new Table(TableState.RESYNC_REQUIRED, reason, table.position(), table.source()));
    }

    private void put(Table table) throws SQLException {
        begin();
        pending = true;
        mayHaveOthers |= table.state() == TableState.RESYNC_REQUIRED;
        state.put(table);
        tables.put(table.source().id(), table);
        byName.put(table.source().name(), table);
        changes.forget(table.source().id());
    }

    private void begin() throws SQLException {
        if (!engine.inTransaction()) {
            engine.begin();
        }
    }

    /**
     * Commits all groups that have been taken as wholes; there is none under way.
     *
     * @return whether there was one of concern
     */
    boolean commit() throws SQLException, Unfollowable {
        begin();
        changes.write();
        state.advance(reached.position(), committed ? TimeUnit.MILLISECONDS.toMicros(committedMillis) : 0);
        state.place(reached.mark().toString());
        var anyOfConcern = committed;
        committed = false;
        if (applied.isDue()) {
            applied.write(reached.position(), TimeUnit.MILLISECONDS.toMicros(committedMillis));
        }
        engine.end(true);
        changes.committed();
        written = reached.position();
        pending = false;
        return anyOfConcern;
    }

    /** Gives up what is not committed. Another applier goes on from there. */
    void rollback() throws SQLException {
        if (engine.inTransaction()) {
            engine.end(false);
        }
    }
}

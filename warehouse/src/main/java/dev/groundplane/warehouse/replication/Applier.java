package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.AppliedChanges.Kind;
import dev.groundplane.warehouse.replication.PendingChanges.Unfollowable;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Begin;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Commit;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Delete;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Emitted;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Insert;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Other;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Relation;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Truncate;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Update;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the source's changes to the target: transactions of the source as wholes and in their order, several of them in one of
 * the target if they come fast, each of which also writes down how far it goes. For one thread.
 */
final class Applier {
    private static final Logger log = LoggerFactory.getLogger(Applier.class);
    private static final long MICROS_FROM_1970_TO_2000 = 946_684_800_000_000L;

    private final EngineSession engine;
    private final ReplicationState state;
    private Map<Integer, Table> tables;
    private final PendingChanges changes;
    private final TableCopies copies;
    private final Source source;
    private final AppliedChanges applied;
    /** Tables that a copy may have made after the transaction began, which does not see them and drops none of them. */
    private final List<SourceTable> copied = new ArrayList<>();

    private long position;
    private long commitPosition;
    private long commitMicros;
    private boolean inTransaction;
    private boolean advanced;
    /** Whether a transaction of the source's has ended since the last commit. */
    private boolean committed;

    private boolean mayHaveOthers;
    private boolean doubtful;

    /**
     * @param state where all that is read and written down
     * @param copies of tables, which are given up when those are altered
     * @param source what is followed
     */
    Applier(EngineSession engine, ReplicationState state, TableCopies copies, Source source) throws SQLException {
        this.engine = engine;
        this.state = state;
        this.copies = copies;
        this.source = source;
        this.changes = new PendingChanges(engine);
        this.applied = new AppliedChanges(engine);
        this.tables = state.tables();
        this.position = state.followed().position();
    }

    /** Up to where all is committed in the target. */
    long position() {
        return position;
    }

    /** How long ago the last transaction that was taken was committed at the source. */
    long lagMillis() {
        return Math.max(0, System.currentTimeMillis() - commitMicros / 1000);
    }

    /** Whether there is something that {@link #commit} would commit. */
    boolean isPending() {
        return advanced || applied.isDue();
    }

    /** Whether no transaction's changes are under way. */
    boolean isBetweenTransactions() {
        return !inTransaction;
    }

    /** There is nothing for the target up to a position; there is no transaction under way. */
    void skip(long received) {
        position = received;
        advanced = true;
    }

    /** All tables that are known. */
    Collection<Table> tables() {
        return tables.values();
    }

    /** Whether tables were altered in a way that may have made others, since {@link #look}. */
    boolean mayHaveOthers() {
        return mayHaveOthers;
    }

    /** Looks again at which tables are known; nothing is pending. */
    void look() throws SQLException {
        tables = state.tables();
        mayHaveOthers = false;
    }

    /** Whether there is a table whose changes are applied. */
    boolean followsAny() {
        return tables.values().stream().anyMatch(table -> table.state() == TableState.SYNCED);
    }

    /** Follows a table from now on as a copy has left it; there is no transaction under way, nor anything pending. */
    void adopt(int id, TableCopy.Outcome outcome) throws SQLException {
        var table = tables.get(id);
        if (table == null) {
            return;
        }
        engine.atomically(() -> {
            switch (outcome) {
                case TableCopy.Outcome.Copied(var source, var reached, var extent) -> {
                    put(new Table(TableState.SYNCED, "", reached, source));
                    applied.copied(source, reached, extent);
                }
                case TableCopy.Outcome.Failed(var source, var reason) -> {
                    dropIfRenamed(table, source);
                    // What the stream tells of it, or of a table of its name, may be over with that.
                    put(new Table(TableState.FAILED, reason, table.position(), source));
                }
                case TableCopy.Outcome.Gone _ -> forget(table);
                case TableCopy.Outcome.Again _, TableCopy.Outcome.Broken _ -> {}
            }
        });
    }

    /** A table's rows are to be copied before its next change is applied; there is no transaction under way. */
    void copyAgain(int id) throws SQLException {
        var table = tables.get(id);
        if (table != null) {
            put(table, TableState.RESYNC_REQUIRED, "ALTER DATABASE ... INTEGRATION REFRESH");
            advanced = true;
        }
    }

    /** Whether tables have been announced that may be others than those that are known; asked once. */
    boolean isDoubtful() {
        var was = doubtful;
        doubtful = false;
        return was;
    }

    /** Whether so much waits that it should be committed, at the end of a transaction. */
    boolean isFull() {
        return changes.isFull();
    }

    /** Takes the source's next message, of so many bytes. */
    void take(LogicalMessage message, int bytes) throws SQLException, Unfollowable, InterruptedException {
        switch (message) {
            case Begin(var at, var micros) -> {
                inTransaction = true;
                commitPosition = at;
                commitMicros = micros + MICROS_FROM_1970_TO_2000;
            }
            case Commit(var end) -> {
                inTransaction = false;
                if (end > position) {
                    position = end;
                    advanced = true;
                    committed = true;
                }
            }
            case Relation relation -> relation(relation);
            case Insert(var table, var row) -> {
                change(table, rows -> rows.insert(row), Kind.INSERTED, bytes);
            }
            case Update(var table, var before, var row) -> {
                change(table, rows -> rows.update(before, row), Kind.UPDATED, bytes);
            }
            case Delete(var table, var before) -> {
                change(table, rows -> rows.delete(before), Kind.DELETED, bytes);
            }
            case Truncate(var truncated) -> {
                for (var id : truncated) {
                    var table = followed(id);
                    if (table != null) {
                        changes.add(table.source(), TableChanges::truncate, bytes);
                    }
                }
            }
            case Emitted emitted -> {
                var news = TableNews.of(emitted);
                if (news.isPresent() && commitPosition >= position) {
                    changes.write();
                    copied.addAll(copies.cancel(news.get()));
                    changed(news.get());
                }
            }
            case Other _ -> {}
        }
    }

    private void change(int id, Consumer<TableChanges> change, Kind kind, int bytes) throws SQLException, Unfollowable {
        var table = followed(id);
        if (table != null) {
            applied.count(table.source(), kind, bytes);
            changes.add(table.source(), change, bytes);
        }
    }

    /** The table if the present transaction's changes to it are to be applied; null if they are here already, or never will be. */
    private @Nullable Table followed(int id) {
        var table = tables.get(id);
        return table == null
                        || table.state() != TableState.SYNCED
                        || commitPosition < table.position()
                        || commitPosition < position
                ? null
                : table;
    }

    /** Rows come with the columns that a table has at the source. Without event triggers a difference is all that tells of it. */
    private void relation(Relation relation) throws SQLException {
        var table = tables.get(relation.table());
        doubtful = true; // a table is announced with its first change, and again after something about it has changed
        if (table == null) {
            log.debug("changes of {}.{} are not followed", relation.schema(), relation.name());
        } else if (followed(relation.table()) != null) {
            if (!table.source().names().equals(relation.columns())) {
                log.info("{}.{} was altered and is copied again", relation.schema(), relation.name());
                put(table, TableState.RESYNC_REQUIRED, "the source sends other columns: " + relation.columns());
            }
        }
    }

    private void changed(TableNews news) throws SQLException {
        switch (news) {
            case TableNews.Dropped(var id) -> dropped(id);
            case TableNews.Rewritten(var id) -> {
                var table = tables.get(id);
                if (table != null && commitPosition >= table.position()) {
                    put(table, TableState.RESYNC_REQUIRED, "its rows were written anew by ALTER TABLE");
                }
            }
            case TableNews.Changed(var now, var by) -> altered(now, by);
        }
    }

    private void dropped(int id) throws SQLException {
        for (var whole : List.copyOf(tables.values())) {
            if (whole.source().partitions().contains(id) && commitPosition >= whole.position()) {
                put(whole, TableState.RESYNC_REQUIRED, "a partition was dropped with its rows");
            }
        }
        var table = tables.get(id);
        if (table == null || commitPosition < table.position()) {
            return;
        }
        forget(table);
    }

    private void forget(Table table) throws SQLException {
        begin();
        new TableAlteration(engine).drop(table.source(), tables.values());
        state.remove(table.source().id());
        tables.remove(table.source().id());
        changes.forget(table.source().id());
    }

    /** @param by the tag of the command that did it */
    private void altered(SourceTable now, String by) throws SQLException {
        var table = tables.get(now.id());
        if (table != null && commitPosition < table.position()) {
            return;
        }
        begin();
        for (var partition : now.partitions()) {
            var joined = tables.get(partition);
            if (joined != null) { // its rows are this table's from now on
                forget(joined);
            }
        }
        if (!source.filter().includes(now)) {
            if (table != null) {
                forget(table);
            }
            mayHaveOthers = true; // as a partition that has left it
            return;
        }
        var hindrance = Followable.hindrance(now, tables.values());
        if (hindrance.isPresent()) {
            dropIfRenamed(table, now);
            put(new Table(TableState.FAILED, hindrance.get(), commitPosition, now));
        } else if (table == null && (source.publication().owners() || !by.startsWith("CREATE TABLE"))) {
            // The copy looks whether all of it may be read; and one that was not wanted under another name has rows.
            put(new Table(TableState.RESYNC_REQUIRED, "its rows are copied", commitPosition, now));
        } else if (table == null) {
            new TableAlteration(engine).create(now);
            put(new Table(TableState.SYNCED, "", commitPosition, now));
        } else if (table.state() == TableState.SYNCED
                && (by.equals("CREATE TABLE") || table.source().partitions().equals(now.partitions()))
                && new TableAlteration(engine).alter(table.source(), now)) {
            put(new Table(TableState.SYNCED, "", table.position(), now));
        } else {
            dropIfRenamed(table, now);
            put(new Table(TableState.RESYNC_REQUIRED, "it was altered", commitPosition, now));
        }
    }

    private void dropIfRenamed(@Nullable Table table, SourceTable now) throws SQLException {
        if (table != null && !table.source().isNamedAs(now)) {
            new TableAlteration(engine).drop(table.source(), tables.values());
        }
    }

    private void put(Table table, TableState next, String reason) throws SQLException {
        begin();
        put(new Table(next, reason, table.position(), table.source()));
    }

    private void put(Table table) throws SQLException {
        mayHaveOthers |= table.state() == TableState.RESYNC_REQUIRED;
        state.put(table);
        tables.put(table.source().id(), table);
        changes.forget(table.source().id());
    }

    private void begin() throws SQLException {
        if (!engine.inTransaction()) {
            engine.begin();
        }
    }

    /**
     * Commits all transactions of the source that have been taken as wholes; there is none under way.
     *
     * @return whether there was one
     */
    boolean commit() throws SQLException, Unfollowable {
        begin();
        changes.write();
        state.advance(position, committed ? commitMicros : 0);
        var anyOfSource = committed;
        committed = false;
        if (applied.isDue()) {
            applied.write(position, commitMicros);
        }
        engine.end(true);
        changes.committed();
        advanced = false;
        dropUnknownCopies();
        return anyOfSource;
    }

    private void dropUnknownCopies() throws SQLException {
        for (var table : copied) {
            var known = tables.get(table.id());
            if (known == null || !known.source().isNamedAs(table)) {
                new TableAlteration(engine).drop(table, tables.values());
                engine.redefine();
            }
        }
        copied.clear();
    }

    /** Gives up what is not committed. Another applier goes on from there. */
    void rollback() throws SQLException {
        if (engine.inTransaction()) {
            engine.end(false);
        }
    }
}

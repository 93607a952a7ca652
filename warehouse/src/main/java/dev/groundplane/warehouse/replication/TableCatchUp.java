package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.PendingChanges.Unfollowable;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Begin;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Commit;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Delete;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Emitted;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Insert;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Relation;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Truncate;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Update;
import java.sql.SQLException;
import java.util.function.Consumer;

/** Applies the changes of one table alone that came after its rows were copied. For one thread. */
final class TableCatchUp {
    private final EngineSession engine;
    private final SourceTable table;
    private final PendingChanges changes;
    private long position;
    private long commitPosition;
    private boolean inTransaction;

    /**
     * @param table as it was copied
     * @param position of the copy: what was committed before is in it
     */
    TableCatchUp(EngineSession engine, SourceTable table, long position) {
        this.engine = engine;
        this.table = table;
        this.position = position;
        this.changes = new PendingChanges(engine);
    }

    /** The table was altered, so that its rows have to be copied once more. */
    static final class Altered extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Whether no transaction's changes are under way. */
    boolean isBetweenTransactions() {
        return !inTransaction;
    }

    /** Whether so much waits that it should be committed, at the end of a transaction. */
    boolean isFull() {
        return changes.isFull();
    }

    /** Takes the source's next message, of so many bytes. */
    void take(LogicalMessage message, int bytes) throws SQLException, Unfollowable, Altered {
        switch (message) {
            case Begin begin -> {
                inTransaction = true;
                commitPosition = begin.commitPosition();
            }
            case Commit(var end) -> {
                inTransaction = false;
                position = Math.max(position, end);
            }
            case Relation relation -> {
                if (relation.table() == table.id()
                        && isNew()
                        && !relation.columns().equals(table.names())) {
                    throw new Altered();
                }
            }
            case Insert(var changed, var row) -> change(changed, rows -> rows.insert(row), bytes);
            case Update(var changed, var before, var row) -> change(changed, rows -> rows.update(before, row), bytes);
            case Delete(var changed, var before) -> change(changed, rows -> rows.delete(before), bytes);
            case Truncate(var truncated) -> {
                for (var changed : truncated) {
                    change(changed, TableChanges::truncate, bytes);
                }
            }
            case Emitted emitted -> {
                var news = TableNews.of(emitted);
                if (isNew() && news.isPresent() && news.get().concerns(table)) {
                    throw new Altered();
                }
            }
            case LogicalMessage.Other _ -> {}
        }
    }

    private boolean isNew() {
        return commitPosition >= position;
    }

    private void change(int changed, Consumer<TableChanges> change, int bytes) throws SQLException, Unfollowable {
        if (changed == table.id() && isNew()) {
            changes.add(table, change, bytes);
        }
    }

    /**
     * Commits all transactions of the source that have been taken as wholes; there is none under way.
     *
     * @return the position up to which all changes of the table are here
     */
    long commit() throws SQLException, Unfollowable {
        changes.write();
        if (engine.inTransaction()) {
            engine.end(true);
        }
        changes.committed();
        return position;
    }
}

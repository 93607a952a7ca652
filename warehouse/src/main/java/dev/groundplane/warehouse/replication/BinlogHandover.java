package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.replication.ServerLog.Place;
import dev.groundplane.warehouse.replication.TableCopy.Outcome;
import java.sql.SQLException;

/** Takes tables over from a copy, for whoever follows the log. For one thread. */
final class BinlogHandover {
    private final EngineSession engine;
    private final ReplicationState state;

    BinlogHandover(EngineSession engine, ReplicationState state) {
        this.engine = engine;
        this.state = state;
    }

    /**
     * Follows tables from now on as a copy has left them; nothing is pending.
     *
     * @param reached up to where in the log the other tables are
     * @return whether the log is to be read again from where the copy is, because that is before the place that was reached. Tables that
     *     are further take nothing twice: each knows its place.
     */
    boolean adopt(BinlogCopy.Result copied, Place reached) throws SQLException {
        var place = copied.place();
        var before = place.position() < reached.position();
        engine.atomically(() -> {
            for (var table : state.tables().values()) {
                var outcome = copied.outcomes().get(table.source().id());
                if (outcome != null && table.state() == TableState.RESYNC_REQUIRED) {
                    adopt(table, outcome, place.position());
                } else if (before) {
                    state.put(new Table(
                            table.state(),
                            table.reason(),
                            Math.max(table.position(), reached.position()),
                            table.source()));
                }
            }
            if (before) {
                state.advance(place.position(), 0);
                state.place(place.mark().toString());
            }
        });
        return before;
    }

    private void adopt(Table table, Outcome outcome, long position) throws SQLException {
        switch (outcome) {
            case Outcome.Copied(var copy, var _, var extent) -> {
                state.put(new Table(TableState.SYNCED, "", position, copy));
                new AppliedChanges(engine).copied(copy, position, extent);
            }
            case Outcome.Failed(var copy, var reason) ->
                state.put(new Table(TableState.FAILED, reason, table.position(), copy));
            case Outcome.Gone(), Outcome.Again(), Outcome.Broken(var _) -> {} // the catalog is looked at again
        }
    }
}

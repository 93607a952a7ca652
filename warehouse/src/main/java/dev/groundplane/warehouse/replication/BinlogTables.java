package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which tables are followed, compared with those that the source has now. Tables there have no identity but their names, so that one
 * of another name is another table. For one thread.
 */
final class BinlogTables {
    private final EngineSession engine;
    private final ReplicationState state;

    BinlogTables(EngineSession engine, ReplicationState state) {
        this.engine = engine;
        this.state = state;
    }

    /**
     * Has tables that are not known yet, and those that are others than they were, wait for a copy; those that are no more, or not wanted
     * any more, go.
     *
     * @param copying tables that are being copied, which are left alone
     */
    void compare(BinlogCatalog catalog, Set<Integer> copying) throws SQLException {
        var known = state.tables();
        var tables = catalog.tables(identifiers(known.values()));
        engine.atomically(() -> compare(tables, known, copying));
    }

    private static ToIntFunction<String> identifiers(Collection<Table> known) {
        var ids = new HashMap<String, Integer>();
        known.forEach(table -> ids.put(table.source().name(), table.source().id()));
        return name -> ids.computeIfAbsent(
                name,
                _ -> ids.values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1);
    }

    private void compare(List<SourceTable> tables, Map<Integer, Table> known, Set<Integer> copying)
            throws SQLException {
        var gone = new HashMap<>(known);
        tables.forEach(table -> gone.remove(table.id()));
        gone.keySet().removeAll(copying); // looked at again when that has ended
        for (var table : gone.values()) {
            known.remove(table.source().id());
            new TableAlteration(engine).drop(table.source(), known.values());
            state.remove(table.source().id());
        }
        for (var table : tables) {
            var former = known.get(table.id());
            var next = copying.contains(table.id()) ? former : next(former, table, known.values());
            if (next != null && !next.equals(former)) {
                state.put(next);
                known.put(table.id(), next);
            }
        }
    }

    private static Table next(@Nullable Table former, SourceTable table, Collection<Table> known) {
        if (former != null && former.state() != TableState.RESYNC_REQUIRED) {
            var isAsItWas = former.source().definition().equals(table.definition());
            var isFree = former.state() == TableState.FAILED
                    && Followable.isOfName(former.reason())
                    && Followable.nameTaken(table, known).isEmpty();
            if (isAsItWas && !isFree) {
                return former;
            }
        }
        var hindrance = hindrance(table, known);
        var position = former == null ? 0 : former.position();
        if (hindrance.isPresent()) {
            return new Table(TableState.FAILED, hindrance.get(), position, table);
        }
        var reason = former == null
                ? "its rows are copied"
                : former.state() == TableState.RESYNC_REQUIRED ? former.reason() : "it was altered";
        return new Table(TableState.RESYNC_REQUIRED, reason, position, table);
    }

    /**
     * Why a table is not followed; empty when it can be.
     *
     * @param all tables that are known
     */
    static Optional<String> hindrance(SourceTable table, Collection<Table> all) {
        return Optional.ofNullable(BinlogTable.of(table).hindrance())
                .or(() -> Followable.hindrance(table, new ArrayList<>(all)));
    }
}

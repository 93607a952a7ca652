package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which tables are followed, compared with those that the source has. For one thread. */
final class FollowedTables {
    private final EngineSession engine;
    private final ReplicationState state;

    /** Copies that go on. */
    interface Copies {
        /** Gives up those of all tables but these. */
        void keep(Collection<SourceTable> tables) throws InterruptedException;
    }

    FollowedTables(EngineSession engine, ReplicationState state) {
        this.engine = engine;
        this.state = state;
    }

    /**
     * Has tables that are not known yet, and those whose rows have to be copied, wait for that; forgets such that are no more. What is
     * altered from now on the stream tells; where it does not, because there are no event triggers, altered tables wait for a copy, too,
     * and those that are not sent any more are forgotten. Those that are not wanted any more go.
     *
     * @param catalog not in a transaction
     * @param copies of tables, which are given up when those are forgotten
     */
    void compare(SourceCatalog catalog, Source source, Copies copies) throws SQLException, InterruptedException {
        var publication = source.publication();
        var position = catalog.position();
        var tables = catalog.tables(publication);
        copies.keep(tables);
        var withheld = new HashMap<Integer, String>();
        if (publication.owners()) {
            for (var table : tables) {
                catalog.withheld(table, publication).ifPresent(reason -> withheld.put(table.id(), reason));
            }
        }
        engine.atomically(
                () -> compare(tables, publication, withheld, position, onlyWanted(source.filter(), state.tables())));
    }

    private Map<Integer, Table> onlyWanted(TableFilter filter, Map<Integer, Table> known) throws SQLException {
        for (var table : List.copyOf(known.values())) {
            if (!filter.includes(table.source())) {
                new TableAlteration(engine).drop(table.source(), known.values());
                state.remove(table.source().id());
                known.remove(table.source().id());
            }
        }
        return known;
    }

    private void compare(
            List<SourceTable> tables,
            Publication publication,
            Map<Integer, String> withheld,
            long position,
            Map<Integer, Table> known)
            throws SQLException {
        var gone = new HashMap<>(known);
        tables.forEach(table -> gone.remove(table.id()));
        gone.values()
                .removeIf(one -> publication.tellsAlterations() && !isMissing(one)); // the stream tells when it goes
        // What the stream tells of later still has the name that it has here; else names are those of now.
        var accepted = new ArrayList<Table>();
        if (publication.tellsAlterations()) {
            known.values().stream().filter(table -> !isMissing(table)).forEach(accepted::add);
        } else {
            for (var table : tables) {
                var former = known.get(table.id());
                if (former != null && !isMissing(former)) {
                    accepted.add(new Table(former.state(), former.reason(), former.position(), table));
                }
            }
        }
        var applied = state.followed().position();
        for (var table : tables) {
            var former = known.get(table.id());
            if (former == null || isMissing(former)) {
                var hindrance =
                        Followable.hindrance(table, accepted).or(() -> Optional.ofNullable(withheld.get(table.id())));
                if (hindrance.isPresent()) {
                    // The stream may have news of it, or of a table of its name, that is older than what the catalog
                    // says.
                    state.put(new Table(TableState.FAILED, hindrance.get(), Math.min(applied, position), table));
                } else if (former == null) {
                    var waiting = new Table(TableState.RESYNC_REQUIRED, "its rows are copied", position, table);
                    state.put(waiting);
                    accepted.add(waiting);
                } else {
                    accepted.add(new Table(former.state(), former.reason(), former.position(), table));
                }
            } else if (!publication.tellsAlterations()
                    && (!former.source().isShapedAs(table) || isFree(former, table, accepted))) {
                if (!former.source().isNamedAs(table)) { // another one may have the name now
                    new TableAlteration(engine).drop(former.source(), known.values());
                }
                state.put(new Table(TableState.RESYNC_REQUIRED, "it was altered", former.position(), table));
            }
        }
        for (var table : gone.values()) {
            new TableAlteration(engine).drop(table.source(), known.values());
            state.remove(table.source().id());
        }
    }

    /** Whether a table was not followed because of its name, which is its own now. */
    private static boolean isFree(Table former, SourceTable table, List<Table> accepted) {
        return former.state() == TableState.FAILED
                && Followable.isOfName(former.reason())
                && Followable.nameTaken(table, accepted).isEmpty();
    }

    private static boolean isMissing(Table known) {
        return known.state() == TableState.RESYNC_REQUIRED;
    }

    /** Removes tables of the target that are not known: copies made them that ended with the process. There are none under way. */
    void dropUnknown() throws SQLException {
        var known = state.tables().values();
        for (var row : engine.rows(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name <> ?",
                engine.database(),
                HiddenSchema.NAME)) {
            var schema = Objects.requireNonNull(row.get(0));
            var name = Objects.requireNonNull(row.get(1));
            if (known.stream()
                    .noneMatch(table -> table.source().schema().equalsIgnoreCase(schema)
                            && table.source().name().equalsIgnoreCase(name))) {
                engine.atomically(() -> {
                    engine.redefine();
                    engine.run("DROP TABLE %s.%s.%s"
                            .formatted(Names.quote(engine.database()), Names.quote(schema), Names.quote(name)));
                });
            }
        }
    }

    /** A table is not followed any more, for a reason. */
    void fail(int id, String reason) throws SQLException {
        var table = state.tables().get(id);
        if (table != null) {
            engine.atomically(() -> state.put(new Table(TableState.FAILED, reason, table.position(), table.source())));
        }
    }
}

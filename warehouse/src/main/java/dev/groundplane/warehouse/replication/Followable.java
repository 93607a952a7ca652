package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.sql.Names;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Which tables of a source the target can have. */
final class Followable {
    /** The warehouse's own, and the engine's. */
    private static final Set<String> RESERVED =
            Set.of(HiddenSchema.NAME, HiddenSchema.MAIN, "information_schema", "pg_catalog");

    private static final String NAME_TAKEN = "it has the name of ";

    private Followable() {}

    /**
     * Why a table is not followed; empty when it can be.
     *
     * @param all tables that are known
     */
    static Optional<String> hindrance(SourceTable table, Collection<Table> all) {
        if (table.key().isEmpty()) {
            return Optional.of("it has no primary key");
        }
        var columns = table.columns().stream()
                .map(column -> Names.folded(column.name()))
                .distinct()
                .count();
        if (columns < table.columns().size()) {
            return Optional.of("names of its columns differ only in case, which are one name here");
        }
        return nameTaken(table, all);
    }

    /** Whether a hindrance is over when another table has another name. */
    static boolean isOfName(String hindrance) {
        return hindrance.startsWith(NAME_TAKEN);
    }

    /** Why a table's name is not its own in the target, where the case of letters makes no difference; empty when it is. */
    static Optional<String> nameTaken(SourceTable table, Collection<Table> all) {
        if (RESERVED.contains(Names.folded(table.schema()))) {
            return Optional.of("schema %s is the warehouse's own".formatted(table.schema()));
        }
        return all.stream()
                .filter(other -> other.state() != TableState.FAILED
                        && other.source().id() != table.id()
                        && isSame(other.source().schema(), table.schema())
                        && isSame(other.source().name(), table.name()))
                .findFirst()
                .map(other -> NAME_TAKEN
                        + "%s.%s, but for the case of letters"
                                .formatted(
                                        other.source().schema(), other.source().name()));
    }

    private static boolean isSame(String one, String other) {
        return Names.folded(one).equals(Names.folded(other));
    }
}

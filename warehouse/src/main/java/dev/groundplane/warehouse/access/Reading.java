package dev.groundplane.warehouse.access;

import dev.groundplane.warehouse.sql.Privilege;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one statement, or one view's definition, reads and writes, as its text names it. Filled by {@link QueryTree}. */
final class Reading {
    /**
     * A table, view or function of rows that is read.
     *
     * @param path its name with those before it
     * @param aliases names that stand for its whole row
     * @param renamed whether its columns have other names in the statement
     */
    record Source(List<String> path, Set<String> aliases, boolean renamed) {}

    /**
     * A table that is written to.
     *
     * @param columns which; empty for all
     */
    record Write(List<String> path, Privilege privilege, List<String> columns) {}

    final List<Source> sources = new ArrayList<>();
    final List<Write> writes = new ArrayList<>();
    /** Every part of every column's name. */
    final Set<String> columns = new HashSet<>();
    /** The last parts alone, by which a name can mean a row. */
    final Set<String> lastParts = new HashSet<>();
    /** Whether it may read columns that it does not name. */
    boolean star;

    /** Whether it names columns at all. */
    boolean readsColumns() {
        return star || !columns.isEmpty();
    }
}

package dev.groundplane.warehouse.replication.pgoutput;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a row as PostgreSQL writes them in text, in the order of the table's columns.
 *
 * @param values null where a value is NULL, and where it is not told
 * @param untold the places of large values that are as they were, which the source does not send again
 */
public record Tuple(List<@Nullable String> values, BitSet untold) {
    /** Whether each value is told. */
    public boolean isWhole() {
        return untold.isEmpty();
    }
}

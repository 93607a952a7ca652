package dev.groundplane.warehouse.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How Redshift would spread and sort a table's rows. Kept and told; the engine has one node and an order of its own.
 *
 * @param distStyle EVEN, KEY, ALL or AUTO; null where nothing was said
 * @param distKey null for none
 * @param sortKeys in their order; empty for none
 */
public record TableOptions(
        @Nullable String distStyle, @Nullable String distKey, List<String> sortKeys, boolean interleaved) {
    /** Nothing was said. */
    public static final TableOptions NONE = new TableOptions(null, null, List.of(), false);
}

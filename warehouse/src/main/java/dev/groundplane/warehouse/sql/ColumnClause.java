package dev.groundplane.warehouse.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column as CREATE TABLE and ALTER TABLE define it.
 *
 * @param defaultValue in the engine's SQL; null for none
 * @param encoding in small letters; null where nothing was said
 * @param identity null for none
 * @param constraints that were written at the column
 */
public record ColumnClause(
        String name,
        ColumnType type,
        @Nullable String defaultValue,
        boolean notNull,
        @Nullable String encoding,
        @Nullable Identity identity,
        boolean distKey,
        boolean sortKey,
        List<TableConstraint> constraints) {
    /** @param always whether INSERT may give no value of its own */
    public record Identity(long seed, long step, boolean always) {}
}

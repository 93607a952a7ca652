package dev.groundplane.warehouse.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a statement.
 *
 * @param planning until it was carried out
 * @param elapsed from its beginning to its end
 */
record EndedStatement(
        RunningStatement.Beginning beginning,
        RunningStatement.Status status,
        Duration planning,
        Duration elapsed,
        @Nullable String error,
        long rows,
        long bytes) {}

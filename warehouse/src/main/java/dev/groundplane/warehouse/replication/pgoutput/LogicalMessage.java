package dev.groundplane.warehouse.replication.pgoutput;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of the plugin {@code pgoutput}, protocol version 1. Source: PostgreSQL's documentation, "Logical Replication Message
 * Formats". Positions are bytes of the source's write-ahead log, times microseconds since 2000.
 */
public sealed interface LogicalMessage {
    /**
     * A transaction's changes follow.
     *
     * @param commitPosition where its commit is, which orders transactions
     */
    record Begin(long commitPosition, long commitMicros) implements LogicalMessage {}

    /**
     * All changes of the transaction were sent.
     *
     * @param endPosition behind its commit
     */
    record Commit(long endPosition) implements LogicalMessage {}

    /**
     * What a table looks like from now on; sent before its first change and after it was altered.
     *
     * @param columns their names
     */
    record Relation(int table, String schema, String name, List<String> columns) implements LogicalMessage {}

    /** A new row. */
    record Insert(int table, Tuple row) implements LogicalMessage {}

    /**
     * A changed row.
     *
     * @param before the former key, with the table's other columns NULL, or the whole former row; null when the key is as it was
     */
    record Update(int table, @Nullable Tuple before, Tuple row) implements LogicalMessage {}

    /**
     * A row that is no more.
     *
     * @param before its key, with the table's other columns NULL, or all of it
     */
    record Delete(int table, Tuple before) implements LogicalMessage {}

    /** Tables that were emptied. */
    record Truncate(List<Integer> tables) implements LogicalMessage {}

    /** What a session of the source wrote into the log by {@code pg_logical_emit_message}. */
    record Emitted(String prefix, String content) implements LogicalMessage {}

    /** A message that says nothing about rows. */
    record Other(char kind) implements LogicalMessage {}
}

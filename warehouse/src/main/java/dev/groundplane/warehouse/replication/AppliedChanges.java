package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts what was applied, for the system views of activity: those of AWS's checkpoints. Changes come far too fast for a row each, so
 * that a checkpoint holds what came within ten seconds. Kept for a week. For one thread.
 */
final class AppliedChanges {
    private static final Duration EACH = Duration.ofSeconds(10);
    private static final int KEPT_DAYS = 7;
    private static final Duration FORGET_EACH = Duration.ofHours(1);

    private final EngineSession engine;
    private final String schema;
    private final Map<Integer, Counts> byTable = new LinkedHashMap<>();
    private long writtenAt = System.nanoTime() - EACH.toNanos();
    private Instant begun = Instant.EPOCH;
    /** When what is too old was forgotten last. */
    private Instant forgotten = Instant.EPOCH;

    AppliedChanges(EngineSession engine) {
        this.engine = engine;
        this.schema = Names.quote(engine.database()) + "." + HiddenSchema.NAME;
    }

    /** What happened to a row. */
    enum Kind {
        INSERTED,
        UPDATED,
        DELETED
    }

    private static final class Counts {
        private final SourceTable table;
        private long inserted;
        private long updated;
        private long deleted;
        private long bytes;

        private Counts(SourceTable table) {
            this.table = table;
        }
    }

    /** Makes the tables that are not there yet. */
    static void make(EngineSession engine, String schema) throws SQLException {
        engine.run(
                "CREATE TABLE IF NOT EXISTS %s.replication_activity(checkpoint BIGINT, type VARCHAR, bytes BIGINT, committed TIMESTAMP, tables INTEGER, begun TIMESTAMP, ended TIMESTAMP)"
                        .formatted(schema));
        engine.run(
                "CREATE TABLE IF NOT EXISTS %s.replication_table_activity(checkpoint BIGINT, id BIGINT, schema_name VARCHAR, table_name VARCHAR, inserted BIGINT, updated BIGINT, deleted BIGINT, bytes BIGINT, recorded TIMESTAMP)"
                        .formatted(schema));
    }

    private void forgetOld() throws SQLException {
        var oldest = time(Instant.now().minus(KEPT_DAYS, ChronoUnit.DAYS));
        engine.run("DELETE FROM %s.replication_activity WHERE ended < %s".formatted(schema, oldest));
        engine.run("DELETE FROM %s.replication_table_activity WHERE recorded < %s".formatted(schema, oldest));
    }

    /** One more change, of so many bytes. */
    void count(SourceTable table, Kind kind, int bytes) {
        if (byTable.isEmpty()) {
            begun = Instant.now();
        }
        var counts = byTable.computeIfAbsent(table.id(), _ -> new Counts(table));
        switch (kind) {
            case INSERTED -> counts.inserted++;
            case UPDATED -> counts.updated++;
            case DELETED -> counts.deleted++;
        }
        counts.bytes += bytes;
    }

    /** Whether a checkpoint should be written. */
    boolean isDue() {
        return !byTable.isEmpty() && System.nanoTime() - writtenAt >= EACH.toNanos();
    }

    /**
     * Writes a checkpoint, in the engine's transaction.
     *
     * @param position up to which all is applied
     * @param committedMicros when the last transaction was committed at the source, in microseconds since 1970
     */
    void write(long position, long committedMicros) throws SQLException {
        var bytes = byTable.values().stream().mapToLong(counts -> counts.bytes).sum();
        checkpoint(position, "cdc", bytes, committedMicros, byTable.size(), begun);
        for (var counts : byTable.values()) {
            table(position, counts);
        }
        byTable.clear();
        writtenAt = System.nanoTime();
        if (forgotten.plus(FORGET_EACH).isBefore(Instant.now())) {
            forgotten = Instant.now();
            forgetOld();
        }
    }

    /** Writes a checkpoint for a table that was copied, in the engine's transaction or at once. */
    void copied(SourceTable table, long position, TableCopy.Extent copied) throws SQLException {
        var ended = micros(Instant.now());
        checkpoint(position, "snapshot", copied.bytes(), ended, 1, copied.begun());
        var counts = new Counts(table);
        counts.inserted = copied.rows();
        counts.bytes = copied.bytes();
        table(position, counts);
    }

    private void checkpoint(long position, String type, long bytes, long committed, int tables, Instant began)
            throws SQLException {
        engine.run("INSERT INTO %s.replication_activity VALUES (%d, %s, %d, make_timestamp(%d), %d, %s, %s)"
                .formatted(
                        schema,
                        position,
                        Names.literal(type),
                        bytes,
                        committed,
                        tables,
                        time(began),
                        time(Instant.now())));
    }

    private void table(long position, Counts counts) throws SQLException {
        engine.run("INSERT INTO %s.replication_table_activity VALUES (%d, %d, %s, %s, %d, %d, %d, %d, %s)"
                .formatted(
                        schema,
                        position,
                        Integer.toUnsignedLong(counts.table.id()),
                        Names.literal(counts.table.schema()),
                        Names.literal(counts.table.name()),
                        counts.inserted,
                        counts.updated,
                        counts.deleted,
                        counts.bytes,
                        time(Instant.now())));
    }

    /** A moment as the engine's timestamp, in UTC. */
    static String time(Instant moment) {
        return "make_timestamp(%d)".formatted(micros(moment));
    }

    private static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }
}

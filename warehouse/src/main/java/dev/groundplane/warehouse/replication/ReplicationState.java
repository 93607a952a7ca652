package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a database follows its source, kept in that database itself: in one transaction with the rows. For one thread.
 */
final class ReplicationState {
    private final EngineSession engine;
    private final String schema;

    ReplicationState(EngineSession engine) {
        this.engine = engine;
        this.schema = Names.quote(engine.database()) + "." + HiddenSchema.NAME;
    }

    /** What a table of the source is to the target. */
    enum TableState {
        /** Every change of the source's is applied. */
        SYNCED("Synced"),
        /** Its rows are copied (again) before its next change is applied. */
        RESYNC_REQUIRED("ResyncRequired"),
        /** It is not followed, for the reason given, until it is altered at the source. */
        FAILED("Failed");

        private final String word;

        TableState(String word) {
            this.word = word;
        }

        /** As AWS calls it. */
        String word() {
            return word;
        }

        private static TableState of(String word) {
            for (var state : values()) {
                if (state.word.equals(word)) {
                    return state;
                }
            }
            throw new IllegalArgumentException("no state of a table: " + word);
        }
    }

    /**
     * A table that is followed.
     *
     * @param position of the copy of its rows: what was committed before is in it
     * @param source as the target's table was made or altered last
     */
    record Table(TableState state, String reason, long position, SourceTable source) {}

    /**
     * Which source it is, and the position up to which its changes are here.
     *
     * @param source its identity, which another server has not, nor the same one made anew; empty when none was seen yet
     */
    record Followed(String source, long position) {}

    /** Makes what is not there yet. */
    void make(String integration) throws SQLException {
        engine.atomically(() -> {
            engine.run(
                    "CREATE TABLE IF NOT EXISTS %s.replication(integration VARCHAR, source VARCHAR, position BIGINT, committed TIMESTAMP)"
                            .formatted(schema));
            engine.run(
                    "CREATE TABLE IF NOT EXISTS %s.replicated_table(id BIGINT, schema_name VARCHAR, table_name VARCHAR, state VARCHAR, reason VARCHAR, position BIGINT, definition VARCHAR)"
                            .formatted(schema));
            engine.run("ALTER TABLE %s.replicated_table ADD COLUMN IF NOT EXISTS copied BIGINT".formatted(schema));
            for (var column :
                    List.of("applied TIMESTAMP", "created TIMESTAMP", "source_database VARCHAR", "place VARCHAR")) {
                engine.run("ALTER TABLE %s.replication ADD COLUMN IF NOT EXISTS %s".formatted(schema, column));
            }
            AppliedChanges.make(engine, schema);
            engine.run(
                    "INSERT INTO %s.replication SELECT %s, '', 0, NULL, NULL, %s, NULL, NULL WHERE NOT EXISTS (FROM %1$s.replication)"
                            .formatted(schema, Names.literal(integration), AppliedChanges.time(Instant.now())));
        });
    }

    Followed followed() throws SQLException {
        var row = engine.rows("SELECT source, position FROM %s.replication".formatted(schema))
                .getFirst();
        return new Followed(text(row, 0), Long.parseLong(text(row, 1)));
    }

    /** The source as it is followed from now on. */
    void follow(String source, long position) throws SQLException {
        engine.run("UPDATE %s.replication SET source = %s, position = %d"
                .formatted(schema, Names.literal(source), position));
    }

    /** The position as the source itself names it, where that is something else; empty when it does not. */
    String place() throws SQLException {
        var place = engine.rows("SELECT place FROM %s.replication".formatted(schema))
                .getFirst()
                .getFirst();
        return place == null ? "" : place;
    }

    /** What the source itself calls the position, which is written down in the same transaction. */
    void place(String name) throws SQLException {
        engine.run("UPDATE %s.replication SET place = %s".formatted(schema, Names.literal(name)));
    }

    /** The source's database, which system views tell of. */
    void sourceDatabase(String name) throws SQLException {
        engine.run("UPDATE %s.replication SET source_database = %s".formatted(schema, Names.literal(name)));
    }

    /**
     * That all is applied up to a position.
     *
     * @param committedMicros when the last transaction was committed at the source, in microseconds since 1970; 0 for none since the
     *     last time
     */
    void advance(long position, long committedMicros) throws SQLException {
        engine.run("UPDATE %s.replication SET position = %d%s"
                .formatted(
                        schema,
                        position,
                        committedMicros == 0
                                ? ""
                                : ", committed = make_timestamp(%d), applied = %s"
                                        .formatted(committedMicros, AppliedChanges.time(Instant.now()))));
    }

    /** All tables, by the source's identifiers. */
    Map<Integer, Table> tables() throws SQLException {
        var tables = new HashMap<Integer, Table>();
        for (var row : engine.rows(
                "SELECT id, state, reason, position, definition FROM %s.replicated_table".formatted(schema))) {
            tables.put(
                    (int) Long.parseLong(text(row, 0)),
                    new Table(
                            TableState.of(text(row, 1)),
                            text(row, 2),
                            Long.parseLong(text(row, 3)),
                            SourceTable.of(text(row, 4))));
        }
        return tables;
    }

    /** Keeps what a table is now. Sessions learn with the transaction's end that tables may be others. */
    void put(Table table) throws SQLException {
        remove(table.source().id());
        var source = table.source();
        engine.run("INSERT INTO %s.replicated_table VALUES (%d, %s, %s, %s, %s, %d, %s, NULL)"
                .formatted(
                        schema,
                        Integer.toUnsignedLong(source.id()),
                        Names.literal(source.schema()),
                        Names.literal(source.name()),
                        Names.literal(table.state().word()),
                        Names.literal(table.reason()),
                        table.position(),
                        Names.literal(source.definition())));
    }

    /** How many rows of a table were copied so far; it is being copied. */
    void copied(int id, long rows) throws SQLException {
        engine.run("UPDATE %s.replicated_table SET copied = %d WHERE id = %d"
                .formatted(schema, rows, Integer.toUnsignedLong(id)));
    }

    /** Forgets a table. */
    void remove(int id) throws SQLException {
        engine.redefine();
        engine.run("DELETE FROM %s.replicated_table WHERE id = %d".formatted(schema, Integer.toUnsignedLong(id)));
    }

    /** The integration that a database belongs to; empty for one of users' own. */
    static Optional<String> integration(EngineSession engine, String database) throws SQLException {
        var found = engine.rows(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? AND table_name = 'replication'",
                database,
                HiddenSchema.NAME);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(text(
                        engine.rows("SELECT integration FROM %s.%s.replication"
                                        .formatted(Names.quote(database), HiddenSchema.NAME))
                                .getFirst(),
                        0));
    }

    private static String text(List<@Nullable String> row, int place) {
        return Objects.requireNonNull(row.get(place));
    }
}

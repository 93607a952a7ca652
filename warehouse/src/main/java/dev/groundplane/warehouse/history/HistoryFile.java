package dev.groundplane.warehouse.history;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.engine.HistoryDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** The tables of what is over, which the system views read. For one thread at a time. */
final class HistoryFile implements AutoCloseable {

    private final EngineSession engine;
    private final Retention retention;

    /** @param engine a session of its own, which it closes */
    HistoryFile(EngineSession engine, Retention retention) {
        this.engine = engine;
        this.retention = retention;
    }

    /** The next block of numbers, which no other process was or will be given. */
    long nextBlock() throws SQLException {
        return Long.parseLong(String.valueOf(engine.rows("SELECT nextval('%s')".formatted(kept("statement_block")))
                .getFirst()
                .getFirst()));
    }

    /** Adds what is over, all or none. */
    void add(List<EndedStatement> statements, List<ConnectionEvent> events) throws SQLException {
        if (statements.isEmpty() && events.isEmpty()) {
            return;
        }
        engine.atomically(() -> {
            try (var table = engine.appender(HistoryDatabase.NAME, HiddenSchema.MAIN, "statement")) {
                for (var statement : statements) {
                    add(table, statement);
                }
            }
            try (var table = engine.appender(HistoryDatabase.NAME, HiddenSchema.MAIN, "connection_event")) {
                for (var event : events) {
                    table.beginRow()
                            .append(timestamp(event.at()))
                            .append(event.kind().words());
                    add(table, event.session());
                    table.append(TimeUnit.NANOSECONDS.toMicros(event.lasted().toNanos()));
                    table.endRow();
                }
            }
        });
    }

    /** Removes what is too old or too much, also of what COPY did. */
    void prune() throws SQLException {
        prune("statement", "begun", "id", "strlen(text)");
        prune("connection_event", "happened", "happened", "0");
        prune("load", "ended", "id", "0");
        prune("file", "ended", "id", "0");
        prune("error", "ended", "id", "strlen(raw_line)");
    }

    /**
     * @param moment the column that tells how old a row is
     * @param order the column by which the eldest go first
     * @param length of what is in a row besides {@link Retention#ROW}
     */
    private void prune(String table, String moment, String order, String length) throws SQLException {
        var eldest = timestamp(Instant.now().minus(retention.age()));
        engine.run("DELETE FROM %s WHERE %s < TIMESTAMP '%s'".formatted(kept(table), moment, eldest));
        engine.run("""
            DELETE FROM %1$s WHERE %2$s <= (SELECT max(%2$s) FROM (
                SELECT %2$s, sum(%3$s + %4$d) OVER (ORDER BY %2$s DESC) AS total FROM %1$s) WHERE total > %5$d)""".formatted(kept(table), order, length, Retention.ROW, retention.bytes()));
    }

    private static String kept(String name) {
        return HistoryDatabase.NAME + "." + HiddenSchema.MAIN + "." + name;
    }

    private static void add(DuckDBAppender table, EndedStatement statement) throws SQLException {
        table.beginRow();
        var beginning = statement.beginning();
        table.append(beginning.id()).append(timestamp(beginning.at()));
        add(table, beginning.caller());
        table.append(beginning.label())
                .append(beginning.transaction())
                .append(beginning.type().name())
                .append(beginning.text())
                .append(statement.status().word())
                .append(micros(statement.planning().toNanos()))
                .append(micros(statement.elapsed().toNanos()));
        text(table, statement.error());
        table.append(statement.rows()).append(statement.bytes());
        table.endRow();
    }

    private static void add(DuckDBAppender table, SessionInfo session) throws SQLException {
        add(table, session.caller());
        table.append(timestamp(session.begun()))
                .append(session.timeout().toSeconds())
                .append(session.application())
                .append(session.driver())
                .append(session.system());
    }

    private static void add(DuckDBAppender table, Caller caller) throws SQLException {
        table.append(caller.userId())
                .append(caller.user())
                .append(caller.session())
                .append(caller.database());
    }

    private static void text(DuckDBAppender table, @Nullable String text) throws SQLException {
        if (text == null) {
            table.appendNull();
        } else {
            table.append(text);
        }
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static LocalDateTime timestamp(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public void close() throws SQLException {
        engine.close();
    }
}

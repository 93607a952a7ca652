package dev.groundplane.warehouse.history;

import dev.groundplane.warehouse.engine.EngineSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** The tables that the system views read: of what is over in a file, of what goes on in memory. For one thread at a time. */
final class HistoryFile implements AutoCloseable {
    private static final String FILE = "load_history";
    private static final String MEMORY = "sys";
    private static final String HIDDEN = "groundplane";

    private final EngineSession engine;
    private final Retention retention;

    /** @param engine a session of its own, which it closes */
    HistoryFile(EngineSession engine, Retention retention) {
        this.engine = engine;
        this.retention = retention;
    }

    /** The next block of numbers, which no other process was or will be given. */
    long nextBlock() throws SQLException {
        return Long.parseLong(String.valueOf(engine.rows("SELECT nextval('load_history.main.statement_block')")
                .getFirst()
                .getFirst()));
    }

    /** Adds what is over, all or none. */
    void add(List<EndedStatement> statements, List<ConnectionEvent> events) throws SQLException {
        if (statements.isEmpty() && events.isEmpty()) {
            return;
        }
        engine.atomically(() -> {
            try (var table = engine.appender(FILE, "main", "statement")) {
                for (var statement : statements) {
                    add(table, statement);
                }
            }
            try (var table = engine.appender(FILE, "main", "connection_event")) {
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

    /** Replaces what goes on. */
    void show(Collection<RunningStatement> running, Collection<SessionInfo> sessions) throws SQLException {
        engine.atomically(() -> {
            engine.run("DELETE FROM sys.groundplane.running_statement");
            try (var table = engine.appender(MEMORY, HIDDEN, "running_statement")) {
                for (var statement : running) {
                    table.beginRow();
                    add(table, statement.beginning(), statement.status());
                    table.endRow();
                }
            }
            engine.run("DELETE FROM sys.groundplane.open_session");
            try (var table = engine.appender(MEMORY, HIDDEN, "open_session")) {
                for (var session : sessions) {
                    table.beginRow();
                    add(table, session);
                    table.endRow();
                }
            }
        });
    }

    /** Removes what is too old or too much. */
    void prune() throws SQLException {
        var eldest = timestamp(Instant.now().minus(retention.age()));
        engine.run("DELETE FROM load_history.main.statement WHERE begun < TIMESTAMP '%s'".formatted(eldest));
        engine.run("DELETE FROM load_history.main.connection_event WHERE happened < TIMESTAMP '%s'".formatted(eldest));
        engine.run("""
            DELETE FROM load_history.main.statement WHERE id <= (SELECT max(id) FROM (
                SELECT id, sum(strlen(text) + %d) OVER (ORDER BY id DESC) AS total FROM load_history.main.statement)
                WHERE total > %d)""".formatted(Retention.ROW, retention.bytes()));
        engine.run("""
            DELETE FROM load_history.main.connection_event WHERE happened <= (SELECT max(happened) FROM (
                SELECT happened, row_number() OVER (ORDER BY happened DESC) AS number FROM load_history.main.connection_event)
                WHERE number > %d)""".formatted(retention.bytes() / Retention.ROW));
    }

    private static void add(DuckDBAppender table, EndedStatement statement) throws SQLException {
        table.beginRow();
        add(table, statement.beginning(), statement.status());
        table.append(micros(statement.planning().toNanos()))
                .append(micros(statement.elapsed().toNanos()));
        text(table, statement.error());
        table.append(statement.rows()).append(statement.bytes());
        table.endRow();
    }

    private static void add(DuckDBAppender table, RunningStatement.Beginning beginning, RunningStatement.Status status)
            throws SQLException {
        table.append(beginning.id()).append(timestamp(beginning.at()));
        add(table, beginning.caller());
        table.append(beginning.label())
                .append(beginning.transaction())
                .append(beginning.type().name())
                .append(beginning.text())
                .append(status.name().toLowerCase(Locale.ROOT));
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

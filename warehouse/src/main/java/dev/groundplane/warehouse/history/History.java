package dev.groundplane.warehouse.history;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.QueryType;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions and statements do and did. It is written in groups, a moment after it happened, so that statements do not wait for
 * it: a process that is killed loses the last moment. Thread-safe.
 */
public final class History implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(History.class);
    private static final Duration MOMENT = Duration.ofMillis(500);
    /** Numbers that are taken from the file at once. */
    private static final int BLOCK = 1000;
    /** Statements after which there may be too many, and the time after which some are too old. */
    private static final int PRUNED_AFTER = 50_000;

    private static final Duration PRUNED_EVERY = Duration.ofHours(1);
    /** What waits while the file cannot be written; beyond that the eldest are lost. */
    private static final int MOST_WAITING = 100_000;

    private final HistoryFile file;
    /** What happens after the end is not written. */
    private final ScheduledExecutorService writer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("history").factory(), new ThreadPoolExecutor.DiscardPolicy());

    private final Set<RunningStatement> running = ConcurrentHashMap.newKeySet();
    private final Map<Integer, SessionInfo> sessions = new ConcurrentHashMap<>();

    private final Object waiting = new Object();
    private final List<EndedStatement> statements = new ArrayList<>();
    private final List<ConnectionEvent> events = new ArrayList<>();
    private boolean writing;

    private final Object numbers = new Object();
    private long nextNumber;
    private long numbersEnd;

    private int sincePruned;
    private Instant pruned = Instant.now();

    /** @param engine a session of its own, which it closes */
    public History(EngineSession engine, Retention retention) throws SQLException {
        file = new HistoryFile(engine, retention);
        file.prune();
    }

    /**
     * A statement begins.
     *
     * @param transaction the number of the transaction's first statement; 0 when it is this one
     */
    public RunningStatement begin(Caller caller, String label, long transaction, QueryType type, String text) {
        var id = number();
        var statement = new RunningStatement(
                new RunningStatement.Beginning(
                        id, caller, label, transaction == 0 ? id : transaction, type, text, Instant.now()),
                this);
        running.add(statement);
        return statement;
    }

    private long number() {
        synchronized (numbers) {
            if (nextNumber == numbersEnd) {
                nextNumber = nextBlock() * BLOCK;
                numbersEnd = nextNumber + BLOCK;
            }
            return nextNumber++;
        }
    }

    private synchronized long nextBlock() {
        try {
            return file.nextBlock();
        } catch (SQLException e) {
            throw new IllegalStateException("the engine has no numbers for statements", e);
        }
    }

    /** A statement is over. */
    void ended(RunningStatement statement, EndedStatement end) {
        synchronized (waiting) {
            statements.add(end);
        }
        running.remove(statement);
        writeSoon();
    }

    /** A client has connected. */
    public void began(SessionInfo session) {
        sessions.put(session.caller().session(), session);
        add(ConnectionEvent.Kind.INITIATING, session);
    }

    /** A session that was parked goes on. */
    public void resumed(SessionInfo session) {
        sessions.put(session.caller().session(), session);
        add(ConnectionEvent.Kind.RESUMED, session);
    }

    /** A session was parked: whether its client leaves then is not known here. */
    public void parked(SessionInfo session) {
        gone(ConnectionEvent.Kind.PARKED, session);
    }

    /** A session was idle for too long and has ended. */
    public void timedOut(SessionInfo session) {
        gone(ConnectionEvent.Kind.TIMED_OUT, session);
    }

    /** A session has ended. */
    public void ended(SessionInfo session) {
        gone(ConnectionEvent.Kind.DISCONNECTING, session);
    }

    private void gone(ConnectionEvent.Kind kind, SessionInfo session) {
        sessions.remove(session.caller().session());
        add(kind, session);
    }

    private void add(ConnectionEvent.Kind kind, SessionInfo session) {
        var now = Instant.now();
        synchronized (waiting) {
            events.add(new ConnectionEvent(kind, now, session, Duration.between(session.begun(), now)));
        }
        writeSoon();
    }

    private void writeSoon() {
        synchronized (waiting) {
            if (!writing) {
                writing = true;
                var _ = writer.schedule(this::write, MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void write() {
        synchronized (waiting) {
            writing = false;
        }
        try {
            refresh();
        } catch (SQLException e) {
            log.error("history is not written", e);
        }
    }

    /** The statements that run now, as the system views read them. */
    public String runningStatements() {
        return PresentText.ofStatements(running);
    }

    /** The sessions that are here now, as the system views read them. */
    public String openSessions() {
        return PresentText.ofSessions(sessions.values());
    }

    /** Shows the system views all that is over by now. */
    public synchronized void refresh() throws SQLException {
        List<EndedStatement> ended;
        List<ConnectionEvent> happened;
        synchronized (waiting) {
            ended = List.copyOf(statements);
            happened = List.copyOf(events);
            statements.clear();
            events.clear();
        }
        var written = false;
        try {
            file.add(ended, happened);
            written = true;
        } finally {
            if (!written) {
                waitAgain(ended, happened);
            }
        }
        sincePruned += ended.size();
        var now = Instant.now();
        if (sincePruned >= PRUNED_AFTER || pruned.plus(PRUNED_EVERY).isBefore(now)) {
            sincePruned = 0;
            pruned = now;
            file.prune();
        }
    }

    private void waitAgain(List<EndedStatement> ended, List<ConnectionEvent> happened) {
        synchronized (waiting) {
            statements.addAll(0, ended);
            events.addAll(0, happened);
            statements.subList(0, Math.max(0, statements.size() - MOST_WAITING)).clear();
            events.subList(0, Math.max(0, events.size() - MOST_WAITING)).clear();
        }
    }

    /** Writes all down. Sessions that are open end with the process. */
    @Override
    public void close() throws SQLException {
        writer.shutdownNow();
        List.copyOf(sessions.values()).forEach(this::ended);
        try (file) {
            refresh();
        }
    }
}

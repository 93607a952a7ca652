package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.ResourceChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs write transactions one after the other on one connection and makes those that wait durable with one flush. In a
 * group, each has a savepoint, so one that fails undoes itself only.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MAX_GROUP = 1_000;
    private static final int MAX_WAITING = 50_000;
    /** How long work that nobody waits for may wait for company: a flush costs more than all of it. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * @param urgent whether somebody waits for it
     */
    private record Task(Work<?> work, CompletableFuture<Object> result, boolean urgent) {}

    private static final Task END = new Task(_ -> "", new CompletableFuture<>(), true);

    private record Outcome(
            Task task,
            Transaction transaction,
            @Nullable Object value,
            @Nullable Throwable failure) {
        boolean failed() {
            return failure != null;
        }
    }

    private final WriterConnection writer;
    private final LinkedBlockingQueue<Task> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean closed;
    private volatile CommitObserver observer = (works, nanos) -> {};

    GroupCommit(WriterConnection writer) {
        this.writer = writer;
        this.thread = Thread.ofPlatform().name("store-writer").daemon().start(this::run);
    }

    void observe(CommitObserver told) {
        observer = told;
    }

    int waiting() {
        return waiting.size();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the result is what this very work returned, null included
    <R> R write(Work<R> work) {
        try {
            return (R) submit(work, true).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case SQLException cause -> throw writer.failure("write", cause);
                case null, default -> throw e;
            }
        }
    }

    void writeLater(Work<?> work) {
        var _ = submit(work, false).whenComplete((value, failure) -> {
            if (failure != null) {
                LOG.error("a queued write failed and is lost", failure);
            }
        });
    }

    private CompletableFuture<Object> submit(Work<?> work, boolean urgent) {
        if (closed) {
            throw closedException();
        }
        Task task = new Task(work, new CompletableFuture<>(), urgent);
        try {
            waiting.put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "interrupted while waiting to write", e);
        }
        return task.result();
    }

    private void run() {
        List<Task> group = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            group.clear();
            try {
                gather(group);
            } catch (InterruptedException e) {
                LOG.warn("somebody interrupts the writer; it goes on"); // only the end marker ends it
            }
            ended = group.remove(END);
            commit(group);
        }
        refuseWaiting();
    }

    /** What came in while the end marker did. */
    private void refuseWaiting() {
        for (Task late = waiting.poll(); late != null; late = waiting.poll()) {
            late.result().completeExceptionally(closedException());
        }
    }

    private static GroundplaneException closedException() {
        return new GroundplaneException(ErrorKind.INTERNAL_ERROR, "the database is closed");
    }

    /** Takes what is waiting. While nobody waits for any of it, a moment is spent on letting the group grow. */
    private void gather(List<Task> group) throws InterruptedException {
        Task next = waiting.take();
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (next != null) {
            group.add(next);
            if (next.urgent() || group.size() == MAX_GROUP) {
                break;
            }
            next = waiting.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        waiting.drainTo(group, MAX_GROUP - group.size());
    }

    private void commit(List<Task> group) {
        if (group.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        List<Outcome> outcomes = new ArrayList<>(group.size());
        try {
            Connection connection = writer.begin();
            if (group.size() == 1) {
                outcomes.add(alone(connection, group.getFirst()));
            } else {
                for (Task task : group) {
                    outcomes.add(attempt(connection, task));
                }
            }
            if (outcomes.stream().allMatch(Outcome::failed)) {
                writer.rollback();
            } else {
                writer.commit(changes(outcomes));
            }
        } catch (SQLException e) {
            writer.rollback();
            group.forEach(task -> task.result().completeExceptionally(e));
            return;
        }
        observer.committed(group.size(), System.nanoTime() - begun);
        for (Outcome outcome : outcomes) {
            if (outcome.failure() == null) {
                outcome.transaction().actions().forEach(GroupCommit::act);
                outcome.task().result().complete(outcome.value());
            } else {
                outcome.task().result().completeExceptionally(outcome.failure());
            }
        }
    }

    /** What all of them changed, each once. */
    private static Set<ResourceChange> changes(List<Outcome> outcomes) {
        Set<ResourceChange> changes = new LinkedHashSet<>();
        outcomes.stream()
                .filter(outcome -> !outcome.failed())
                .forEach(outcome -> changes.addAll(outcome.transaction().changes()));
        return changes;
    }

    /** The only one of its group: when it fails, all is undone. */
    private static Outcome alone(Connection connection, Task task) {
        Transaction transaction = new Transaction(connection);
        try {
            return new Outcome(task, transaction, task.work().in(transaction), null);
        } catch (SQLException | RuntimeException | Error e) {
            return new Outcome(task, transaction, null, e);
        }
    }

    private static Outcome attempt(Connection connection, Task task) throws SQLException {
        Transaction transaction = new Transaction(connection);
        execute(connection, "SAVEPOINT work");
        try {
            Object value = task.work().in(transaction);
            execute(connection, "RELEASE work");
            return new Outcome(task, transaction, value, null);
        } catch (SQLException | RuntimeException | Error e) {
            execute(connection, "ROLLBACK TO work");
            execute(connection, "RELEASE work");
            return new Outcome(task, transaction, null, e);
        }
    }

    /** Prepared, so that the connection keeps it. */
    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    private static void act(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) { // whatever it is, the writer must go on
            LOG.error("an action after a commit failed", e);
        }
    }

    /** Writes what is waiting; what comes later is refused. Idempotent. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            waiting.put(END);
            thread.join();
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw writer.failure("close", e);
        }
    }
}

package dev.groundplane.warehouse.copyjob;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the jobs of all databases load: what the control plane tells of, what a listing shows, and again what could not be. Thread-safe. */
final class JobRuns implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobRuns.class);
    private static final int PARALLEL = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** So long a job loads while others wait. */
    private static final Duration TURN = Duration.ofSeconds(10);

    private static final Duration BUSY_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Engine engine;
    private final ControlPlane controlPlane;
    private final Round.Tools tools;
    private final Map<CopyJob.Key, JobTurns> turns = new ConcurrentHashMap<>();
    private final Map<CopyJob.Key, Integer> failures = new ConcurrentHashMap<>();
    /** Jobs that try again after a while. */
    private final Set<CopyJob.Key> waiting = ConcurrentHashMap.newKeySet();

    private final Map<CopyJob.Key, Long> done = new HashMap<>();
    private final Set<EngineSession> working = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean taking = new AtomicBoolean();
    /** Whether all will be looked at again because a call has failed. */
    private final AtomicBoolean connecting = new AtomicBoolean();

    private final AtomicBoolean telling = new AtomicBoolean();
    private final AtomicInteger rounds = new AtomicInteger();
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            PARALLEL,
            PARALLEL,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("copy-job-", 0).factory());
    /** Talks with the control plane, and knows when to try again. */
    private final ScheduledExecutorService calls = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("copy-jobs").factory());

    private Set<String> watched = Set.of();
    private volatile boolean suspended;

    JobRuns(Engine engine, Gateway gateway, Round.Tools tools) {
        this.engine = engine;
        this.controlPlane = new ControlPlane(gateway);
        this.tools = tools;
    }

    /** The control plane is there, perhaps again: it is told of all jobs, and they look at what has landed meanwhile. */
    void connected() {
        connect(Duration.ZERO, FIRST_PAUSE);
    }

    /** @param pause after which it is tried again when a call fails while the control plane stays there */
    private void connect(Duration delay, Duration pause) {
        later(delay, () -> {
            try {
                watch(null);
                listAll();
                look();
                connecting.set(false);
            } catch (SqlFailure e) {
                log.debug("the control plane does not answer", e);
                connect(pause, shorter(pause.multipliedBy(2), LONGEST_PAUSE));
            }
        });
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Files have landed. */
    void look() {
        if (taking.compareAndSet(false, true)) {
            later(Duration.ZERO, this::take);
        }
    }

    /** Loads nothing more, because a usage limit is reached; or goes on. */
    void suspend(boolean suspends) {
        var before = suspended;
        suspended = suspends;
        if (before && !suspends) {
            connected(); // what was taken before and not looked at is given again
        }
    }

    private interface Task {
        void run() throws SQLException;
    }

    private void later(Duration delay, Task task) {
        try {
            var _ = calls.schedule(
                    () -> {
                        try {
                            task.run();
                        } catch (SqlFailure e) { // when the control plane is there again, all is looked at
                            log.debug("the control plane does not answer", e);
                        } catch (SQLException | RuntimeException e) { // the outermost loop of the thread
                            if (!calls.isShutdown()) {
                                log.error("copy jobs cannot be looked at", e);
                            }
                        }
                    },
                    delay.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("the process ends", e);
        }
    }

    /** All jobs that load by themselves. */
    private List<CopyJob> automatic() throws SQLException {
        var jobs = new ArrayList<CopyJob>();
        for (var database : engine.databases()) {
            try (var session = engine.session(database)) {
                new Ledger(session).jobs().stream().filter(CopyJob::auto).forEach(jobs::add);
            } catch (SQLException e) {
                log.debug("database {} is dropped just now", database, e);
            }
        }
        return jobs;
    }

    /** @param another one that is about to be; null for none */
    synchronized void watch(@Nullable CopyJob another) throws SQLException {
        var jobs = automatic();
        if (another != null) {
            jobs.removeIf(job -> job.key().equals(another.key()));
            jobs.add(another);
        }
        controlPlane.watch(jobs);
        var databases = new HashSet<String>();
        jobs.forEach(job -> databases.add(job.database()));
        watched = databases;
    }

    /** A database is no more. */
    synchronized void dropped(String database) throws SQLException {
        turns.keySet().removeIf(job -> job.database().equals(database));
        failures.keySet().removeIf(job -> job.database().equals(database));
        if (watched.contains(database)) {
            watch(null);
        }
    }

    private void listAll() throws SQLException {
        for (var job : automatic()) {
            turns(job.key()).list();
        }
    }

    JobTurns turns(CopyJob.Key job) {
        return turns.computeIfAbsent(
                job, key -> new JobTurns(workers, (turns, wish, arrived) -> round(key, turns, wish, arrived)));
    }

    private void take() {
        taking.set(false);
        if (suspended) {
            return; // what has landed is taken when it can be loaded
        }
        Map<CopyJob.Key, Long> looked;
        synchronized (done) {
            looked = Map.copyOf(done);
            done.clear();
        }
        try {
            for (var arrival : controlPlane.take(looked)) {
                turns(arrival.job()).arrived(arrival.files(), arrival.number());
            }
        } catch (SqlFailure e) { // it may have given what has not come here: all is looked at
            log.debug("the control plane does not answer", e);
            if (connecting.compareAndSet(false, true)) {
                connect(FIRST_PAUSE, FIRST_PAUSE);
            }
        }
    }

    private void round(CopyJob.Key key, JobTurns turns, Round.Wish wish, long arrived) {
        var whole = isStopped() || (!wish.lists() && wish.landed().isEmpty()) || load(key, turns, wish);
        if (isStopped()) {
            turns.pause();
        } else if (!whole) {
            turns.arrived(null, arrived);
        } else if (arrived > 0) {
            synchronized (done) {
                done.merge(key, arrived, Math::max);
            }
            look();
        }
    }

    private boolean isStopped() {
        return suspended || workers.isShutdown();
    }

    /** @return whether it has looked at all of it, whatever came of that */
    private boolean load(CopyJob.Key key, JobTurns turns, Round.Wish wish) {
        begin();
        try (var session = open(key)) {
            if (session == null) {
                return true;
            }
            var job = new Ledger(session).find(key.id());
            return job.isEmpty() || !job.get().auto() || attempt(session, job.get(), turns, wish);
        } catch (SQLException e) {
            log.error("copy job {} of database {} cannot be looked at", key.id(), key.database(), e);
            return true;
        } finally {
            rounds.decrementAndGet();
        }
    }

    private @Nullable EngineSession open(CopyJob.Key key) {
        try {
            return engine.session(key.database());
        } catch (SQLException e) {
            log.debug("database {} is no more", key.database(), e);
            return null;
        }
    }

    private boolean attempt(EngineSession session, CopyJob job, JobTurns turns, Round.Wish wish) throws SQLException {
        var begun = new AtomicLong(); // when files were known, however long it took to list them
        BooleanSupplier ends = () -> {
            begun.compareAndSet(0, System.nanoTime());
            return isStopped()
                    || turns.hasOrders()
                    || (System.nanoTime() - begun.get() > TURN.toNanos()
                            && !workers.getQueue().isEmpty());
        };
        try {
            var outcome = within(session, () -> new Round(session, job, tools, turns.putOff()).run(wish, ends));
            if (outcome.whole() && turns.putOff().isEmpty()) {
                failures.remove(job.key());
            } else if (outcome.whole()) {
                again(job, turns);
            }
            return outcome.whole();
        } catch (SqlFailure e) {
            failed(session, job, turns, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            failed(session, job, turns, EngineErrors.report(e).message());
        } catch (RuntimeException e) { // the outermost loop of the thread
            log.error("copy job {} of database {} failed", job.name(), job.database(), e);
            failed(session, job, turns, e.toString());
        }
        return true;
    }

    /** Whatever waits for S3 or the engine ends when the process does. */
    private <T> T within(EngineSession session, EngineSession.Steps<T> steps) throws SQLException {
        session.beginRequest();
        working.add(session);
        try {
            if (workers.isShutdown()) {
                session.cancel();
            }
            return steps.run();
        } finally {
            working.remove(session);
            session.endRequest();
        }
    }

    private void failed(EngineSession session, CopyJob job, JobTurns turns, String reason) throws SQLException {
        if (workers.isShutdown()) {
            return;
        }
        log.warn("copy job {} of database {} cannot go on: {}", job.name(), job.database(), reason);
        turns.pause();
        again(job, turns);
        new Ledger(session).message(job, reason, Instant.now());
    }

    private void again(CopyJob job, JobTurns turns) {
        if (!waiting.add(job.key())) {
            return;
        }
        var count = failures.merge(job.key(), 1, Integer::sum);
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, 10));
        later(shorter(pause, LONGEST_PAUSE), () -> {
            waiting.remove(job.key());
            turns.list();
        });
    }

    /** A round begins; while some go on the control plane is told so. */
    private void begin() {
        rounds.incrementAndGet();
        if (telling.compareAndSet(false, true)) {
            later(BUSY_EVERY, this::tellBusy);
        }
    }

    private void tellBusy() {
        telling.set(false);
        if (rounds.get() > 0 && telling.compareAndSet(false, true)) {
            later(BUSY_EVERY, this::tellBusy);
            controlPlane.busy();
        }
    }

    /** Something that is done in a session of its own. */
    interface Order<T> {
        T carryOut(EngineSession own) throws SQLException;
    }

    /**
     * Does something for a user between two rounds of a job, in a session of its own, and waits for it. It is done also when whoever
     * waits is cancelled.
     */
    <T> T order(EngineSession session, CopyJob job, Order<T> order) throws SQLException {
        Callable<T> work = () -> {
            begin();
            try (var own = engine.session(job.database())) {
                return within(own, () -> order.carryOut(own));
            } finally {
                rounds.decrementAndGet();
            }
        };
        var result = turns(job.key()).order(work);
        return session.outside(() -> {
            try {
                return result.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        });
    }

    /** A job is no more. */
    void forget(CopyJob.Key job) {
        turns.remove(job);
        failures.remove(job);
    }

    /** A job that could not go on looks at all of it now. */
    void goOn(CopyJob.Key job) {
        failures.remove(job);
        turns(job).list();
    }

    boolean isSuspended() {
        return suspended;
    }

    @Override
    public void close() {
        calls.shutdownNow();
        workers.shutdown();
        working.forEach(EngineSession::cancel);
        try {
            if (!workers.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    || !calls.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("a copy job does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

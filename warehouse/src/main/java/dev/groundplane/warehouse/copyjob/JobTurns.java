package dev.groundplane.warehouse.copyjob;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done for one job, one thing after the other: users' orders, and between them rounds. Thread-safe. */
final class JobTurns {
    private static final Logger log = LoggerFactory.getLogger(JobTurns.class);

    private final Executor executor;
    private final Rounds rounds;
    private final Deque<Runnable> orders = new ArrayDeque<>();
    private final Map<String, LandedFile> landed = new LinkedHashMap<>();
    /** Keys of files that S3 has refused; for whoever's turn it is. */
    private final Set<String> putOff = new HashSet<>();

    private boolean lists;
    private long arrived;
    private boolean running;
    private boolean paused;

    /** Does a round of the job. */
    @FunctionalInterface
    interface Rounds {
        /** @param arrived what the control plane has told of last; 0 for nothing new */
        void run(JobTurns turns, Round.Wish wish, long arrived);
    }

    JobTurns(Executor executor, Rounds rounds) {
        this.executor = executor;
        this.rounds = rounds;
    }

    Set<String> putOff() {
        return putOff;
    }

    /** All under the job's prefix is looked at, soon. */
    synchronized void list() {
        paused = false;
        lists = true;
        go();
    }

    /**
     * Files have landed.
     *
     * @param files null when they are not known one by one
     * @param number of the last one, for the control plane
     */
    synchronized void arrived(@Nullable List<LandedFile> files, long number) {
        arrived = Math.max(arrived, number);
        if (files == null || paused) { // while nothing can be loaded, all of it is looked at later
            lists = true;
        } else {
            files.forEach(file -> landed.put(file.key(), file));
        }
        go();
    }

    /** Nothing is loaded until {@link #list}, but what arrives is taken note of. */
    synchronized void pause() {
        paused = true;
    }

    /** Does something for a user, between two rounds. */
    <T> CompletableFuture<T> order(Callable<T> order) {
        var done = new CompletableFuture<T>();
        synchronized (this) {
            orders.add(() -> {
                try {
                    done.complete(order.call());
                } catch (Exception | Error e) { // whoever waits is told
                    done.completeExceptionally(e);
                }
            });
            go();
        }
        return done;
    }

    /** Whether a user waits. */
    synchronized boolean hasOrders() {
        return !orders.isEmpty();
    }

    private void go() {
        if (!running) {
            running = true;
            executor.execute(this::run);
        }
    }

    /** One thing; then it is the turn of other jobs, which share the threads. */
    private void run() {
        var next = next();
        if (next == null) {
            return;
        }
        try {
            next.run();
        } catch (RuntimeException | Error e) { // the outermost loop of the job; what comes next is done nevertheless
            log.error("a copy job failed", e);
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) { // the process ends: orders that wait are answered still
            run();
        }
    }

    private synchronized @Nullable Runnable next() {
        var order = orders.poll();
        if (order != null) {
            return order;
        }
        if (arrived == 0 && landed.isEmpty() && (!lists || paused)) {
            running = false;
            return null;
        }
        var number = arrived;
        arrived = 0;
        if (paused) {
            return () -> rounds.run(this, new Round.Wish(List.of(), false, false), number);
        }
        var wish = new Round.Wish(new ArrayList<>(landed.values()), lists, false);
        landed.clear();
        lists = false;
        return () -> rounds.run(this, wish, number);
    }
}

package dev.groundplane.agent.retry;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether the control plane is there, and tells all who wait to try again that it answers once more. Thread safe.
 */
public final class Reachability {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Probe probe;
    private long returns;

    /** Finds out whether the control plane still answers. */
    @FunctionalInterface
    public interface Probe {
        /** Asks and waits for the answer, but not for long. */
        boolean answers() throws InterruptedException;
    }

    /** Says that the control plane answers (again): everyone who waits is woken. */
    public void returned(Probe current) {
        lock.lock();
        try {
            probe = current;
            returns++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that the connection to the control plane has ended. */
    public void lost() {
        lock.lock();
        try {
            probe = null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the control plane is away at this moment; asks it, so this may take a few seconds. */
    public boolean isAway() throws InterruptedException {
        Probe current;
        lock.lock();
        try {
            current = probe;
        } finally {
            lock.unlock();
        }
        return current == null || !current.answers();
    }

    /** Blocks until the next {@link #returned} or until the time is over; true means the former. */
    public boolean awaitReturn(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            var before = returns;
            var nanos = limit.toNanos();
            while (returns == before && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return returns != before;
        } finally {
            lock.unlock();
        }
    }
}

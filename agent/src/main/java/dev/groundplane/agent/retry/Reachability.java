package dev.groundplane.agent.retry;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Tells all who wait to try again that the control plane answers once more. Thread safe. */
public final class Reachability {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long returns;

    /** Says that the control plane answers (again): everyone who waits is woken. */
    public void returned() {
        lock.lock();
        try {
            returns++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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

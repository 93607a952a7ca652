package dev.groundplane.warehouse.replication;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Says, now and then, that there is something to do, so that the process is not taken for idle, and how late changes come. Thread-safe.
 */
final class Activity {
    private static final Duration NOT_OFTENER = Duration.ofSeconds(1);

    private final LongConsumer listener;
    private long toldAt = System.nanoTime() - NOT_OFTENER.toNanos();
    private long lagMillis;
    private boolean untold;

    /** @param listener told the milliseconds from the last applied transaction's commit at the source to its being here */
    Activity(LongConsumer listener) {
        this.listener = listener;
    }

    /** Something was done. */
    synchronized void happened() {
        untold = true;
        tell();
    }

    /** Transactions were applied, of which the last was so late. */
    synchronized void applied(long millis) {
        lagMillis = millis;
        happened();
    }

    /** Nothing is to be done now; what was done last is told of, if it was not. */
    synchronized void paused() {
        if (untold) {
            tell();
        }
    }

    private void tell() {
        if (System.nanoTime() - toldAt >= NOT_OFTENER.toNanos()) {
            toldAt = System.nanoTime();
            untold = false;
            listener.accept(lagMillis);
        }
    }
}

package dev.groundplane.warehouse.replication;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says, now and then, that there is something to do, so that the process is not taken for idle, and how late changes come. Thread-safe.
 */
final class Activity {
    private static final Duration NOT_OFTENER = Duration.ofSeconds(1);

    private final Listener listener;
    private long toldAt = System.nanoTime() - NOT_OFTENER.toNanos();
    private long lagMillis;
    private @Nullable String place;
    private boolean untold;

    Activity(Listener listener) {
        this.listener = listener;
    }

    /** Is told that there is something to do. */
    @FunctionalInterface
    interface Listener {
        /**
         * Something was done.
         *
         * @param lagMillis the milliseconds from the last applied transaction's commit at the source to its being here
         * @param place in the source's log up to which all is here; null for a source that itself knows
         */
        void told(long lagMillis, @Nullable String place);
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

    /** All is here up to a place in the source's log. */
    synchronized void reached(String now) {
        if (!now.equals(place)) {
            place = now;
            happened();
        }
    }

    /** Whoever is told has asked, and may have forgotten which place was reached. */
    synchronized void asked() {
        untold |= place != null;
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
            listener.told(lagMillis, place);
        }
    }
}

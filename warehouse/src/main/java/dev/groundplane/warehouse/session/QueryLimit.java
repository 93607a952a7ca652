package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.QueryType;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The workgroup's limit on how long a query is carried out. What its client takes to read the rows does not count.
 *
 * @param longest zero for any time
 */
record QueryLimit(ScheduledExecutorService timer, Duration longest) {
    /**
     * Watches a statement that begins.
     *
     * @param id its number
     */
    Watch watch(QueryType type, long id, EngineSession engine) {
        var watch = new Watch(
                engine,
                "Query (%d) cancelled by WLM abort action of Query Monitoring Rule \"max_query_execution_time\""
                        .formatted(id));
        if (!longest.isZero() && type.isQuery()) {
            watch.begin(timer, longest);
        }
        return watch;
    }

    /** Over one statement, until it is closed. */
    static final class Watch implements AutoCloseable {
        private final EngineSession engine;
        private final String reason;
        private @Nullable Future<?> alarm;
        private boolean fired;
        private boolean over;

        private Watch(EngineSession engine, String reason) {
            this.engine = engine;
            this.reason = reason;
        }

        private void begin(ScheduledExecutorService timer, Duration longest) {
            alarm = timer.schedule(this::fire, longest.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized void fire() {
            if (over) {
                return;
            }
            fired = true;
            engine.cancel(reason);
        }

        /** The statement is over; what comes next is not cancelled for its sake. */
        @Override
        public synchronized void close() {
            over = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
            if (fired) {
                engine.beginRequest();
            }
        }
    }
}

package dev.groundplane.server.warehouse;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.services.warehouse.CopyJobFiles;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has warehouses' workers look at files that land for their copy jobs, and wakes those that sleep. Thread-safe. */
final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    /** How long files wait for a warehouse that may not run now. */
    private static final Duration AGAIN = Duration.ofSeconds(30);
    /** After a worker that ends before it has looked, each time twice as long. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final int LONGEST_PAUSE = 8; // doublings: some minutes

    private final CopyJobFiles files;
    private final Function<String, Optional<Port>> ports;
    private final Map<String, Integer> wakes = new ConcurrentHashMap<>();
    /** Why warehouses could not be woken, as it was told last. */
    private final Map<String, String> hindrances = new ConcurrentHashMap<>();

    private final Reconciler<String> reconciler = new Reconciler<>("warehouse-files", this::look);

    /** @param ports of namespaces */
    FileWatch(CopyJobFiles files, Function<String, Optional<Port>> ports) {
        this.files = files;
        this.ports = ports;
    }

    /** Begins to watch. */
    void start() {
        files.onArrival(reconciler::enqueue);
    }

    /** A warehouse is served; a worker that outlived an earlier control plane has come back after so long. */
    void opened(String namespaceId, Duration comesBack) {
        reconciler.enqueueAfter(namespaceId, comesBack);
    }

    /** A warehouse's worker has gone. */
    void left(String namespaceId) {
        if (!files.isWaiting(namespaceId)) {
            wakes.remove(namespaceId);
        } else {
            int times = wakes.getOrDefault(namespaceId, 0);
            reconciler.enqueueAfter(
                    namespaceId,
                    times == 0 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << Math.min(times, LONGEST_PAUSE)));
        }
    }

    private void look(String namespaceId) {
        if (files.isWaiting(namespaceId)) {
            ports.apply(namespaceId).ifPresent(port -> look(namespaceId, port));
        }
    }

    private void look(String namespaceId, Port port) {
        if (!port.isAsleep()) {
            port.lookAtFiles();
            return;
        }
        try {
            port.wake(); // the worker looks as it begins
            hindrances.remove(namespaceId);
            wakes.merge(namespaceId, 1, Integer::sum);
            LOG.info(
                    "files have landed for {}, which was asleep",
                    port.warehouse().title());
        } catch (WorkerUnavailable e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(hindrances.put(namespaceId, reason))) {
                LOG.warn("files for {} wait: {}", port.warehouse().title(), reason);
            }
            reconciler.enqueueAfter(namespaceId, AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reconciler.close();
    }
}

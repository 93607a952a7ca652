package dev.groundplane.agent.logs;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the directories of all log files with one watch service, because hosts allow few of them. Thread safe. */
public final class LogWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);

    private final WatchService service;
    private final Map<WatchKey, FileGrowth> byKey = new ConcurrentHashMap<>();

    /** Starts watching; nothing is watched yet. */
    public LogWatch() throws IOException {
        service = FileSystems.getDefault().newWatchService();
        Thread.ofVirtual().name("log-watch").start(this::distribute);
    }

    /** Watches the directory of a log file. Where the host allows no further watch, the reader looks every second. */
    public FileGrowth watch(Path directory) {
        try {
            var key = directory.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
            var growth = new FileGrowth(key);
            byKey.put(key, growth);
            // What was written before the registration makes no event.
            growth.wake();
            return growth;
        } catch (IOException e) {
            log.warn("cannot watch {} ({}); looking every second instead", directory, e.toString());
            return new FileGrowth(null);
        }
    }

    private void distribute() {
        try {
            while (true) {
                var key = service.take();
                var growth = byKey.get(key);
                if (growth != null) {
                    growth.wake();
                }
                byKey.keySet().removeIf(known -> !known.isValid());
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            log.debug("no longer watching log files");
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.logs.FileGrowth;
import dev.groundplane.agent.logs.LogWatch;
import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies from the file in which Podman's conmon records an output. Needs no engine: conmon goes on without one, and has
 * recorded everything before it lets anybody know that the container has ended.
 */
final class RecordedCopy implements OutputCopy {
    private static final Logger log = LoggerFactory.getLogger(RecordedCopy.class);

    private final Path records;
    private final OutputFile file;
    private final LogWatch watch;
    private @Nullable Thread thread;
    private @Nullable FileGrowth growth;
    private volatile boolean complete;
    private volatile boolean closed;

    /** @param records the file, alone in its directory */
    RecordedCopy(Path records, OutputFile file, LogWatch watch) {
        this.records = records;
        this.file = file;
        this.watch = watch;
    }

    @Override
    public void begin() {
        started();
    }

    private synchronized Thread started() {
        var running = thread;
        if (running == null) {
            var watched = watch.watch(
                    Objects.requireNonNull(records.toAbsolutePath().getParent(), "records lie in a directory"));
            growth = watched;
            running = Thread.ofVirtual().name("output " + records).start(() -> copyToTheEnd(watched));
            thread = running;
        }
        return running;
    }

    @Override
    public void complete() throws InterruptedException {
        complete = true;
        var running = started();
        wake();
        running.join();
    }

    @Override
    public void close() {
        closed = true;
        interruptAndJoin();
    }

    private synchronized void interruptAndJoin() {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void wake() {
        if (growth != null) {
            growth.wake();
        }
    }

    private void copyToTheEnd(FileGrowth watched) {
        var backoff = new Backoff(new Reachability());
        try (watched) {
            while (!closed) {
                try {
                    copy(watched);
                    return;
                } catch (NoSuchFileException e) {
                    log.warn("the output of a container is gone: {}", e.getMessage());
                    return;
                } catch (ClosedByInterruptException e) {
                    return;
                } catch (IOException e) {
                    log.warn("copying {} again: {}", records, e.toString());
                    backoff.pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(FileGrowth watched) throws IOException, InterruptedException {
        try (var output = new OutputRecords(records);
                var writer = new OutputWriter(file)) {
            while (!closed) {
                // Asked before reading: what is recorded by now is all there will be.
                var last = complete;
                output.passOn(writer);
                if (last) {
                    return;
                }
                watched.await();
            }
        }
    }
}

package dev.groundplane.warehouse.unload;

import dev.groundplane.warehouse.engine.EngineSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a statement whose files become larger than they may: the engine cannot be told a limit. Close it with the statement. */
final class Overflow implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Overflow.class);
    private static final Duration EVERY = Duration.ofMillis(100);

    private final EngineSession engine;
    private final Path files;
    private final long capacityBytes;
    private final Thread thread;
    private volatile boolean happened;

    /** @param files a file or directory, which need not be there yet */
    Overflow(EngineSession engine, Path files, long capacityBytes) {
        this.engine = engine;
        this.files = files;
        this.capacityBytes = capacityBytes;
        this.thread = Thread.ofVirtual().name("unload size").start(this::watch);
    }

    private void watch() {
        try {
            while (bytes() <= capacityBytes) {
                Thread.sleep(EVERY);
            }
            happened = true;
            engine.cancel();
        } catch (InterruptedException over) {
            return;
        } catch (IOException e) {
            log.error("the size of {} is not known", files, e);
        }
    }

    private long bytes() throws IOException {
        try (var walk = Files.walk(files)) {
            return walk.mapToLong(path -> path.toFile().length()).sum();
        } catch (NoSuchFileException | UncheckedIOException notThereYet) {
            return 0;
        }
    }

    /** Whether the statement was ended. */
    boolean happened() {
        return happened;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

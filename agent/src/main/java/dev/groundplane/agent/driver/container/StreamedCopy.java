package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies what Docker sends, which begins with an output's first byte however late it is asked. */
final class StreamedCopy implements OutputCopy {
    private static final Logger log = LoggerFactory.getLogger(StreamedCopy.class);
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Engine engine;
    private final String name;
    private final OutputFile file;
    private @Nullable Thread thread;
    private volatile boolean closed;
    private volatile @Nullable EngineExchange exchange;

    StreamedCopy(Engine engine, String name, OutputFile file) {
        this.engine = engine;
        this.name = name;
        this.file = file;
    }

    @Override
    public void begin() {
        started();
    }

    private synchronized Thread started() {
        var running = thread;
        if (running == null) {
            running = Thread.ofVirtual().name("output " + name).start(this::copyToTheEnd);
            thread = running;
        }
        return running;
    }

    /** Following what has ended is reading it to its end. */
    @Override
    public void complete() throws InterruptedException {
        started().join();
    }

    @Override
    public void close() {
        closed = true;
        var open = exchange;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.debug("closing the output of {}", name, e);
            }
        }
    }

    /** An engine that goes away is asked again once it is back. */
    private void copyToTheEnd() {
        var backoff = new Backoff(new Reachability());
        try {
            while (!closed) {
                try {
                    copy();
                    if (hasEnded()) {
                        return;
                    }
                } catch (ClosedChannelException e) {
                    log.debug("no longer reading the output of {}", name);
                } catch (EngineFailure e) {
                    if (e.status() == EngineFailure.NOT_FOUND) {
                        return;
                    }
                    log.warn("cannot read the output of {}: {}", name, e.getMessage());
                } catch (IOException e) {
                    log.debug("reading the output of {} again: {}", name, e.toString());
                }
                if (!closed) {
                    backoff.pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy() throws IOException {
        try (var opened = engine.output(name);
                var writer = new OutputWriter(file)) {
            exchange = opened;
            var frames = new OutputFrames(opened.body());
            var buffer = new byte[BUFFER_BYTES];
            for (var count = frames.read(buffer); count >= 0 && !closed; count = frames.read(buffer)) {
                writer.write(buffer, count);
            }
        }
    }

    /** An output ends with its container, or with the engine. */
    private boolean hasEnded() throws IOException {
        return engine.container(name).map(status -> !status.runs()).orElse(true);
    }
}

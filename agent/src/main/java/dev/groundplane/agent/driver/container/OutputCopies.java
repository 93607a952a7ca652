package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies what running containers write into their log files, each in a thread of its own. Thread safe. */
final class OutputCopies {
    private static final Logger log = LoggerFactory.getLogger(OutputCopies.class);
    /** Reading less than this again takes less time than engines take to notice that an output has ended. */
    private static final long QUICKLY_READ_BYTES = 1024 * 1024;

    private final Engine engine;
    private final Path tasks;
    private final Map<ContainerName, Copy> copies = new ConcurrentHashMap<>();

    OutputCopies(Engine engine, Path tasks) {
        this.engine = engine;
        this.tasks = tasks;
    }

    /** Begins to follow a container's output. Idempotent. */
    void follow(ContainerName name) {
        copies.computeIfAbsent(name, Copy::new).begin();
    }

    /** Returns when all that a container has written is in its file; the container has ended. Idempotent. */
    void complete(ContainerName name) throws InterruptedException {
        var copy = copies.computeIfAbsent(name, Copy::new);
        copy.complete();
        copies.remove(name, copy);
    }

    /** Gives up on a container's output. Idempotent. */
    void forget(ContainerName name) {
        var copy = copies.remove(name);
        if (copy != null) {
            copy.close();
        }
    }

    private final class Copy {
        private final ContainerName name;
        private @Nullable Thread thread;
        private volatile boolean closed;
        /** Podman 4 may leave lines out when it is asked to follow what has long begun: then all is read again at the end. */
        private volatile boolean doubtful;

        private volatile @Nullable EngineExchange exchange;

        Copy(ContainerName name) {
            this.name = name;
        }

        synchronized void begin() {
            if (thread == null) {
                thread = Thread.ofVirtual().name("output " + name.inEngine()).start(this::follow);
            }
        }

        private void follow() {
            try {
                doubtful = length() > 0;
                read(true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void complete() throws InterruptedException {
            Thread follower;
            synchronized (this) {
                follower = thread;
            }
            if (follower == null) {
                doubtful = true;
            } else if (length() > QUICKLY_READ_BYTES) {
                follower.join();
                if (doubtful) {
                    read(false);
                }
                return;
            }
            read(false);
            close();
            if (follower != null) {
                follower.join();
            }
        }

        private long length() {
            try {
                return OutputFile.of(name.directory(tasks), name.attempt()).length();
            } catch (IOException e) {
                return 0;
            }
        }

        /** Reads to the end of the output; an engine that goes away is asked again once it is back. */
        private void read(boolean following) throws InterruptedException {
            var backoff = new Backoff(new Reachability());
            while (!closed) {
                try (var opened = engine.output(name.inEngine(), following)) {
                    if (following) {
                        exchange = opened;
                    }
                    if (closed) {
                        return;
                    }
                    OutputFile.of(name.directory(tasks), name.attempt())
                            .copy(new OutputFrames(opened.body()), doubtful && !following);
                    if (!following || hasEnded()) {
                        return;
                    }
                } catch (ClosedChannelException e) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                } catch (EngineFailure e) {
                    if (e.status() == EngineFailure.NOT_FOUND) {
                        return;
                    }
                    log.warn("cannot read the output of {}: {}", name.inEngine(), e.getMessage());
                } catch (IOException e) {
                    log.debug("reading the output of {} again: {}", name.inEngine(), e.toString());
                }
                if (!closed) {
                    doubtful = true;
                    backoff.pause();
                }
            }
        }

        /** An output ends with its container, or with the engine. */
        private boolean hasEnded() throws IOException {
            return engine.container(name.inEngine())
                    .map(status -> !status.runs())
                    .orElse(true);
        }

        void close() {
            closed = true;
            var open = exchange;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    log.debug("closing the output of {}", name.inEngine(), e);
                }
            }
        }
    }
}

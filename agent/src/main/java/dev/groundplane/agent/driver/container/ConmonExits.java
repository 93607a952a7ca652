package dev.groundplane.agent.driver.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at once when one of Podman's containers has ended: its conmon, which is the parent of its process, then makes a
 * file of the container's id in a directory that is the same for all containers of an engine. Podman's own answer to
 * whoever waits comes up to a quarter of a second later. Thread safe. Source: conmon(8), {@code --exit-dir}.
 */
final class ConmonExits implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConmonExits.class);
    private static final String OPTION = "--exit-dir";

    private final WatchService service;
    private final Map<String, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private volatile @Nullable Path directory;

    ConmonExits() throws IOException {
        service = FileSystems.getDefault().newWatchService();
        Thread.ofVirtual().name("container-exits").start(this::distribute);
    }

    /**
     * Watches for a container's end.
     *
     * @param id the container's
     * @param pid a process whose parent is the conmon of a container of the same engine
     * @return completes when the container ends; empty where there is no conmon, or nothing can be watched
     */
    Optional<CompletableFuture<Void>> watch(String id, long pid) {
        return known(pid)
                ? Optional.of(waiting.computeIfAbsent(id, key -> new CompletableFuture<>()))
                : Optional.empty();
    }

    /** Watches no longer. */
    void forget(String id) {
        waiting.remove(id);
    }

    /** The exit code of a container that has ended, for as long as Podman leaves conmon's file there. */
    Optional<Integer> code(String id) {
        var known = directory;
        try {
            return known == null
                    ? Optional.empty()
                    : Optional.of(
                            Integer.valueOf(Files.readString(known.resolve(id)).strip()));
        } catch (IOException | NumberFormatException e) {
            log.debug("no exit code of {}: {}", id, e.toString());
            return Optional.empty();
        }
    }

    private synchronized boolean known(long pid) {
        if (directory != null) {
            return true;
        }
        try {
            var found = exitDirectory(pid);
            if (found.isEmpty()) {
                return false;
            }
            found.get().register(service, StandardWatchEventKinds.ENTRY_CREATE);
            directory = found.get();
            return true;
        } catch (IOException e) {
            log.warn("ends of containers are told late: {}", e.toString());
            return false;
        }
    }

    /** From the command line of conmon. */
    private static Optional<Path> exitDirectory(long pid) throws IOException {
        var parent = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        var line = Path.of("/proc", Long.toString(parent.get().pid()), "cmdline");
        var words = Arrays.asList(
                Files.readString(line, StandardCharsets.ISO_8859_1).split("\0"));
        var option = words.indexOf(OPTION);
        return option < 0 || option + 1 == words.size()
                ? Optional.empty()
                : Optional.of(Path.of(words.get(option + 1)));
    }

    private void distribute() {
        try {
            while (true) {
                var key = service.take();
                for (var event : key.pollEvents()) {
                    tell(event);
                }
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            log.debug("no longer watching for ends of containers");
        }
    }

    private void tell(WatchEvent<?> event) {
        if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
            // Everybody looks for himself.
            waiting.values().forEach(end -> end.complete(null));
            return;
        }
        var end = waiting.get(String.valueOf(event.context()));
        if (end != null) {
            end.complete(null);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.ContainerExit;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the ends of containers that were started. Thread safe. */
final class ContainerEnds implements AutoCloseable {
    /** Why a container that the engine no longer has counts as killed. */
    static final String REMOVED = "The container was removed from the engine by somebody else";

    private static final Logger log = LoggerFactory.getLogger(ContainerEnds.class);

    private final Engine engine;
    private final ConmonExits exits;

    ContainerEnds(Engine engine) throws IOException {
        this.engine = engine;
        this.exits = new ConmonExits();
    }

    /** Blocks until a container has ended, however often its engine goes away meanwhile. */
    ContainerExit await(String name) throws InterruptedException {
        var patience = new EnginePatience(name);
        while (true) {
            var status = patience.insist(() -> engine.container(name));
            if (status.isEmpty() || !status.get().runs()) {
                return exit(status);
            }
            var exit = awaitEnd(name, status.get(), patience);
            if (exit.isPresent()) {
                return exit.get();
            }
        }
    }

    /** Blocks until the container may have ended; how it has, where that is known by the way. */
    private Optional<ContainerExit> awaitEnd(String name, ContainerStatus status, EnginePatience patience)
            throws InterruptedException {
        var told = exits.watch(status.id(), status.pid());
        if (told.isEmpty()) {
            patience.insist(() -> end(name, false));
            return Optional.empty();
        }
        try {
            // An end before the watch began makes no event.
            if (!patience.insist(() -> engine.container(name))
                    .map(ContainerStatus::runs)
                    .orElse(false)) {
                return Optional.empty();
            }
            awaitEither(name, told.get(), patience);
            // Whether memory ran out is for the engine to say.
            return exits.code(status.id())
                    .filter(code -> code != ContainerExit.KILLED)
                    .map(code -> new ContainerExit(code, null));
        } finally {
            exits.forget(status.id());
        }
    }

    /** A conmon that somebody kills tells nothing, but Podman finds out. */
    private void awaitEither(String name, CompletableFuture<Void> told, EnginePatience patience)
            throws InterruptedException {
        var asking = Thread.ofVirtual().name("end of " + name).start(() -> {
            try {
                patience.insist(() -> end(name, true));
                told.complete(null);
            } catch (InterruptedException e) {
                log.debug("the end of {} is known", name);
            }
        });
        try {
            told.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody lets it fail", e);
        } finally {
            asking.interrupt();
        }
    }

    private boolean end(String name, boolean rarely) throws IOException {
        try {
            if (rarely) {
                engine.awaitEndRarelyAsked(name);
            } else {
                engine.awaitEnd(name);
            }
        } catch (EngineFailure e) {
            if (e.status() != EngineFailure.NOT_FOUND) {
                throw e;
            }
        }
        return true;
    }

    private static ContainerExit exit(Optional<ContainerStatus> status) {
        if (status.isEmpty()) {
            return new ContainerExit(ContainerExit.KILLED, REMOVED);
        }
        return status.get().neverStarted()
                ? new ContainerExit(ContainerExit.KILLED, "The engine did not start the container")
                : status.get().exit();
    }

    @Override
    public void close() throws IOException {
        exits.close();
    }
}

package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings containers from a request to their start, which is asked for once. Thread safe. */
final class ContainerStarts {
    /** One start at a time per container, whichever driver object is asked. */
    private static final List<Lock> LOCKS =
            Stream.<Lock>generate(ReentrantLock::new).limit(64).toList();

    private final Engine engine;
    private final Path tasks;
    private final EngineSettings settings;
    private final Images images;
    /** The ids of containers that this object has made and not yet started. */
    private final Map<ContainerName, String> created = new ConcurrentHashMap<>();

    ContainerStarts(Engine engine, Path tasks, EngineSettings settings) {
        this.engine = engine;
        this.tasks = tasks;
        this.settings = settings;
        this.images = new Images(engine, settings.pullBehavior());
    }

    Images images() {
        return images;
    }

    /** Remembers nothing of a container that is no longer to start. */
    void forget(ContainerName name) {
        created.remove(name);
    }

    StartClaim claim(ContainerName name) {
        return new StartClaim(name.directory(tasks), name.attempt());
    }

    /** Creates the container with its image, unless it is there. */
    void prepare(ContainerName name, LaunchRequest request) throws StartFailure, IOException, InterruptedException {
        if (claim(name).isMade() || isPrepared(name)) {
            return;
        }
        var task = TaskDirectory.of(tasks, name.taskId());
        var body = Creation.of(request, task, settings, records(name));
        claim(name).keepCreation(body);
        images.beforeUse(request.image());
        try {
            create(name, body);
        } catch (EngineFailure e) {
            if (e.status() != EngineFailure.NOT_FOUND) {
                throw e;
            }
            images.fetchMissing(request.image());
            create(name, body);
        }
    }

    private @Nullable Path records(ContainerName name) throws IOException {
        return engine.kind().podman() ? OutputCopies.makeRecords(name.directory(tasks), name.attempt()) : null;
    }

    /** Only a container of which there is a record can be there already. */
    private boolean isPrepared(ContainerName name) throws IOException {
        return claim(name).hasCreation() && engine.container(name.inEngine()).isPresent();
    }

    private void create(ContainerName name, ObjectNode body) throws IOException {
        try {
            created.put(name, engine.create(name.inEngine(), body));
        } catch (EngineFailure e) {
            // Somebody made it meanwhile. Podman has another status for it.
            if (engine.container(name.inEngine()).isEmpty()) {
                throw e;
            }
        }
    }

    /** Starts a container that has never run. */
    void start(ContainerName name) throws StartFailure, InterruptedException {
        var lock = LOCKS.get(Math.floorMod(name.hashCode(), LOCKS.size()));
        lock.lockInterruptibly();
        try {
            startOnce(name);
        } catch (IOException e) {
            throw failure("CannotStartContainerError", name.inEngine(), e);
        } finally {
            lock.unlock();
        }
    }

    private void startOnce(ContainerName name) throws IOException, StartFailure {
        var claim = claim(name);
        var fresh = created.remove(name);
        if (fresh != null && !claim.isMade()) {
            // Nobody else starts what has no claim: there is nothing to ask the engine.
            claim.make(fresh);
            engine.start(fresh);
            claim.forgetCreation();
            return;
        }
        adopt(name, claim);
    }

    /** Starts what another driver object made, or a former agent process, unless that has started it. */
    private void adopt(ContainerName name, StartClaim claim) throws IOException, StartFailure {
        var status = engine.container(name.inEngine())
                .orElseThrow(() -> new StartFailure(
                        "CannotStartContainerError: container %s: it was removed from the engine before it started"
                                .formatted(name.inEngine())));
        if (!status.neverStarted()) {
            return;
        }
        var id = claim.isMade() ? replace(name, status.id()) : status.id();
        if (id.isEmpty()) {
            return;
        }
        claim.make(id);
        engine.start(id);
        claim.forgetCreation();
    }

    /**
     * An agent that ended asked for this container's start, and the engine may still be about to obey. A start names the
     * container's id, so once that container is gone no such start can succeed any more. Returns the id of another one
     * of the same kind and name; empty when the old one did start.
     */
    private String replace(ContainerName name, String id) throws IOException {
        try {
            engine.removeUnused(id);
        } catch (EngineFailure e) {
            if (e.status() == EngineFailure.CONFLICT) {
                return "";
            }
            throw e;
        }
        return engine.create(name.inEngine(), claim(name).readCreation());
    }

    /** What the engine said, or that it said nothing, as ECS names such errors. */
    static StartFailure failure(String error, String what, IOException cause) {
        return cause instanceof EngineFailure
                ? new StartFailure("%s: %s: %s".formatted(error, what, cause.getMessage()), cause)
                : new StartFailure(
                        "%s: %s: the container engine does not answer: %s".formatted(error, what, cause), cause);
    }
}

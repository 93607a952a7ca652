package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the engine of this host. An agent keeps to the engine that it once found, because its containers are there and in
 * no other.
 */
public final class Engines {
    private static final Logger log = LoggerFactory.getLogger(Engines.class);
    private static final String SCHEME = "unix";
    private static final long PATIENCE_SECONDS = 2;
    /** What Podman's service speaks, from version 4 on. */
    private static final String PODMAN_API = "1.41";

    private final Path data;
    private final PodmanService podman;
    private final Map<String, String> environment;

    /**
     * What was found.
     *
     * @param engine the engine
     * @param apiVersion the newest version of Docker's API that it speaks
     */
    public record Found(Engine engine, String apiVersion) {
        private static final int OLDEST = 17;

        /** The names under which ECS knows the versions of Docker's API, from the oldest that its agent announces. */
        public List<String> capabilities() {
            var minor = apiVersion.startsWith("1.") ? Integer.parseInt(apiVersion.substring(2)) : OLDEST;
            return IntStream.rangeClosed(OLDEST, minor)
                    .mapToObj(version -> "com.amazonaws.ecs.capability.docker-remote-api.1." + version)
                    .toList();
        }
    }

    /** The engines that an agent with this data directory may use. */
    public Engines(Path data, PodmanService podman, Map<String, String> environment) {
        this.data = data;
        this.podman = podman;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Finds the engine to use: the one that is named; else the one that this agent had before; else the first that
     * answers at DOCKER_HOST, Docker's or Podman's usual sockets; else Podman's service of the agent's own. Empty when
     * there is none, or none is wanted.
     *
     * @param named a {@code unix:} URL, or {@code none}; null means that none is named
     * @throws IllegalArgumentException when the URL is another one
     */
    public Optional<Found> find(@Nullable String named) throws IOException {
        if ("none".equals(named)) {
            return Optional.empty();
        }
        if (named != null) {
            return Optional.of(answering(socket(named)).orElseGet(() -> {
                log.warn("no container engine answers at {}; its tasks fail until it does", named);
                return new Found(new Engine(socket(named)), PODMAN_API);
            }));
        }
        var found = former().or(this::usual).or(this::own);
        if (found.isPresent()) {
            var socket = found.get().engine().socket().toString();
            DurableFiles.replace(memory(), socket.getBytes(StandardCharsets.UTF_8), Durability.PROCESS);
        }
        return found;
    }

    /** The engine that this agent had before, if it had one. */
    public Optional<Engine> remembered() throws IOException {
        var socket = DurableFiles.textOrEmpty(memory());
        return socket.isEmpty() ? Optional.empty() : Optional.of(engine(Path.of(socket)));
    }

    private Engine engine(Path socket) {
        var own = podman.engine();
        return own.socket().equals(socket) ? own : new Engine(socket);
    }

    private Optional<Found> former() {
        try {
            var engine = remembered();
            if (engine.isPresent()
                    && engine.get().socket().equals(podman.engine().socket())) {
                return own();
            }
            return engine.flatMap(known -> answering(known.socket()).or(() -> waitedFor(known)));
        } catch (IOException e) {
            log.warn("cannot read {}: {}", memory(), e.toString());
            return Optional.empty();
        }
    }

    private static Optional<Found> waitedFor(Engine engine) {
        if (!Files.exists(engine.socket())) {
            return Optional.empty();
        }
        log.warn("the container engine at {} does not answer; its tasks fail until it does", engine.socket());
        return Optional.of(new Found(engine, PODMAN_API));
    }

    private Optional<Found> usual() {
        return sockets().stream().flatMap(socket -> answering(socket).stream()).findFirst();
    }

    private Optional<Found> own() {
        return podman.isPossible() ? Optional.of(new Found(podman.engine(), PODMAN_API)) : Optional.empty();
    }

    private SequencedSet<Path> sockets() {
        var sockets = new LinkedHashSet<Path>();
        var host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.startsWith(SCHEME + ":")) {
            sockets.add(socket(host));
        } else if (!host.isEmpty()) {
            log.warn("DOCKER_HOST {} is left out: an agent runs containers on its own host, by a unix: URL", host);
        }
        sockets.add(Path.of("/var/run/docker.sock"));
        sockets.add(Path.of("/run/podman/podman.sock"));
        var runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty()) {
            sockets.add(Path.of(runtime, "docker.sock"));
            sockets.add(Path.of(runtime, "podman", "podman.sock"));
        }
        return sockets;
    }

    private static Path socket(String url) {
        var path = url.startsWith(SCHEME + ":") ? URI.create(url).getPath() : null;
        if (path == null || path.isEmpty()) {
            throw new IllegalArgumentException(
                    "container engine %s: use none or a URL such as unix:///var/run/docker.sock".formatted(url));
        }
        return Path.of(path);
    }

    /** A socket whose engine does not answer soon counts as none. */
    private static Optional<Found> answering(Path socket) {
        var engine = new Engine(socket);
        var answer = new CompletableFuture<String>();
        var asking = Thread.ofVirtual().start(() -> {
            try {
                answer.complete(engine.ping().apiVersion());
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return Optional.of(new Found(engine, answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
        } catch (ExecutionException | TimeoutException e) {
            log.debug("no engine at {}: {}", socket, e.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            asking.interrupt();
        }
    }

    private Path memory() {
        return data.resolve("container-engine");
    }
}

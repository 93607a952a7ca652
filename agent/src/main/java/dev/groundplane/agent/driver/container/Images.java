package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.RegistryCredentials;
import dev.groundplane.agent.driver.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's images, pulled when the pull behaviour says so. Thread safe; one image is pulled once at a time. */
final class Images {
    private static final Logger log = LoggerFactory.getLogger(Images.class);
    /** The Amazon ECS container agent's. */
    private static final Duration LONGEST_PULL = Duration.ofHours(2);
    /** Podman says nothing while it fetches a layer. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);
    /** What was built or imported here, and can be pulled from nowhere. */
    private static final String LOCAL = "localhost/";

    private final Engine engine;
    private final PullBehavior behavior;
    private final Set<String> pulled = ConcurrentHashMap.newKeySet();
    /** By image id, which stands for the same content for ever. */
    private final Map<String, Optional<String>> digests = new ConcurrentHashMap<>();

    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    Images(Engine engine, PullBehavior behavior) {
        this.engine = engine;
        this.behavior = behavior;
    }

    /** Pulls an image before its first use in a container, if the behaviour asks for that. */
    void beforeUse(Image image) throws StartFailure, IOException, InterruptedException {
        var cached = image.name().startsWith(LOCAL)
                || switch (behavior) {
                    case PREFER_CACHED -> true;
                    case ONCE -> pulled.contains(image.name());
                    case ALWAYS, DEFAULT -> false;
                };
        if (cached) {
            return;
        }
        try {
            pull(image);
        } catch (StartFailure e) {
            if (behavior == PullBehavior.ALWAYS || engine.image(image.name()).isEmpty()) {
                throw e;
            }
            log.warn("using the image {} that is here: {}", image.name(), e.getMessage());
        }
    }

    /** Pulls an image that the engine turned out not to have. */
    void fetchMissing(Image image) throws StartFailure, IOException, InterruptedException {
        if (image.name().startsWith(LOCAL)) {
            throw new StartFailure(
                    "CannotPullContainerError: image %s: the engine has no image of this name, and names that begin with %s are never pulled; build or import it on this host"
                            .formatted(image.name(), LOCAL));
        }
        pull(image);
    }

    /** The digest under which a registry knows an image; null when it came from none. */
    @Nullable
    String digest(String id) throws IOException {
        var known = digests.get(id);
        if (known == null) {
            known = Optional.ofNullable(askForDigest(id));
            digests.put(id, known);
        }
        return known.orElse(null);
    }

    private @Nullable String askForDigest(String id) throws IOException {
        for (var reference :
                engine.image(id).map(image -> image.path("RepoDigests")).orElse(Engine.JSON.nullNode())) {
            var parts = reference.asText().split("@", 2);
            if (parts.length == 2) {
                return parts[1];
            }
        }
        return null;
    }

    private void pull(Image image) throws StartFailure, IOException, InterruptedException {
        var lock = locks.computeIfAbsent(image.name(), name -> new ReentrantLock());
        lock.lockInterruptibly();
        try (var exchange = engine.pull(withTag(image.name()), authentication(image.credentials()))) {
            follow(image.name(), exchange);
            pulled.add(image.name());
        } catch (EngineFailure e) {
            throw new StartFailure("CannotPullContainerError: image %s: %s".formatted(image.name(), e.getMessage()), e);
        } finally {
            lock.unlock();
        }
    }

    /** Reads the progress to its end; closing the connection is what ends a pull that takes too long. */
    private static void follow(String image, EngineExchange exchange) throws StartFailure, IOException {
        var watch = new PullWatch(exchange, LONGEST_PULL, LONGEST_SILENCE);
        try (watch;
                var progress = Engine.JSON.readerFor(JsonNode.class).<JsonNode>readValues(exchange.body())) {
            while (progress.hasNextValue()) {
                var report = progress.nextValue();
                watch.progressed();
                var error = report.path("error").asText("");
                if (!error.isEmpty()) {
                    throw new StartFailure("CannotPullContainerError: image %s: %s".formatted(image, error));
                }
            }
        } catch (IOException e) {
            if (watch.expired()) {
                throw new StartFailure(
                        "CannotPullContainerError: image %s: the pull made no progress for %d min or took more than %d h"
                                .formatted(image, LONGEST_SILENCE.toMinutes(), LONGEST_PULL.toHours()),
                        e);
            }
            throw e;
        }
    }

    /** Docker pulls every tag of a name that has none. */
    private static String withTag(String name) {
        var last = name.substring(name.lastIndexOf('/') + 1);
        return last.contains(":") || last.contains("@") ? name : name + ":latest";
    }

    private static String authentication(@Nullable RegistryCredentials credentials) {
        if (credentials == null) {
            return "";
        }
        var json = Engine.JSON
                .createObjectNode()
                .put("username", credentials.username())
                .put("password", credentials.password());
        return Base64.getUrlEncoder().encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}

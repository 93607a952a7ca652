package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container engine that answers the Docker Engine API on a Unix socket. Keeps no connection, so an engine that was
 * restarted is simply asked again. Thread safe. Source: Docker Engine API v1.41, which Podman's service answers too.
 *
 * <p>Every method throws {@link EngineFailure} when the engine refuses, and another IOException when it does not answer.
 */
public final class Engine {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NOTHING = {};
    private static final int FIRST_ERROR = 300;

    private final Path socket;
    private final Revival revival;
    private volatile @Nullable Kind kind;

    /** What is done about an engine to which no connection can be made. */
    interface Revival {
        /** Returns true when it is worth another try. */
        boolean revive() throws IOException;
    }

    /**
     * What an engine says of itself.
     *
     * @param podman whether it is Podman, which differs where Docker's API leaves room
     * @param apiVersion the newest version of Docker's API that it speaks, such as {@code 1.41}
     */
    public record Kind(boolean podman, String apiVersion) {}

    /** The engine behind a socket, which need not be there yet. */
    public Engine(Path socket) {
        this(socket, () -> false);
    }

    /** The engine behind a socket, and what brings it back. */
    Engine(Path socket, Revival revival) {
        this.socket = socket;
        this.revival = revival;
    }

    /** The engine's socket. */
    public Path socket() {
        return socket;
    }

    /** Asks the engine whether it is there and what it is. */
    public Kind ping() throws IOException {
        try (var exchange = open("GET", "/_ping", Map.of(), NOTHING)) {
            var found = new Kind(!exchange.header("Libpod-Api-Version").isEmpty(), exchange.header("Api-Version"));
            kind = found;
            return found;
        }
    }

    /** As {@link #ping}, once. */
    Kind kind() throws IOException {
        var known = kind;
        return known == null ? ping() : known;
    }

    /** Makes a container and returns its id; fails when the name is taken, with a status that engines differ in. */
    String create(String name, ObjectNode body) throws IOException {
        return call("POST", "/containers/create?name=" + encoded(name), JSON.writeValueAsBytes(body))
                .path("Id")
                .asText();
    }

    /** Where a container stands; empty when the engine has none of that name. */
    Optional<ContainerStatus> container(String name) throws IOException {
        try {
            return Optional.of(new ContainerStatus(call("GET", container(name, "/json"), NOTHING)));
        } catch (EngineFailure e) {
            if (e.status() == EngineFailure.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Starts a container; one that runs is left alone. */
    void start(String id) throws IOException {
        call("POST", container(id, "/start"), NOTHING);
    }

    /** Blocks until a container does not run, or until the engine ends. */
    void awaitEnd(String name) throws IOException {
        call("POST", container(name, "/wait?condition=not-running"), NOTHING);
    }

    /** As {@link #awaitEnd}, of Podman, which looks for it: every 10 s only, so that many containers cost little. */
    void awaitEndRarelyAsked(String name) throws IOException {
        call(
                "POST",
                "/v4.0.0/libpod" + container(name, "/wait?condition=stopped&condition=exited&interval=10s"),
                NOTHING);
    }

    /** Sends the stop signal and, when so many seconds are over, SIGKILL; returns when the container has ended. */
    void stop(String name, long seconds) throws IOException {
        call("POST", container(name, "/stop?t=" + seconds), NOTHING);
    }

    /** Removes a container with its anonymous volumes, ending it first if need be. */
    void remove(String name) throws IOException {
        call("DELETE", container(name, "?v=1&force=1"), NOTHING);
    }

    /** Removes a container that does not run; fails with {@link EngineFailure#CONFLICT} when it does. */
    void removeUnused(String id) throws IOException {
        call("DELETE", container(id, ""), NOTHING);
    }

    /** What a container wrote from its first byte on and writes until it ends, in {@link OutputFrames} form. */
    EngineExchange output(String name) throws IOException {
        return openSuccessful("GET", container(name, "/logs?stdout=1&stderr=1&follow=1"), Map.of(), NOTHING);
    }

    /** Makes a further command for a running container, and returns its id. */
    String createExecution(String name, ObjectNode body) throws IOException {
        return call("POST", container(name, "/exec"), JSON.writeValueAsBytes(body))
                .path("Id")
                .asText();
    }

    /** Starts such a command; the body is its output and ends when it does. */
    EngineExchange startExecution(String id) throws IOException {
        var body = JSON.createObjectNode().put("Detach", false).put("Tty", false);
        return openSuccessful("POST", "/exec/" + id + "/start", Map.of(), JSON.writeValueAsBytes(body));
    }

    /** Where such a command stands: {@code Running}, {@code ExitCode}, {@code Pid}. */
    JsonNode execution(String id) throws IOException {
        return call("GET", "/exec/" + id + "/json", NOTHING);
    }

    /** An image that the engine has; empty when it has none of that name or id. */
    Optional<JsonNode> image(String name) throws IOException {
        try {
            return Optional.of(call("GET", "/images/" + encodedPath(name) + "/json", NOTHING));
        } catch (EngineFailure e) {
            if (e.status() == EngineFailure.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Begins to pull an image; the body is a sequence of JSON objects that report progress, one of which has a member
     * {@code error} when it fails.
     *
     * @param authentication the header X-Registry-Auth; empty means none
     */
    EngineExchange pull(String image, String authentication) throws IOException {
        var headers = authentication.isEmpty() ? Map.<String, String>of() : Map.of("X-Registry-Auth", authentication);
        return openSuccessful("POST", "/images/create?fromImage=" + encoded(image), headers, NOTHING);
    }

    /** The names of all containers, running or not, that have a label. */
    List<String> namesLabelled(String label) throws IOException {
        var filter = JSON.createObjectNode();
        filter.putArray("label").add(label);
        var names = new ArrayList<String>();
        for (var container : call("GET", "/containers/json?all=1&filters=" + encoded(filter.toString()), NOTHING)) {
            names.add(container.path("Names").path(0).asText().substring(1));
        }
        return names;
    }

    /** Makes an image of one layer from a tar archive of a root file system. */
    void importImage(String name, byte[] archive) throws IOException {
        var target = "/images/create?fromSrc=-&tag=latest&repo=" + encoded(name);
        try (var exchange = openSuccessful("POST", target, Map.of("Content-Type", "application/x-tar"), archive)) {
            exchange.body().transferTo(OutputStream.nullOutputStream());
        }
    }

    private JsonNode call(String method, String target, byte[] content) throws IOException {
        try (var exchange = openSuccessful(method, target, Map.of(), content)) {
            var body = exchange.body().readAllBytes();
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        }
    }

    private EngineExchange openSuccessful(String method, String target, Map<String, String> headers, byte[] content)
            throws IOException {
        var exchange = open(method, target, headers, content);
        if (exchange.status() < FIRST_ERROR || exchange.status() == EngineFailure.NOT_MODIFIED) {
            return exchange;
        }
        try (exchange) {
            throw new EngineFailure(exchange.status(), message(exchange.body().readAllBytes()));
        }
    }

    private EngineExchange open(String method, String target, Map<String, String> headers, byte[] content)
            throws IOException {
        var all = new HashMap<>(headers);
        if (content.length > 0) {
            all.putIfAbsent("Content-Type", "application/json");
        }
        return EngineExchange.open(connect(), method, target, all, content);
    }

    private SocketChannel connect() throws IOException {
        try {
            return EngineExchange.connect(socket);
        } catch (SocketException e) {
            if (revival.revive()) {
                return EngineExchange.connect(socket);
            }
            throw e;
        }
    }

    private static String message(byte[] body) {
        try {
            var message = JSON.readTree(body).path("message").asText("");
            if (!message.isEmpty()) {
                return message;
            }
        } catch (IOException notJson) {
            return new String(body, StandardCharsets.UTF_8).strip();
        }
        return new String(body, StandardCharsets.UTF_8).strip();
    }

    private static String container(String name, String rest) {
        return "/containers/" + encoded(name) + rest;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Image names keep their slashes. */
    private static String encodedPath(String text) {
        return encoded(text).replace("%2F", "/");
    }
}

package dev.groundplane.agent.metadata;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server that tasks ask. It listens on loopback, where processes of the host and containers on the host's network
 * find it, and, once a container with a network of its own needs it, on a link-local address that SDKs trust as much. Thread
 * safe; whoever opens it closes it.
 */
public final class MetadataEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetadataEndpoint.class);
    private static final String LOOPBACK = "127.0.0.1";

    private final EndpointIds ids;
    private final Optional<LinkLocalAddress> linkLocal;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> servers = new ArrayList<>();
    private final int port;
    private @Nullable Routes routes;
    private boolean forContainers;
    private boolean refused;

    private MetadataEndpoint(EndpointIds ids, Optional<LinkLocalAddress> linkLocal, HttpServer loopback) {
        this.ids = ids;
        this.linkLocal = linkLocal;
        this.port = loopback.getAddress().getPort();
        add(loopback);
    }

    /**
     * Takes this agent's port on loopback. Requests wait until {@link #serve}.
     *
     * @param data the agent's data directory, which keeps port and key
     * @param linkLocal the address for containers with a network of their own; empty for none
     * @throws IOException when no port can be had, or port and key cannot be kept
     */
    public static MetadataEndpoint open(Path data, Optional<LinkLocalAddress> linkLocal) throws IOException {
        var ids = EndpointIds.open(data.resolve("metadata.key"));
        var server = new EndpointPort(data.resolve("metadata.port")).bind(InetAddress.ofLiteral(LOOPBACK));
        return new MetadataEndpoint(ids, linkLocal, server);
    }

    /** Begins to answer, when the tasks of a former agent process are known again. Once. */
    public synchronized void serve(TaskViews tasks, RoleCredentialsStore credentials, ContainerStats stats) {
        routes = new Routes(new CredentialsAnswers(ids, tasks, credentials), new MetadataAnswers(ids, tasks, stats));
        servers.forEach(HttpServer::start);
    }

    /** The port, which running tasks know. */
    public int port() {
        return port;
    }

    EndpointIds ids() {
        return ids;
    }

    /** Where processes on the host's network ask. */
    URI forHost() {
        return URI.create("http://" + LOOPBACK + ":" + port);
    }

    /**
     * Where containers with a network of their own ask; from now on it is listened there. Idempotent; a failure is said once
     * and tried again with the next container.
     *
     * @return empty when this agent cannot listen there
     */
    synchronized Optional<URI> forContainers() {
        if (linkLocal.isEmpty() || !listen(linkLocal.get())) {
            return Optional.empty();
        }
        return Optional.of(URI.create("http://" + linkLocal.get().address().getHostAddress() + ":" + port));
    }

    private boolean listen(LinkLocalAddress address) {
        if (forContainers) {
            return true;
        }
        try {
            address.ensure();
            add(HttpServer.create(new InetSocketAddress(address.address(), port), 0));
            forContainers = true;
        } catch (IOException e) {
            if (!refused) {
                log.warn(
                        "containers with networks of their own get neither role credentials nor metadata: {}",
                        e.getMessage());
            }
            refused = true;
        }
        return forContainers;
    }

    private void add(HttpServer server) {
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        servers.add(server);
        if (routes != null) {
            server.start();
        }
        log.info("role credentials and metadata for tasks are at {}", server.getAddress());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Routes current;
            synchronized (this) {
                current = routes;
            }
            if (current == null) {
                return;
            }
            var answer = current.answer(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath());
            var body = Json.MAPPER.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Stops listening. Idempotent. */
    @Override
    public synchronized void close() {
        servers.forEach(server -> server.stop(0));
        servers.clear();
        threads.close();
    }
}

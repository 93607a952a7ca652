package dev.groundplane.server.http;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.services.ecs.AgentChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket. Services may block their thread. Whoever starts it closes it.
 *
 * <p>Platform threads, not virtual ones: Jetty then answers on the thread that read the request, which halves the time of a
 * short call.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int WAITING_CONNECTIONS = 4_096;
    private static final int MAX_THREADS = 200;
    private static final int MIN_THREADS = 8;
    private static final int MAX_HEADER_BYTES = 32 * 1024;
    /** What is read at once; contents of objects come in many reads. Held only while there is something to read. */
    private static final int INPUT_BUFFER_BYTES = 256 * 1024;

    private final Server server = new Server(new QueuedThreadPool(MAX_THREADS, MIN_THREADS));
    private final ServerConnector connector;
    private final Optional<SslContextFactory.Server> tls;

    /**
     * @param host address to listen on
     * @param port 0 for any free one
     * @param others further addresses to listen on, at the same port
     * @param certificate for TLS on all of them; empty for plain HTTP
     * @param door answers AWS API requests
     * @param browsers stands before {@code door} and answers what browsers ask besides
     * @param instances answers what managed instances ask
     * @param operators answers what operators ask
     * @param clusters answers ParallelCluster's REST API
     * @param headNodes answers head nodes of Slurm clusters
     * @param channel where agents' connections go; asked for with the first of them
     * @param health the body of {@code /health}
     */
    public HttpEndpoint(
            String host,
            int port,
            List<Listener> others,
            Optional<Certificate> certificate,
            FrontDoor door,
            BrowserDoor browsers,
            ManagedInstanceDoor instances,
            OperatorDoor operators,
            ParallelClusterDoor clusters,
            HeadNodeDoor headNodes,
            Supplier<AgentChannel> channel,
            Supplier<String> health) {
        tls = certificate.map(Certificate::context);
        connector = connector(host, port);
        for (Listener other : others) {
            connector(other.address(), port);
        }
        server.setHandler(new GracefulHandler(new HttpFront(
                door, browsers, instances, new AgentSockets(server, channel), operators, clusters, headNodes, health)));
        server.setErrorHandler(new UnreadableRequests());
        server.setStopTimeout(GRACE.toMillis());
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        // Signatures cover the path as it was sent: nothing may be refused or rewritten before they are checked.
        http.setUriCompliance(UriCompliance.UNSAFE);
        // The same of headers: without this, "text/plain; charset=UTF-8" arrives as "text/plain;charset=utf-8".
        http.setHeaderCacheCaseSensitive(true);
        return http;
    }

    private ServerConnector unbound() {
        HttpConfiguration http = configuration();
        if (tls.isEmpty()) {
            return new ServerConnector(server, 1, 1, factory(http));
        }
        // Clients may reach the address by a name that the certificate does not have, and then refuse it themselves.
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslConnectionFactory encrypted = new SslConnectionFactory(tls.get(), HttpVersion.HTTP_1_1.asString());
        return new ServerConnector(server, 1, 1, encrypted, factory(http));
    }

    /** Uses another certificate for connections from now on; those that are open stay. */
    public void use(Certificate certificate) {
        tls.ifPresent(context -> {
            try {
                context.reload(certificate::into);
            } catch (Exception e) { // Jetty declares it; the present certificate stays
                throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "cannot use another certificate", e);
            }
        });
    }

    private static HttpConnectionFactory factory(HttpConfiguration http) {
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        factory.setInputBufferSize(INPUT_BUFFER_BYTES);
        return factory;
    }

    private ServerConnector connector(String address, int port) {
        ServerConnector made = unbound();
        made.setHost(address);
        made.setPort(port);
        made.setIdleTimeout(IDLE.toMillis());
        // The JDK's 50 drop the connections of a fleet that comes back all at once, and each tries again seconds later.
        made.setAcceptQueueSize(WAITING_CONNECTIONS);
        server.addConnector(made);
        return made;
    }

    /**
     * Starts to listen.
     *
     * @throws GroundplaneException when the port is taken
     */
    public void start() {
        try {
            server.start();
        } catch (Exception e) { // Jetty declares it; whatever it is, we cannot serve
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL,
                    "cannot listen on %s: %s; choose another --port or --listen".formatted(addresses(), e.getMessage()),
                    e);
        }
    }

    private String addresses() {
        return Stream.of(server.getConnectors())
                .map(ServerConnector.class::cast)
                .map(each -> each.getHost() + ":" + each.getPort())
                .collect(Collectors.joining(" and "));
    }

    /** The port that is listened on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Lets running requests finish for a few seconds, then cuts those that have not. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("requests that did not end in {} s were cut", GRACE.toSeconds());
        } catch (Exception e) { // as above
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "the HTTP server did not stop cleanly", e);
        }
    }
}

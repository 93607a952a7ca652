package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.ProtocolViolation;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.StartupPacket.Startup;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for PostgreSQL's clients and gives each a session of its own. Thread safe. */
public final class WarehouseServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WarehouseServer.class);
    /** Redshift's longest statement is 16 MB. */
    private static final int LONGEST_MESSAGE = 32 * 1024 * 1024;

    private final Engine engine;
    private final Login login;
    private final @Nullable SSLContext tls;
    private final ServerSocket listener;
    private final Cancellation cancellation = new Cancellation();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    private WarehouseServer(Engine engine, UserDirectory users, @Nullable SSLContext tls, ServerSocket listener) {
        this.engine = engine;
        this.login = new Login(users);
        this.tls = tls;
        this.listener = listener;
    }

    /**
     * Begins to listen.
     *
     * @param engine stays the caller's to close, after the server
     * @param tls null for none; clients that want it are told so
     */
    public static WarehouseServer start(
            Engine engine, UserDirectory users, @Nullable SSLContext tls, InetSocketAddress address)
            throws IOException {
        var listener = new ServerSocket();
        listener.bind(address, 1024);
        var server = new WarehouseServer(engine, users, tls, listener);
        Thread.ofPlatform().name("warehouse listener").start(server::accept);
        return server;
    }

    /** The port that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                connections.add(socket);
                // The engine's calls block a thread of the machine's: virtual ones would keep each other waiting.
                Thread.ofPlatform().name("warehouse session").daemon().start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    log.error("a client cannot be accepted", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            begin(socket, false);
        } catch (IOException gone) {
            log.debug("a client is gone", gone);
        } finally {
            connections.remove(socket);
        }
    }

    /** Takes what comes before a session: encryption, a request to cancel, the session's parameters. */
    private void begin(Socket socket, boolean encrypted) throws IOException {
        // Unbuffered: what follows a request for encryption belongs to the encrypted stream.
        var input = new MessageInput(socket.getInputStream(), LONGEST_MESSAGE);
        var output = new MessageOutput(socket.getOutputStream());
        try {
            for (var packet = input.readStartup(); packet != null; packet = input.readStartup()) {
                switch (packet) {
                    case StartupPacket.TlsRequest request when tls != null && !encrypted -> {
                        output.negotiation('S');
                        begin(encrypted(socket, tls), true);
                        return;
                    }
                    case StartupPacket.TlsRequest request -> output.negotiation('N');
                    case StartupPacket.GssRequest request -> output.negotiation('N');
                    case StartupPacket.Cancel(var processId, var secretKey) -> {
                        cancellation.cancel(processId, secretKey);
                        return;
                    }
                    case StartupPacket.Private(var code, var content) ->
                        throw new ProtocolViolation(
                                "protocol version %d.%d: use 3.0".formatted(code >>> 16, code & 0xFFFF));
                    case Startup startup -> {
                        session(startup, encrypted, new BufferedInputStream(socket.getInputStream(), 16 * 1024), output);
                        return;
                    }
                }
            }
        } catch (ProtocolViolation e) {
            output.error(Report.fatal(SqlState.PROTOCOL_VIOLATION, e.getMessage()));
            output.flush();
        }
    }

    private static Socket encrypted(Socket socket, SSLContext tls) throws IOException {
        var encrypted = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
        encrypted.setUseClientMode(false);
        encrypted.startHandshake();
        return encrypted;
    }

    private void session(Startup startup, boolean encrypted, BufferedInputStream stream, MessageOutput output) throws IOException {
        var input = new MessageInput(stream, LONGEST_MESSAGE);
        try {
            if (startup.minorVersion() > 0) {
                output.negotiateProtocolVersion(0, unknownOptions(startup.parameters()));
            }
            var user = required(startup, "user");
            login.authenticate(user, encrypted, input, output);
            session(user, startup.parameters(), input, output);
        } catch (SqlFailure e) {
            output.error(e.report());
            output.flush();
        }
    }

    private void session(String user, Map<String, String> parameters, MessageInput input, MessageOutput output)
            throws IOException {
        var database = parameters.getOrDefault("database", user);
        try (var session = engine.session(database)) {
            var key = cancellation.add(session);
            try {
                var settings = settings(user, parameters);
                output.backendKeyData(key.processId(), key.secretKey());
                new ClientSession(input, output, session, settings).run();
            } finally {
                cancellation.remove(key);
            }
        } catch (SQLException e) {
            log.debug("no session in {}", database, e);
            throw new SqlFailure(Report.fatal(
                    SqlState.INVALID_CATALOG_NAME, "database \"%s\" does not exist".formatted(database)));
        }
    }

    /** Drivers send more than there are settings; those that are none are passed over, as Redshift does. */
    private static Settings settings(String user, Map<String, String> parameters) {
        var settings = new Settings(user);
        for (var name : List.of("client_encoding", "application_name", "timezone", "query_group", "search_path")) {
            parameters.entrySet().stream()
                    .filter(parameter -> parameter.getKey().equalsIgnoreCase(name))
                    .forEach(parameter -> settings.set(name, List.of(parameter.getValue())));
        }
        return settings;
    }

    private static List<String> unknownOptions(Map<String, String> parameters) {
        return parameters.keySet().stream()
                .filter(name -> name.startsWith("_pq_."))
                .toList();
    }

    private static String required(Startup startup, String name) {
        var value = startup.parameters().get(name);
        if (value == null || value.isEmpty()) {
            throw new SqlFailure(Report.fatal(
                    SqlState.INVALID_AUTHORIZATION, "no %s specified in the startup packet".formatted(name)));
        }
        return value;
    }

    /** Ends all sessions and stops to listen. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (var connection : connections) {
            connection.close();
        }
    }
}

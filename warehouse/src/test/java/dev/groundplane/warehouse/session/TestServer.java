package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.warehouse.copyjob.CopyJobs;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.Retention;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.replication.Replications;
import dev.groundplane.warehouse.storage.FakeS3;
import dev.groundplane.warehouse.storage.Staging;
import dev.groundplane.warehouse.storage.Storage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** A warehouse without a gateway: its clients connect to it directly. The user admin has the password secret. */
final class TestServer implements AutoCloseable {
    /** Without a gateway nobody asks. */
    private static final Idleness NEVER_PARKED = new Idleness() {
        @Override
        public void parked(byte[] state) {
            throw new IllegalStateException("nobody keeps a session's state here");
        }

        @Override
        public void stays() {}
    };

    private static final long STAGING_BYTES = 64L << 20;

    private final FakeS3 s3 = new FakeS3();
    private final TestPrincipals principals;
    private final Path staging;
    private final Engine engine;
    private final LoadHistory loads;
    private final Replications replications;
    private final History history;
    private final Sessions sessions;
    private final ServerHandshake handshake;
    private final ServerSocket listener;
    private final Map<Thread, Socket> clients = new ConcurrentHashMap<>();

    static final Gateway SILENT = (operation, members) -> {
        throw new AssertionError("nobody expected the warehouse to ask for " + operation);
    };

    TestServer(Path directory, Supplier<SSLContext> tls) throws IOException, SQLException {
        this(directory, tls, SILENT);
    }

    /** Sessions of an engine in that directory, whose control plane knows of admin and nothing else. */
    static Sessions sessions(Engine engine, Path directory) throws IOException, SQLException {
        return sessions(engine, directory, SILENT);
    }

    /** @param gateway answers what else they ask of the control plane */
    static Sessions sessions(Engine engine, Path directory, Gateway gateway) throws IOException, SQLException {
        var principals = new TestPrincipals(gateway);
        var staging = new Staging(directory.resolve(Engine.STAGING), STAGING_BYTES);
        return new Sessions(
                engine,
                principals,
                new Storage(principals, new FakeS3(), staging),
                new LoadHistory(engine.session("dev")),
                new Replications(engine, gateway, staging),
                new History(engine.session("dev"), Retention.STANDARD));
    }

    /** @param gateway answers what the warehouse asks of the control plane */
    TestServer(Path directory, Supplier<SSLContext> tls, Gateway gateway) throws IOException, SQLException {
        engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
        staging = directory.resolve(Engine.STAGING);
        principals = new TestPrincipals(gateway);
        var files = new Staging(staging, STAGING_BYTES);
        replications = new Replications(engine, gateway, files);
        replications.resume();
        loads = new LoadHistory(engine.session("dev"));
        history = new History(engine.session("dev"), Retention.STANDARD);
        sessions = new Sessions(engine, principals, new Storage(principals, s3, files), loads, replications, history);
        handshake = new ServerHandshake(principals::verifiers, tls);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** S3 as the warehouse sees it. */
    FakeS3 s3() {
        return s3;
    }

    /** What loads files that land there. */
    CopyJobs copyJobs() {
        return sessions.copyJobs();
    }

    /** The workgroup's users and parameters. */
    TestPrincipals principals() {
        return principals;
    }

    /** Where files lie while statements work on them. */
    Path staging() {
        return staging;
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                var client = Thread.ofPlatform().daemon().unstarted(() -> serve(socket));
                clients.put(client, socket);
                client.start();
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var client = handshake.greet(socket, sessions::cancel, other -> {});
            if (client.isPresent()) {
                sessions.serve(
                        client.get().startup(),
                        new BufferedInputStream(client.get().input()),
                        client.get().output(),
                        NEVER_PARKED);
                client.get().socket().close();
            }
        } catch (IOException clientIsGone) {
            return;
        }
    }

    @Override
    public void close() throws Exception {
        listener.close();
        for (var client : clients.entrySet()) {
            client.getValue().close();
            client.getKey().join(); // its session is the engine's, too
        }
        sessions.close();
        replications.close();
        history.close();
        loads.close();
        engine.close();
    }
}

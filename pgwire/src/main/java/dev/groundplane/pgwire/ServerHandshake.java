package dev.groundplane.pgwire;

import dev.groundplane.pgwire.StartupPacket.Startup;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** What happens on a new connection before there is a session: encryption, requests to cancel, the password. Thread-safe. */
public final class ServerHandshake {
    /** Redshift's longest statement is 16 MB. */
    public static final int LONGEST_MESSAGE = 32 * 1024 * 1024;

    /** Nobody who has not logged in yet has more to say. */
    private static final int LONGEST_LOGIN = 16 * 1024;

    private final Login login;
    private final @Nullable Supplier<SSLContext> tls;

    /** @param tls asked for each client; null for none, and clients that ask for it are told so */
    public ServerHandshake(UserDirectory users, @Nullable Supplier<SSLContext> tls) {
        this.login = new Login(users);
        this.tls = tls;
    }

    /**
     * A client that has shown who it is. It was told so, and waits for its session's parameters.
     *
     * @param input what follows the startup packet, unbuffered
     * @param output nothing of it is unsent
     * @param socket to close both
     * @param verifier of the password that it has shown
     */
    public record Client(
            Startup startup, InputStream input, MessageOutput output, Socket socket, ScramVerifier verifier) {
        /** The user's name. */
        public String user() {
            return startup.parameters().getOrDefault("user", "");
        }

        /** The database that it wants; the one of its own name when it does not say. */
        public String database() {
            return startup.parameters().getOrDefault("database", user());
        }
    }

    /**
     * Greets whoever connected.
     *
     * @param cancel takes requests to cancel
     * @param others takes packets with codes of the server's own; they own the socket from then on
     * @return the client; empty when there is none to serve, and whoever there was has been told
     */
    public Optional<Client> greet(
            Socket socket, Consumer<StartupPacket.Cancel> cancel, Consumer<StartupPacket.Private> others)
            throws IOException {
        return greet(socket, false, cancel, others);
    }

    private Optional<Client> greet(
            Socket socket,
            boolean encrypted,
            Consumer<StartupPacket.Cancel> cancel,
            Consumer<StartupPacket.Private> others)
            throws IOException {
        // Unbuffered: what follows a request for encryption belongs to the encrypted stream.
        var input = new MessageInput(socket.getInputStream(), LONGEST_LOGIN);
        var output = new MessageOutput(socket.getOutputStream());
        try {
            for (var packet = input.readStartup(); packet != null; packet = input.readStartup()) {
                switch (packet) {
                    case StartupPacket.TlsRequest request
                    when tls != null && !encrypted -> {
                        output.negotiation('S');
                        return greet(encrypted(socket, tls.get()), true, cancel, others);
                    }
                    case StartupPacket.TlsRequest request -> output.negotiation('N');
                    case StartupPacket.GssRequest request -> output.negotiation('N');
                    case StartupPacket.Cancel request -> {
                        cancel.accept(request);
                        return Optional.empty();
                    }
                    case StartupPacket.Private own -> {
                        others.accept(own);
                        return Optional.empty();
                    }
                    case Startup startup -> {
                        return Optional.of(client(startup, encrypted, socket, output));
                    }
                }
            }
        } catch (ProtocolViolation e) {
            output.error(Report.fatal(SqlState.PROTOCOL_VIOLATION, String.valueOf(e.getMessage())));
            output.flush();
        } catch (LoginRefused e) {
            output.error(e.report());
            output.flush();
        }
        return Optional.empty();
    }

    private static Socket encrypted(Socket socket, SSLContext tls) throws IOException {
        var encrypted = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
        encrypted.setUseClientMode(false);
        encrypted.startHandshake();
        return encrypted;
    }

    private Client client(Startup startup, boolean encrypted, Socket socket, MessageOutput output)
            throws IOException, LoginRefused {
        if (startup.minorVersion() > 0) {
            output.negotiateProtocolVersion(0, unknownOptions(startup));
        }
        // Unbuffered, too: whoever serves it has a buffer only while there is something to read.
        var stream = socket.getInputStream();
        var user = startup.parameters().getOrDefault("user", "");
        if (user.isEmpty()) {
            throw new LoginRefused(
                    Report.fatal(SqlState.INVALID_AUTHORIZATION, "no user specified in the startup packet"));
        }
        var shown = login.authenticate(user, encrypted, new MessageInput(stream, LONGEST_LOGIN), output);
        output.flush();
        return new Client(startup, stream, output, socket, shown);
    }

    private static List<String> unknownOptions(Startup startup) {
        return startup.parameters().keySet().stream()
                .filter(name -> name.startsWith("_pq_."))
                .toList();
    }
}

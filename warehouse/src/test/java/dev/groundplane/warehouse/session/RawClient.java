package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.StartupPacket.Startup;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A client of PostgreSQL's protocol that sends what a test says, and its gateway, which keeps the session's state. */
final class RawClient implements AutoCloseable, Idleness {
    private final Sessions sessions;
    /** A state, or no bytes for a session that stays. */
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();

    private Socket socket = new Socket();
    private byte[] parked = new byte[0];

    /** Connects as the administrator, and reads up to ReadyForQuery. */
    RawClient(Sessions sessions) throws IOException {
        this(sessions, "admin");
    }

    /** Connects as a user, and reads up to ReadyForQuery. */
    RawClient(Sessions sessions, String user) throws IOException {
        this.sessions = sessions;
        var startup = new Startup(0, Map.of("user", user, "database", "dev"));
        connect((stream, output) -> sessions.serve(startup, stream, output, this));
        answers();
    }

    private interface Course {
        void run(BufferedInputStream stream, MessageOutput output) throws IOException;
    }

    private void connect(Course course) throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
            var there = listener.accept();
            Thread.ofPlatform().daemon().start(() -> {
                try (there) {
                    course.run(
                            new BufferedInputStream(there.getInputStream()),
                            new MessageOutput(there.getOutputStream()));
                } catch (IOException clientIsGone) {
                    return;
                }
            });
        }
    }

    /** Has the session parked. True when it was: its connection has ended, and nothing was left on it. */
    boolean park() throws IOException, InterruptedException {
        if (parked.length > 0) {
            send('S');
            answers();
        }
        socket.getOutputStream().write(Parking.request());
        var state = answers.take();
        if (state.length == 0) {
            return false;
        }
        if (socket.getInputStream().read() >= 0) {
            throw new IllegalStateException("a parked session said something to its client");
        }
        socket.close();
        parked = state;
        return true;
    }

    @Override
    public void parked(byte[] state) {
        answers.add(state);
    }

    @Override
    public void stays() {
        answers.add(new byte[0]);
    }

    private void restore() throws IOException {
        var state = parked;
        parked = new byte[0];
        connect((stream, output) -> sessions.restore(state, stream, output, this));
    }

    /** What a parked session says when it cannot be restored. */
    List<String> refusal() throws IOException {
        restore();
        return answers();
    }

    /** Sends a message; a parked session is restored before. */
    void send(char type, Object... parts) throws IOException {
        if (parked.length > 0) {
            restore();
        }
        var content = new ByteArrayOutputStream();
        var data = new DataOutputStream(content);
        for (var part : parts) {
            switch (part) {
                case String text -> {
                    data.write(text.getBytes(StandardCharsets.UTF_8));
                    data.write(0);
                }
                case Short number -> data.writeShort(number);
                case Integer number -> data.writeInt(number);
                case Byte number -> data.write(number);
                default -> throw new IllegalArgumentException("no part of a message: " + part);
            }
        }
        var output = new DataOutputStream(socket.getOutputStream());
        output.write(type);
        output.writeInt(content.size() + Integer.BYTES);
        content.writeTo(output);
    }

    /** The messages up to ReadyForQuery or the end, each its type and its content's printable characters. */
    List<String> answers() throws IOException {
        var messages = new ArrayList<String>();
        for (var message = answer(); !message.isEmpty(); message = answer()) {
            messages.add(message);
            if (message.startsWith("Z")) {
                break;
            }
        }
        return messages;
    }

    /** The next message, in the same form; empty at the end. */
    String answer() throws IOException {
        var input = new DataInputStream(socket.getInputStream());
        var type = input.read();
        if (type < 0) {
            return "";
        }
        var content = input.readNBytes(input.readInt() - Integer.BYTES);
        return (char) type
                + new String(content, StandardCharsets.UTF_8)
                        .replaceAll("[^ -~]+", " ")
                        .strip();
    }

    /** Sends a simple query and gives its answers. */
    List<String> query(String sql) throws IOException {
        send('Q', sql);
        return answers();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

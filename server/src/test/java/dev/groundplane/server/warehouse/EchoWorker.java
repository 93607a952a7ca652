package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.FrontendMessage;
import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.TransactionStatus;
import dev.groundplane.pgwire.WorkerPacket;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A worker whose sessions answer a query with its text. A session's state is all that was asked in it. It answers questions to park
 * when it is told how.
 */
final class EchoWorker implements ClientConnection.Workers, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How a question to park is answered. */
    enum Reply {
        PARKS,
        /** The session's connection ends before the answer is there. */
        PARKS_LATE,
        STAYS,
        /** The process is killed. */
        DIES
    }

    private final WorkerLink link;
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    /** Gets an element for each question that has come. */
    final BlockingQueue<Long> questions = new LinkedBlockingQueue<>();
    /** Gets an element for each session that left the worker. */
    final BlockingQueue<Long> released = new LinkedBlockingQueue<>();
    /** What is said when each session begins: nothing, or its state. */
    final List<String> beginnings = new CopyOnWriteArrayList<>();

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ServerSocket gateway = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Socket control;

    EchoWorker(WorkerLink link) throws IOException {
        this.link = link;
        Thread.ofVirtual().start(this::accept);
        control = connect(0);
        Thread.ofVirtual().start(() -> quietly(this::takeOrders));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void quietly(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect(long session) throws IOException {
        Socket socket = new Socket(gateway.getInetAddress(), gateway.getLocalPort());
        sockets.add(socket);
        socket.getOutputStream().write(new WorkerPacket("token", session).encode());
        return socket;
    }

    /** The gateway's part, as {@link Port} has it. */
    private void accept() {
        while (!gateway.isClosed()) {
            quietly(() -> {
                Socket socket = gateway.accept();
                Thread.ofVirtual()
                        .start(() -> quietly(() -> {
                            StartupPacket packet = new MessageInput(socket.getInputStream(), 1000).readStartup();
                            WorkerPacket hello = WorkerPacket.of((StartupPacket.Private) packet)
                                    .orElseThrow();
                            if (hello.session() == 0) {
                                link.serve(socket);
                            } else {
                                link.arrived(hello.session(), socket);
                            }
                        }));
            });
        }
    }

    private void takeOrders() throws IOException {
        DataInputStream orders = new DataInputStream(control.getInputStream());
        while (true) {
            long session = orders.readLong();
            Thread.ofVirtual().start(() -> quietly(() -> serve(session)));
        }
    }

    private void serve(long session) throws IOException, InterruptedException {
        Socket socket = connect(session);
        MessageInput input = new MessageInput(socket.getInputStream(), 1000);
        MessageOutput output = new MessageOutput(socket.getOutputStream());
        StringBuilder asked = new StringBuilder();
        switch (input.readStartup()) {
            case StartupPacket.Private parked ->
                asked.append(new String(
                        Parking.state(parked, new DataInputStream(socket.getInputStream()))
                                .orElseThrow(),
                        StandardCharsets.UTF_8));
            default -> {
                output.readyForQuery(TransactionStatus.IDLE);
                output.flush();
            }
        }
        beginnings.add(asked.toString());
        TransactionStatus status = TransactionStatus.IDLE;
        for (FrontendMessage message = input.read(); message != null; message = input.read()) {
            if (message instanceof FrontendMessage.Query(String text)) {
                asked.append(text).append(';');
                status = text.equals("BEGIN") ? TransactionStatus.OPEN : status;
                output.commandComplete(text);
                output.readyForQuery(status);
                output.flush();
            } else if (message instanceof FrontendMessage.Park && answer(session, asked.toString(), socket)) {
                return;
            }
        }
    }

    private boolean answer(long session, String state, Socket socket) throws IOException, InterruptedException {
        questions.add(session);
        Reply reply = replies.take();
        byte[] parked = new Parking.Answer(session, Optional.of(state.getBytes(StandardCharsets.UTF_8))).encode();
        switch (reply) {
            case PARKS -> {
                control.getOutputStream().write(parked);
                socket.close();
            }
            case PARKS_LATE -> {
                socket.close();
                control.getOutputStream().write(parked);
            }
            case STAYS -> control.getOutputStream().write(new Parking.Answer(session, Optional.empty()).encode());
            case DIES -> close();
        }
        return reply != Reply.STAYS;
    }

    /** Answers a question that has come, or the next one. */
    void reply(Reply reply) {
        replies.add(reply);
    }

    @Override
    public WorkerConnection attach(byte[] first, WorkerLink.Listener listener) throws InterruptedException {
        link.await(PATIENCE);
        WorkerConnection worker = link.open(PATIENCE, listener);
        try {
            worker.socket().getOutputStream().write(first);
        } catch (IOException e) {
            throw new WorkerGone(e);
        }
        return worker;
    }

    @Override
    public void release(long lastActive) {
        released.add(lastActive);
    }

    @Override
    public void close() throws IOException {
        gateway.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

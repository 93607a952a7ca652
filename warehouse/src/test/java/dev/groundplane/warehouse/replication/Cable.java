package dev.groundplane.warehouse.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A way to a port of this machine that can be cut. For tests. */
final class Cable implements AutoCloseable {
    private final int end;
    private final ServerSocket beginning = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    // Guarded by this.
    private final List<Socket> sockets = new ArrayList<>();
    private State state = State.WHOLE;
    private int refused;
    /** So many bytes still come through. */
    private long left = Long.MAX_VALUE;

    /** @param end the port it leads to */
    Cable(int end) throws IOException {
        this.end = end;
        Thread.ofVirtual().start(this::accept);
    }

    private enum State {
        WHOLE,
        /** Connections stay, and nothing comes through. */
        SILENT,
        /** Connections break. */
        CUT
    }

    /** The port it begins at. */
    int port() {
        return beginning.getLocalPort();
    }

    /** From now on nothing comes through, and nobody is told. */
    synchronized void silence() {
        state = State.SILENT;
    }

    /** As {@link #silence}, once so many bytes more have come through. */
    synchronized void silenceAfter(long bytes) {
        left = bytes;
    }

    /** Breaks all connections, and new ones at once. */
    synchronized void cut() throws IOException {
        state = State.CUT;
        closeAll();
    }

    /** New connections come through; former ones are broken. */
    synchronized void mend() throws IOException {
        closeAll();
        state = State.WHOLE;
        left = Long.MAX_VALUE;
        notifyAll();
    }

    /** Waits until somebody has tried to connect in vain. */
    synchronized void awaitAttempt() throws InterruptedException {
        for (var before = refused; refused == before; ) {
            wait();
        }
    }

    private void closeAll() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private void accept() {
        try {
            while (true) {
                connect(beginning.accept());
            }
        } catch (IOException e) { // it was closed
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void connect(Socket socket) throws IOException {
        if (state != State.WHOLE) {
            refused++;
            notifyAll();
        }
        if (state == State.CUT) {
            socket.close();
            return;
        }
        var further = new Socket(InetAddress.getLoopbackAddress(), end);
        sockets.add(socket);
        sockets.add(further);
        Thread.ofVirtual().start(() -> pass(socket, further));
        Thread.ofVirtual().start(() -> pass(further, socket));
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream input = from.getInputStream();
            OutputStream output = to.getOutputStream();
            var bytes = new byte[8192];
            for (var count = input.read(bytes); count >= 0; count = input.read(bytes)) {
                awaitWhole(count);
                output.write(bytes, 0, count);
            }
        } catch (IOException | InterruptedException e) { // one of the two has gone
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitWhole(int bytes) throws InterruptedException {
        left -= bytes;
        if (left < 0) {
            state = State.SILENT;
        }
        while (state == State.SILENT) {
            wait();
        }
    }

    @Override
    public void close() throws IOException {
        cut();
        beginning.close();
    }
}

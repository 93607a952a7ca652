package dev.groundplane.server.warehouse;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/**
 * A session's connection to the worker.
 *
 * @param closed run when it is closed
 */
record WorkerConnection(Socket socket, Runnable closed) implements Closeable {
    @Override
    public void close() throws IOException {
        closed.run();
        socket.close();
    }
}

package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.CheckpointHold;
import dev.groundplane.pgwire.WorkerMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Databases that a worker keeps still.
 *
 * @param worker the connection that has it do so
 * @param closed run when it is closed
 */
record StillWorker(List<String> databases, WorkerConnection worker, Runnable closed) implements Workers.Stillness {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Has a worker do so.
     *
     * @param worker a new connection, which is closed if it fails
     * @param patience for how long to wait for the answer
     */
    static StillWorker ask(WorkerConnection worker, Duration patience, Runnable closed) throws IOException {
        try {
            worker.socket().setSoTimeout(Math.toIntExact(patience.toMillis()));
            worker.socket().getOutputStream().write(CheckpointHold.request());
            List<String> databases = JSON.readValue(
                    WorkerMessage.read(worker.socket().getInputStream()), new TypeReference<List<String>>() {});
            return new StillWorker(databases, worker, closed);
        } catch (IOException e) {
            worker.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        closed.run();
        worker.close();
    }
}

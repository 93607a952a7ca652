package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.Parking;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A session's time at one connection to the worker, and the question to park it, of which there is one at a time. Thread-safe. */
final class Attachment implements WorkerLink.Listener {
    private final Runnable stays;
    private volatile @Nullable CompletableFuture<Optional<byte[]>> question;
    private volatile boolean gone;

    /** @param stays run when the worker's answer is that the session cannot be parked */
    Attachment(Runnable stays) {
        this.stays = stays;
    }

    /** Whether the worker was asked and has not answered. */
    boolean isAsked() {
        return question != null;
    }

    /** Asks the worker. */
    void ask(WorkerConnection connection) throws IOException {
        CompletableFuture<Optional<byte[]>> asked = new CompletableFuture<>();
        question = asked;
        if (gone) {
            asked.complete(Optional.empty());
        }
        connection.socket().getOutputStream().write(Parking.request());
    }

    /** The session's state if it was parked, once its connection has ended; waits for an answer that is on its way. */
    Optional<byte[]> state() {
        CompletableFuture<Optional<byte[]>> asked = question;
        return asked == null ? Optional.empty() : asked.join();
    }

    @Override
    public void answered(Optional<byte[]> state) {
        CompletableFuture<Optional<byte[]>> asked = question;
        if (asked == null) {
            return; // it was the client that asked, which may not
        }
        if (state.isEmpty()) {
            question = null;
            stays.run();
        }
        asked.complete(state);
    }

    @Override
    public void gone() {
        gone = true;
        CompletableFuture<Optional<byte[]>> asked = question;
        if (asked != null) {
            asked.complete(Optional.empty());
        }
    }
}

package dev.groundplane.agent.link;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket as a channel: what the listener hears waits in a queue for the thread that receives. */
final class WebSocketChannel implements MessageChannel {
    private static final Logger log = LoggerFactory.getLogger(WebSocketChannel.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final Duration SEND_LIMIT = Duration.ofSeconds(30);

    private final BlockingQueue<Optional<String>> heard = new LinkedBlockingQueue<>();
    private final Semaphore pongs = new Semaphore(0);
    private volatile @Nullable WebSocket socket;

    WebSocket.Listener listener() {
        return new Hearing();
    }

    @Override
    public void send(String text) throws IOException, InterruptedException {
        var current = socket;
        if (current == null) {
            throw new IOException("the WebSocket is not open");
        }
        try {
            current.sendText(text, true).get(SEND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the WebSocket does not take a message: " + e, e);
        }
    }

    @Override
    public Optional<String> receive(Duration limit) throws InterruptedException {
        var next = heard.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        return next == null ? Optional.empty() : next;
    }

    @Override
    public boolean ping(Duration limit) throws InterruptedException {
        var current = socket;
        pongs.drainPermits();
        if (current != null && !current.isOutputClosed()) {
            var _ = current.sendPing(ByteBuffer.allocate(0));
            if (pongs.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        close();
        return false;
    }

    @Override
    public void close() {
        var current = socket;
        if (current != null) {
            try {
                current.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                log.debug("the WebSocket was closed without a word", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // A dead peer would never answer a polite close.
            current.abort();
        }
        heard.add(Optional.empty());
    }

    private final class Hearing implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            opened.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                heard.add(Optional.of(message.toString()));
                message.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
            pongs.release();
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            heard.add(Optional.empty());
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            heard.add(Optional.empty());
        }
    }
}

package dev.groundplane.services.ecs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** The agent's end of a connection: keeps what it was sent. */
final class FakeAgent implements AgentConnection {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LinkedBlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final List<String> closed = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public void send(String text) {
        try {
            frames.add(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }

    @Override
    public synchronized void close(String reason) {
        closed.add(reason);
        end.countDown();
    }

    /** Waits until the control plane closes the connection; whoever calls has a timeout. */
    void awaitClosed() throws InterruptedException {
        end.await();
    }

    synchronized List<String> closed() {
        return List.copyOf(closed);
    }

    /** Waits for the next payload; whoever calls has a timeout. @return its message */
    JsonNode payload() throws InterruptedException {
        return message("PayloadMessage");
    }

    /** Waits for the next message of a type; whoever calls has a timeout. @return the message */
    JsonNode message(String type) throws InterruptedException {
        JsonNode frame = frames.take();
        while (!frame.path("type").asText().equals(type)) {
            frame = frames.take();
        }
        return frame.path("message");
    }

    boolean hasFrames() {
        return !frames.isEmpty();
    }

    static String ack(JsonNode payload) {
        return "{\"type\":\"AckRequest\",\"message\":{\"messageId\":\""
                + payload.path("messageId").asText() + "\"}}";
    }

    /** The tasks of a payload as {@code arn desiredStatus}. */
    static List<String> wishes(JsonNode payload) {
        List<String> wishes = new ArrayList<>();
        payload.path("tasks")
                .forEach(t -> wishes.add(
                        t.path("arn").asText() + " " + t.path("desiredStatus").asText()));
        return wishes;
    }
}

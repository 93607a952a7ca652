package dev.groundplane.agent.logs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A sink that checks offsets as the control plane does, and that can be away for some calls. Thread safe. */
public final class CheckingSink implements LogSink {
    private final List<LogEvent> events = new ArrayList<>();
    private final Deque<Trouble> troubles = new ArrayDeque<>();
    private final List<LogStreamName> created = new ArrayList<>();
    private long stored;
    private int calls;
    private Delivery answerToCreate = new Delivery.Accepted();

    /** What goes wrong with a call. */
    public enum Trouble {
        /** Nothing is stored. */
        AWAY,
        /** All is stored but the answer is lost. */
        ANSWER_LOST,
        /** The stream is not there. */
        NO_STREAM,
        /** Refused for good. */
        REFUSED
    }

    /** What goes wrong with the next calls. */
    public synchronized CheckingSink with(Trouble... next) {
        troubles.addAll(List.of(next));
        return this;
    }

    /** How creations are answered from now on. */
    public synchronized CheckingSink answeringCreate(Delivery answer) {
        answerToCreate = answer;
        return this;
    }

    /** Begins with a log that is stored up to an offset already. */
    public synchronized CheckingSink storedUpTo(long offset) {
        stored = offset;
        return this;
    }

    @Override
    public synchronized Delivery expectStream(LogStreamName stream) {
        return createStream(stream);
    }

    @Override
    public synchronized Delivery createStream(LogStreamName stream) {
        created.add(stream);
        return answerToCreate;
    }

    @Override
    public synchronized Delivery put(LogStreamName stream, LogBatch batch) {
        calls++;
        var trouble = troubles.poll();
        if (trouble == Trouble.AWAY) {
            return new Delivery.TryLater("away");
        } else if (trouble == Trouble.NO_STREAM) {
            return new Delivery.NoSuchStream("no stream");
        } else if (trouble == Trouble.REFUSED) {
            return new Delivery.Refused("refused");
        } else if (batch.start() != stored) {
            return new Delivery.ContinueAt(stored);
        }
        events.addAll(batch.events());
        stored = batch.end();
        return trouble == Trouble.ANSWER_LOST ? new Delivery.TryLater("answer lost") : new Delivery.Accepted();
    }

    public synchronized List<String> messages() {
        return events.stream().map(LogEvent::message).toList();
    }

    public synchronized List<Long> timestamps() {
        return events.stream().map(LogEvent::timestampMillis).toList();
    }

    public synchronized List<LogStreamName> created() {
        return List.copyOf(created);
    }

    public synchronized int calls() {
        return calls;
    }
}

package dev.groundplane.services.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;

/** The events of one PutLogEvents call, checked as far as that needs no group. */
final class LogBatch {
    static final int MAX_BYTES = 1_048_576;
    static final int MAX_EVENTS = 10_000;

    private static final Duration MAX_AGE = Duration.ofDays(14);
    private static final Duration MAX_AHEAD = Duration.ofHours(2);
    private static final Duration MAX_SPAN = Duration.ofHours(24);

    /**
     * Which of the events are stored.
     *
     * @param events from the batch
     * @param bytes their size as AWS counts it
     * @param rejected the others; null when there are none
     */
    record Accepted(
            List<InputLogEvent> events,
            long bytes,
            @Nullable RejectedLogEventsInfo rejected) {}

    private final List<InputLogEvent> events;
    private final int[] sizes;

    /**
     * @throws InvalidParameterException when the batch is empty, too large or not in chronological order, or has an event
     *     without a message
     */
    LogBatch(List<InputLogEvent> events) {
        this.events = events;
        this.sizes = new int[events.size()];
        if (events.isEmpty()) {
            throw Parameters.violation("[]", "logEvents", "Member must have length greater than or equal to 1");
        }
        if (events.size() > MAX_EVENTS) {
            throw Parameters.violation(
                    events.size() + " events",
                    "logEvents",
                    "Member must have length less than or equal to " + MAX_EVENTS);
        }
        long total = 0;
        long latest = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = check(events.get(i), "logEvents." + (i + 1) + ".member.");
            total += sizes[i];
            if (events.get(i).timestamp() < latest) {
                throw Parameters.invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
            latest = events.get(i).timestamp();
        }
        if (total > MAX_BYTES) {
            throw Parameters.invalid("Upload too large: %d bytes exceeds limit of %d".formatted(total, MAX_BYTES));
        }
    }

    private static int check(InputLogEvent event, String member) {
        Parameters.timestamp(member + "timestamp", event.timestamp());
        String message = event.message();
        if (message == null) {
            throw Parameters.missing(member + "message");
        }
        if (message.isEmpty()) {
            throw Parameters.violation("", member + "message", "Member must have length greater than or equal to 1");
        }
        int size = Event.size(message);
        if (size > MAX_BYTES) {
            throw Parameters.invalid("Log event too large: %d bytes exceeds limit of %d".formatted(size, MAX_BYTES));
        }
        return size;
    }

    /**
     * Leaves out what is too old, expired or too new.
     *
     * @param expiredBefore the group's limit in milliseconds; 0 when events never expire
     * @throws InvalidParameterException when the rest spans more than a day
     */
    Accepted accept(Instant now, long expiredBefore) {
        int tooOld = countBefore(now.minus(MAX_AGE).toEpochMilli());
        int expired = countBefore(expiredBefore);
        int first = Math.max(tooOld, expired);
        int end = countBefore(now.plus(MAX_AHEAD).toEpochMilli() + 1);
        if (end > first && events.get(end - 1).timestamp() - events.get(first).timestamp() > MAX_SPAN.toMillis()) {
            throw Parameters.invalid(
                    "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
        long bytes = 0;
        for (int i = first; i < end; i++) {
            bytes += sizes[i];
        }
        return new Accepted(
                events.subList(first, end),
                bytes,
                rejected(tooOld, expired, end).orElse(null));
    }

    private Optional<RejectedLogEventsInfo> rejected(int tooOld, int expired, int end) {
        if (tooOld == 0 && expired == 0 && end == events.size()) {
            return Optional.empty();
        }
        RejectedLogEventsInfo.Builder rejected = RejectedLogEventsInfo.builder();
        if (tooOld > 0) {
            rejected.tooOldLogEventEndIndex(tooOld);
        }
        if (expired > tooOld) {
            rejected.expiredLogEventEndIndex(expired);
        }
        if (end < events.size()) {
            rejected.tooNewLogEventStartIndex(end);
        }
        return Optional.of(rejected.build());
    }

    private int countBefore(long time) {
        int count = 0;
        while (count < events.size() && events.get(count).timestamp() < time) {
            count++;
        }
        return count;
    }
}

package dev.groundplane.services.logs;

/**
 * A place in a stream. Events have sequences from 1, so sequence 0 is the place before all events of that time.
 *
 * @param timestamp milliseconds since 1970
 * @param sequence counts a stream's events in the order of their arrival
 */
record EventPosition(long timestamp, long sequence) implements Comparable<EventPosition> {
    /** Far beyond every event, and what the 18 digits of a token hold. */
    static final long MAX_TIMESTAMP = 999_999_999_999_999_999L;

    /** Before everything at or after that time. */
    static EventPosition before(long timestamp) {
        return new EventPosition(timestamp, 0);
    }

    /** One place further on, so that what lies before it includes this place. */
    EventPosition next() {
        return new EventPosition(timestamp, sequence + 1);
    }

    /** One place back, so that what lies after it includes this place. */
    EventPosition previous() {
        return new EventPosition(timestamp, Math.max(0, sequence - 1));
    }

    EventPosition max(EventPosition other) {
        return compareTo(other) >= 0 ? this : other;
    }

    EventPosition min(EventPosition other) {
        return compareTo(other) <= 0 ? this : other;
    }

    @Override
    public int compareTo(EventPosition other) {
        return timestamp != other.timestamp
                ? Long.compare(timestamp, other.timestamp)
                : Long.compare(sequence, other.sequence);
    }
}

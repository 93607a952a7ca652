package dev.groundplane.services.logs;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place among the events of a whole group, in the order in which a search reads them. Written as 56 digits it is also an
 * event's id.
 */
record GroupPosition(long timestamp, long streamId, long sequence) implements Comparable<GroupPosition> {
    private static final Pattern FORM = Pattern.compile("(\\d{18})0(\\d{18})0(\\d{18})");
    private static final Comparator<GroupPosition> ORDER = Comparator.comparingLong(GroupPosition::timestamp)
            .thenComparingLong(GroupPosition::streamId)
            .thenComparingLong(GroupPosition::sequence);

    static GroupPosition of(Event event) {
        EventPosition position = event.position();
        return new GroupPosition(position.timestamp(), event.streamId(), position.sequence());
    }

    /** Before all events of that time. */
    static GroupPosition before(long timestamp) {
        return new GroupPosition(timestamp, 0, 0);
    }

    /** Reads what {@link #text} wrote. */
    static GroupPosition parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw Parameters.invalid("The specified nextToken is invalid.");
        }
        return new GroupPosition(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
    }

    String text() {
        return "%018d%019d%019d".formatted(timestamp, streamId, sequence);
    }

    GroupPosition max(GroupPosition other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The same place as one stream's events see it: what lies after it in the stream lies after it in the group. */
    EventPosition in(Stream stream) {
        if (stream.id() == streamId) {
            return new EventPosition(timestamp, sequence);
        }
        return EventPosition.before(stream.id() < streamId ? timestamp + 1 : timestamp);
    }

    @Override
    public int compareTo(GroupPosition other) {
        return ORDER.compare(this, other);
    }
}

package dev.groundplane.platform.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong; of very much, the beginning. Not thread-safe. */
final class Findings {
    private static final int MOST = 100;

    private final List<AuditFinding> found = new ArrayList<>();
    private long count;

    void add(AuditFinding.Kind kind, long position, String eventId, String message, Object... values) {
        count++;
        if (found.size() < MOST) {
            found.add(new AuditFinding(kind, position, eventId, message.formatted(values)));
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    long count() {
        return count;
    }

    List<AuditFinding> sorted() {
        return found.stream()
                .sorted(Comparator.comparingLong(AuditFinding::position))
                .toList();
    }
}

package dev.groundplane.platform.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, of the whole trail or of one of its chains; of very much, the beginning. Not thread-safe. */
final class Findings {
    private static final int MOST = 100;

    private final List<AuditFinding> found = new ArrayList<>();
    private final @Nullable Findings whole;
    private final String suffix;
    private long count;

    Findings() {
        this(null, "");
    }

    private Findings(@Nullable Findings whole, String suffix) {
        this.whole = whole;
        this.suffix = suffix;
    }

    /** What is wrong with one chain; that is wrong here, too. */
    Findings in(String chain) {
        return chain.equals(AuditTrail.SOLE_CHAIN) ? this : new Findings(this, " (chain " + chain + ")");
    }

    void add(AuditFinding.Kind kind, long position, String eventId, String message, Object... values) {
        add(new AuditFinding(kind, position, eventId, message.formatted(values) + suffix));
    }

    private void add(AuditFinding finding) {
        count++;
        if (found.size() < MOST) {
            found.add(finding);
        }
        if (whole != null) {
            whole.add(finding);
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

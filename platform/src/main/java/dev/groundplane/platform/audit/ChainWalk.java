package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows one hash chain upwards and notes every record that does not fit: its place, its hash, its columns, and what
 * checkpoints say of it. After a record that does not fit it goes on from what is stored, so that one change is one finding.
 * Not thread-safe.
 */
final class ChainWalk {
    private final Findings findings;
    private final Map<Long, Checkpoint> signed = new HashMap<>();
    private final long start;
    private long position;
    private byte[] hash;
    private long records;
    private long first;
    private long proven;
    /** The event that follows the last proven one. */
    private String unproven = "";

    /** The last position that is signed, and the first record after it. */
    private long last;

    private long unsigned;
    private boolean rewritten;

    /**
     * @param position the last position before the walk
     * @param hash the hash there
     * @param signed genuine checkpoints
     */
    ChainWalk(long position, byte[] hash, Iterable<Checkpoint> signed, Findings findings) {
        this.start = position;
        this.position = position;
        this.hash = hash;
        this.findings = findings;
        this.proven = position;
        signed.forEach(checkpoint -> {
            this.signed.put(checkpoint.position(), checkpoint);
            last = Math.max(last, checkpoint.position());
        });
    }

    /** @param gap whether records are missing since the chain's one before, which may have been this chain's */
    void next(AuditRow row, boolean gap) {
        String id = row.record().eventId();
        if (row.position() <= start) {
            findings.add(
                    Kind.ADDED,
                    row.position(),
                    id,
                    "a record is there whose position was removed for its age: it was added afterwards");
            return;
        }
        if (!gap && !Arrays.equals(HashChain.next(hash, row.record().body()), row.hash())) {
            findings.add(
                    Kind.ALTERED,
                    row.position(),
                    id,
                    "the hash does not fit the body and the record before it: this record was changed, or it is not the"
                            + " one that was written here");
        }
        BodyAgreement.broken(row)
                .ifPresent(what -> findings.add(Kind.MISLEADING_COLUMN, row.position(), id, "%s", what));
        position = row.position();
        hash = row.hash();
        first = records == 0 ? position : first;
        records++;
        unproven = unproven.isEmpty() ? id : unproven;
        unsigned = unsigned == 0 && position > last ? position : unsigned;
        compare(signed.get(position), id);
    }

    /** Once the trail is not what was signed, it is not so at any later checkpoint. */
    private void compare(@Nullable Checkpoint checkpoint, String eventId) {
        if (checkpoint == null || rewritten) {
            return;
        }
        if (!Arrays.equals(checkpoint.hash(), hash)) {
            rewritten = true;
            boolean explained = !findings.isEmpty();
            findings.add(
                    Kind.REWRITTEN,
                    explained ? position : proven + 1,
                    explained ? eventId : unproven,
                    "the checkpoint of %s vouches for another record %d than the one that is there: a record from %d on was"
                            + " changed, removed or added, and the hashes behind it were computed anew",
                    checkpoint.time(),
                    position,
                    proven + 1);
        } else if (findings.isEmpty()) {
            proven = position;
            unproven = "";
        }
    }

    /** The position of the last record. */
    long position() {
        return position;
    }

    long records() {
        return records;
    }

    long first() {
        return first;
    }

    /** The last position that is signed; 0 for none. */
    long lastSigned() {
        return last;
    }

    /** The position of the first record that no checkpoint vouches for; 0 when there is none. */
    long unsigned() {
        return unsigned;
    }

    /** The last position that a checkpoint vouches for, with nothing wrong before it. */
    long proven() {
        return proven;
    }
}

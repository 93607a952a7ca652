package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import dev.groundplane.platform.secret.Encryption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoints that this installation's key made, and what is wrong with their sequence.
 *
 * @param all of the trail's end, by number
 * @param removal of what was removed, if anything was
 * @param newest the one that vouches for most
 */
record SignedStatements(List<Checkpoint> all, Optional<Checkpoint> removal, Optional<Checkpoint> newest) {
    static SignedStatements read(
            Connection connection, Encryption key, CheckpointFile file, Findings findings, List<String> notes)
            throws SQLException {
        if (!CheckpointTable.exists(connection)) {
            notes.add("no checkpoint was ever made: this release of the control plane has not run on this database yet."
                    + " What was deleted at the end does not show, nor a trail that was written anew");
            return new SignedStatements(List.of(), Optional.empty(), Optional.empty());
        }
        List<Checkpoint> genuine = new ArrayList<>();
        for (Checkpoint checkpoint : CheckpointTable.all(connection)) {
            if (checkpoint.isGenuine(key)) {
                genuine.add(checkpoint);
            } else {
                findings.add(
                        Kind.CHECKPOINT,
                        checkpoint.position(),
                        "",
                        "checkpoint %d was not made with this installation's key: somebody wrote or changed it",
                        checkpoint.number());
            }
        }
        Optional<Checkpoint> removal = genuine.stream()
                .filter(c -> c.kind() == Checkpoint.Kind.REMOVAL)
                .findFirst();
        List<Checkpoint> ends = genuine.stream()
                .filter(c -> c.kind() != Checkpoint.Kind.REMOVAL)
                .toList();
        compareNeighbours(ends, removal, findings);
        Optional<Checkpoint> newest = ends.isEmpty() ? Optional.empty() : Optional.of(ends.getLast());
        return new SignedStatements(ends, removal, beside(file, key, newest, findings, notes));
    }

    int count() {
        return all.size();
    }

    private static void compareNeighbours(List<Checkpoint> ends, Optional<Checkpoint> removal, Findings findings) {
        if (ends.isEmpty()) {
            findings.add(
                    Kind.CHECKPOINT,
                    1,
                    "",
                    "there is no checkpoint, and the control plane always makes one: they were"
                            + " deleted. Nothing vouches for the end of the trail");
            return;
        }
        if (ends.getFirst().number() != 1 && removal.isEmpty()) {
            findings.add(
                    Kind.CHECKPOINT,
                    1,
                    "",
                    "checkpoints 1 to %d were deleted",
                    ends.getFirst().number() - 1);
        }
        for (int i = 1; i < ends.size(); i++) {
            Checkpoint before = ends.get(i - 1);
            Checkpoint after = ends.get(i);
            if (after.number() != before.number() + 1) {
                findings.add(
                        Kind.CHECKPOINT,
                        before.position() + 1,
                        "",
                        "checkpoints %d to %d were deleted",
                        before.number() + 1,
                        after.number() - 1);
            } else if (before.kind() == Checkpoint.Kind.STOP && after.position() > before.position()) {
                findings.add(
                        Kind.ADDED,
                        before.position() + 1,
                        "",
                        "records %d to %d were added while the control plane was stopped, from %s to %s: it did not write"
                                + " them",
                        before.position() + 1,
                        after.position(),
                        before.time(),
                        after.time());
            }
        }
    }

    /** The newest statement, be it in the database or in the file beside it. */
    private static Optional<Checkpoint> beside(
            CheckpointFile file, Encryption key, Optional<Checkpoint> newest, Findings findings, List<String> notes) {
        Optional<Checkpoint> kept = file.read();
        if (kept.isEmpty()) {
            notes.add("the file %s is not there: a database that was replaced by an older copy of itself does not show"
                    .formatted(file.path()));
            return newest;
        }
        Checkpoint beside = kept.get();
        if (!beside.isGenuine(key)) {
            findings.add(
                    Kind.CHECKPOINT,
                    1,
                    "",
                    "the file %s was not made with this installation's key: somebody wrote or changed it",
                    file.path());
            return newest;
        }
        if (newest.isPresent() && newest.get().number() >= beside.number()) {
            return newest;
        }
        findings.add(
                Kind.ROLLED_BACK,
                beside.position(),
                "",
                "the database knows nothing of checkpoint %d, made at %s for records up to %d: it is an older copy of itself,"
                        + " or the newest checkpoints were deleted. If you restored a backup, delete %s to accept the loss",
                beside.number(),
                beside.time(),
                beside.position(),
                file.path());
        return kept;
    }
}

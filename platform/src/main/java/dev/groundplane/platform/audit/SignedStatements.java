package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import dev.groundplane.platform.secret.Encryption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The checkpoints of one chain that this installation's key made, and what is wrong with their sequence.
 *
 * @param all of the chain's end, by number
 * @param removal of what was removed, if anything was
 * @param newest the one that vouches for most
 */
record SignedStatements(List<Checkpoint> all, Optional<Checkpoint> removal, Optional<Checkpoint> newest) {
    /** Nothing is signed. */
    static final SignedStatements NONE = new SignedStatements(List.of(), Optional.empty(), Optional.empty());

    /** What is signed, by chain. */
    static Map<String, SignedStatements> read(
            Connection connection, Encryption key, CheckpointFile file, Findings findings, List<String> notes)
            throws SQLException {
        Map<String, List<Checkpoint>> genuine = new TreeMap<>();
        for (Checkpoint checkpoint : CheckpointTable.all(connection)) {
            if (checkpoint.isGenuine(key)) {
                genuine.computeIfAbsent(checkpoint.chain(), chain -> new ArrayList<>())
                        .add(checkpoint);
            } else {
                findings.in(checkpoint.chain())
                        .add(
                                Kind.CHECKPOINT,
                                checkpoint.position(),
                                "",
                                "checkpoint %d was not made with this installation's key: somebody wrote or changed it",
                                checkpoint.number());
            }
        }
        Map<String, SignedStatements> statements = new TreeMap<>();
        genuine.forEach((chain, signed) -> statements.put(chain, of(signed, findings.in(chain))));
        beside(file, key, statements, findings, notes);
        return statements;
    }

    private static SignedStatements of(List<Checkpoint> genuine, Findings findings) {
        Optional<Checkpoint> removal = genuine.stream()
                .filter(c -> c.kind() == Checkpoint.Kind.REMOVAL)
                .findFirst();
        List<Checkpoint> ends = genuine.stream()
                .filter(c -> c.kind() != Checkpoint.Kind.REMOVAL)
                .toList();
        if (ends.isEmpty()) {
            return new SignedStatements(ends, removal, Optional.empty());
        }
        compareNeighbours(ends, removal, findings);
        return new SignedStatements(ends, removal, Optional.of(ends.getLast()));
    }

    /** The last position that was removed; 0 for none. */
    long removed() {
        return removal.map(Checkpoint::position).orElse(0L);
    }

    /** The hash of the record that was removed last, with which the chain goes on. */
    byte[] removedHash() {
        return removal.map(Checkpoint::hash).orElseGet(HashChain::start);
    }

    private static void compareNeighbours(List<Checkpoint> ends, Optional<Checkpoint> removal, Findings findings) {
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

    /** The file has the newest statement of one chain, which may be newer than what the database knows. */
    private static void beside(
            CheckpointFile file,
            Encryption key,
            Map<String, SignedStatements> statements,
            Findings findings,
            List<String> notes) {
        Optional<Checkpoint> kept = file.read();
        if (kept.isEmpty()) {
            notes.add("the file %s is not there: a database that was replaced by an older copy of itself does not show"
                    .formatted(file.path()));
            return;
        }
        Checkpoint beside = kept.get();
        if (!beside.isGenuine(key)) {
            findings.add(
                    Kind.CHECKPOINT,
                    1,
                    "",
                    "the file %s was not made with this installation's key: somebody wrote or changed it",
                    file.path());
            return;
        }
        SignedStatements known = statements.getOrDefault(beside.chain(), NONE);
        if (known.newest().filter(c -> c.number() >= beside.number()).isPresent()) {
            return;
        }
        statements.put(beside.chain(), new SignedStatements(known.all(), known.removal(), kept));
        findings.in(beside.chain())
                .add(
                        Kind.ROLLED_BACK,
                        beside.position(),
                        "",
                        "the database knows nothing of checkpoint %d, made at %s for records up to %d: it is an older copy"
                                + " of itself, or the newest checkpoints were deleted. If you restored a backup, delete %s to"
                                + " accept the loss",
                        beside.number(),
                        beside.time(),
                        beside.position(),
                        file.path());
    }
}

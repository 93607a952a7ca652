package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import dev.groundplane.platform.secret.Encryption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Walks the whole trail and compares it with itself and with what was signed: the hash chain, the columns by which records
 * are found, the checkpoints in the database and the one beside it. Changes nothing.
 */
public final class AuditVerification {
    private static final int PROGRESS = 10_000;
    private static final int FETCH = 1_000;

    private final Encryption key;
    private final CheckpointFile file;
    private final Findings findings = new Findings();
    private final List<String> notes = new ArrayList<>();

    /**
     * @param key the installation's
     * @param file where the newest checkpoint is kept outside of the database
     */
    public AuditVerification(Encryption key, Path file) {
        this.key = key;
        this.file = new CheckpointFile(file);
    }

    /**
     * Verifies what the connection's snapshot shows. To be called once.
     *
     * @param connection shows one snapshot for as long as this takes
     * @param progress is told now and then how many records have been looked at
     */
    public AuditReport run(Connection connection, LongConsumer progress) throws SQLException {
        boolean signs = CheckpointTable.exists(connection);
        if (!signs) {
            notes.add("no checkpoint was ever made: this release of the control plane has not run on this database yet."
                    + " What was deleted at the end does not show, nor a trail that was written anew");
        }
        Map<String, SignedStatements> statements =
                signs ? SignedStatements.read(connection, key, file, findings, notes) : Map.of();
        TrailWalk walk = new TrailWalk(statements, findings);
        walk(connection, walk, progress);
        if (signs) {
            compareEnds(statements, walk);
        }
        return report(statements, walk);
    }

    private AuditReport report(Map<String, SignedStatements> statements, TrailWalk walk) {
        return new AuditReport(
                walk.records(),
                walk.first(),
                walk.position(),
                statements.values().stream()
                        .mapToLong(SignedStatements::removed)
                        .max()
                        .orElse(0),
                walk.chains().size(),
                statements.values().stream()
                        .mapToInt(signed -> signed.all().size())
                        .sum(),
                walk.signed(),
                statements.values().stream()
                        .flatMap(signed -> signed.newest().stream())
                        .map(Checkpoint::time)
                        .max(Comparator.naturalOrder()),
                findings.sorted(),
                findings.count(),
                List.copyOf(notes));
    }

    private void walk(Connection connection, TrailWalk walk, LongConsumer progress) throws SQLException {
        try (PreparedStatement records = connection.prepareStatement(AuditRow.select(connection) + " ORDER BY seq");
                PreparedStatement resources = connection.prepareStatement(ResourceWalk.SELECT)) {
            records.setFetchSize(FETCH);
            resources.setFetchSize(FETCH);
            try (ResultSet rows = records.executeQuery();
                    ResultSet entries = resources.executeQuery()) {
                ResourceWalk beside = new ResourceWalk(entries, findings);
                while (rows.next()) {
                    AuditRow row = AuditRow.of(rows);
                    walk.next(row);
                    beside.next(row);
                    if (walk.records() % PROGRESS == 0) {
                        progress.accept(walk.records());
                    }
                }
                beside.end();
            }
        }
    }

    /** A chain begins with a checkpoint, before its first record. */
    private void compareEnds(Map<String, SignedStatements> statements, TrailWalk trail) {
        if (statements.isEmpty() && trail.chains().isEmpty()) {
            unsigned(1, findings);
        }
        trail.chains().forEach((chain, walk) -> {
            SignedStatements signed = statements.getOrDefault(chain, SignedStatements.NONE);
            if (signed.all().isEmpty()) {
                unsigned(Math.max(1, walk.first()), findings.in(chain));
            }
            signed.newest().ifPresent(newest -> compareEnd(newest, walk, findings.in(chain)));
        });
    }

    private static void unsigned(long position, Findings findings) {
        findings.add(
                Kind.CHECKPOINT,
                position,
                "",
                "there is no checkpoint, and the control plane always makes one: they were deleted. Nothing vouches for the"
                        + " end of the trail");
    }

    private static void compareEnd(Checkpoint newest, ChainWalk walk, Findings findings) {
        if (newest.position() > walk.position()) {
            findings.add(
                    Kind.TRUNCATED,
                    walk.position() + 1,
                    "",
                    "records %d to %d are missing at the end: the checkpoint of %s vouches for them, and they were deleted",
                    walk.position() + 1,
                    newest.position(),
                    newest.time());
        } else if (newest.kind() == Checkpoint.Kind.STOP && newest.position() < walk.position()) {
            findings.add(
                    Kind.ADDED,
                    newest.position() + 1,
                    "",
                    "records %d to %d were added after the control plane stopped at %s: it did not write them",
                    newest.position() + 1,
                    walk.position(),
                    newest.time());
        }
    }
}

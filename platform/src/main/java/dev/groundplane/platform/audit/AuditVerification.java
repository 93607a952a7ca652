package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditFinding.Kind;
import dev.groundplane.platform.secret.Encryption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        SignedStatements statements = SignedStatements.read(connection, key, file, findings, notes);
        Optional<Checkpoint> removal = statements.removal();
        ChainWalk walk = new ChainWalk(
                removal.map(Checkpoint::position).orElse(0L),
                removal.map(Checkpoint::hash).orElseGet(HashChain::start),
                statements.all(),
                findings);
        walk(connection, walk, progress);
        statements.newest().ifPresent(newest -> compareEnd(newest, walk));
        long last = walk.position();
        return new AuditReport(
                walk.records(),
                walk.first(),
                last,
                removal.map(Checkpoint::position).orElse(0L),
                statements.count(),
                statements.newest().map(Checkpoint::position).orElse(0L),
                statements.newest().map(Checkpoint::time),
                findings.sorted(),
                findings.count(),
                List.copyOf(notes));
    }

    private void walk(Connection connection, ChainWalk walk, LongConsumer progress) throws SQLException {
        try (PreparedStatement records = connection.prepareStatement(AuditRow.SELECT + " ORDER BY seq");
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

    private void compareEnd(Checkpoint newest, ChainWalk walk) {
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

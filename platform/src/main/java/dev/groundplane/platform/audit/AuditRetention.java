package dev.groundplane.platform.audit;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes records that are older than what is kept. Only what a checkpoint vouches for is removed, and a signed statement
 * takes its place, from which verification goes on; so nobody can have records removed by changing their times. The newest
 * record always stays: positions and hashes go on from it. Thread-safe.
 */
public final class AuditRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 500;

    private final Database database;
    private final Encryption key;
    private final Duration keep;
    private final LongSupplier needed;
    private final InstantSource clock;
    private final Reconciler<String> timer = new Reconciler<>("audit-retention", this::step);

    /**
     * @param key signs what was removed
     * @param keep how old a record may become
     * @param needed the position from which on records are still needed, whatever their age
     */
    public AuditRetention(Database database, Encryption key, Duration keep, LongSupplier needed, InstantSource clock) {
        this.database = database;
        this.key = key;
        this.keep = keep;
        this.needed = needed;
        this.clock = clock;
    }

    /** Starts to remove what is due. */
    public void start() {
        timer.enqueue(AuditCheckpoints.CHAIN);
    }

    private void step(String chain) {
        remove();
        timer.enqueueAfter(chain, EVERY);
    }

    /** Removes what is due now. */
    void remove() {
        long upTo = database.read(this::removable);
        while (database.write(tx -> removeBatch(tx, upTo))) {
            LOG.debug("removed {} records of the audit trail", BATCH);
        }
    }

    /** The last position that may go: old enough, not needed, not the newest, and proven to be what was written. */
    private long removable(Connection connection) throws SQLException {
        Instant oldest = clock.instant().minus(keep);
        long before = needed.getAsLong();
        Findings findings = new Findings();
        Optional<Checkpoint> removal =
                CheckpointTable.removal(connection, AuditCheckpoints.CHAIN).filter(c -> c.isGenuine(key));
        List<Checkpoint> signed = CheckpointTable.all(connection).stream()
                .filter(c -> c.kind() != Checkpoint.Kind.REMOVAL && c.isGenuine(key))
                .toList();
        ChainWalk walk = new ChainWalk(
                removal.map(Checkpoint::position).orElse(0L),
                removal.map(Checkpoint::hash).orElseGet(HashChain::start),
                signed,
                findings);
        try (PreparedStatement select = connection.prepareStatement(
                        AuditRow.SELECT + " WHERE seq < (SELECT MAX(seq) FROM audit) ORDER BY seq");
                ResultSet rows = select.executeQuery()) {
            while (findings.isEmpty() && rows.next()) {
                AuditRow row = AuditRow.of(rows);
                if (row.position() >= before || !row.record().time().isBefore(oldest)) {
                    break;
                }
                walk.next(row);
            }
        }
        if (!findings.isEmpty()) {
            LOG.error(
                    "records of the audit trail are not as they were written, and so none after {} is removed: {}; run"
                            + " './groundplane audit verify'",
                    walk.proven(),
                    findings.sorted().getFirst().message());
        }
        return walk.proven();
    }

    private boolean removeBatch(Transaction tx, long upTo) throws SQLException {
        Connection connection = tx.connection();
        long last = 0;
        byte[] hash = HashChain.start();
        int count = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT seq, hash, resources FROM audit WHERE seq <= ? ORDER BY seq LIMIT ?");
                PreparedStatement entry = connection.prepareStatement(
                        "DELETE FROM audit_resource WHERE name = ? AND seq = ? AND type = ?")) {
            select.setLong(1, upTo);
            select.setInt(2, BATCH);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    last = rows.getLong(1);
                    hash = rows.getBytes(2);
                    count++;
                    for (AuditRecord.Resource one : AuditTrail.resources(rows.getString(3))) {
                        entry.setString(1, one.name());
                        entry.setLong(2, last);
                        entry.setString(3, one.type());
                        entry.addBatch();
                    }
                }
            }
            entry.executeBatch();
        }
        if (count == 0) {
            return false;
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM audit WHERE seq <= ?")) {
            delete.setLong(1, last);
            delete.executeUpdate();
        }
        CheckpointTable.put(
                connection,
                Checkpoint.signed(
                        key,
                        AuditCheckpoints.CHAIN,
                        Checkpoint.REMOVAL_NUMBER,
                        Checkpoint.Kind.REMOVAL,
                        last,
                        hash,
                        clock.instant()));
        CheckpointTable.deleteBefore(connection, AuditCheckpoints.CHAIN, last);
        return count == BATCH;
    }

    /** Starts no further removal. */
    @Override
    public void close() {
        timer.close();
    }
}

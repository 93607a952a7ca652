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
 * record of each chain always stays: positions and hashes go on from it. The control plane that leads removes those of all
 * chains, also of control planes that are gone. Thread-safe.
 */
public final class AuditRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 500;
    private static final String ALL = "all";

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
        timer.enqueue(ALL);
    }

    private void step(String all) {
        if (database.replicas().leads()) {
            remove();
        }
        timer.enqueueAfter(all, EVERY);
    }

    /** Removes what is due now. */
    void remove() {
        for (String chain : database.read(CheckpointTable::chains)) {
            long upTo = database.read(connection -> removable(connection, chain));
            while (database.write(tx -> removeBatch(tx, chain, upTo))) {
                LOG.debug("removed {} records of the audit trail", BATCH);
            }
        }
    }

    /** The last position that may go: old enough, not needed, not the newest, and proven to be what was written. */
    private long removable(Connection connection, String chain) throws SQLException {
        Instant oldest = clock.instant().minus(keep);
        long before = needed.getAsLong();
        Findings findings = new Findings();
        Optional<Checkpoint> removal =
                CheckpointTable.removal(connection, chain).filter(c -> c.isGenuine(key));
        List<Checkpoint> signed = CheckpointTable.all(connection).stream()
                .filter(c -> c.chain().equals(chain))
                .filter(c -> c.kind() != Checkpoint.Kind.REMOVAL && c.isGenuine(key))
                .toList();
        ChainWalk walk = new ChainWalk(
                removal.map(Checkpoint::position).orElse(0L),
                removal.map(Checkpoint::hash).orElseGet(HashChain::start),
                signed,
                findings);
        try (PreparedStatement select =
                connection.prepareStatement(AuditRow.SELECT + " WHERE chain = ? AND seq < ? ORDER BY seq")) {
            select.setFetchSize(BATCH);
            select.setString(1, chain);
            select.setLong(2, ChainTip.of(connection, chain).position());
            try (ResultSet rows = select.executeQuery()) {
                while (findings.isEmpty() && rows.next()) {
                    AuditRow row = AuditRow.of(rows);
                    if (row.position() >= before || !row.record().time().isBefore(oldest)) {
                        break;
                    }
                    walk.next(row, false);
                }
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

    private boolean removeBatch(Transaction tx, String chain, long upTo) throws SQLException {
        Connection connection = tx.connection();
        long last = 0;
        byte[] hash = HashChain.start();
        int count = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT seq, hash, resources FROM audit WHERE chain = ? AND seq <= ? ORDER BY seq LIMIT ?");
                PreparedStatement entry = connection.prepareStatement(
                        "DELETE FROM audit_resource WHERE name = ? AND seq = ? AND type = ?")) {
            select.setString(1, chain);
            select.setLong(2, upTo);
            select.setInt(3, BATCH);
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
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM audit WHERE chain = ? AND seq <= ?")) {
            delete.setString(1, chain);
            delete.setLong(2, last);
            delete.executeUpdate();
        }
        CheckpointTable.put(
                connection,
                Checkpoint.signed(
                        key, chain, Checkpoint.REMOVAL_NUMBER, Checkpoint.Kind.REMOVAL, last, hash, clock.instant()));
        CheckpointTable.deleteBefore(connection, chain, last);
        return count == BATCH;
    }

    /** Starts no further removal. */
    @Override
    public void close() {
        timer.close();
    }
}

package dev.groundplane.platform.audit;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.Checkpoint.Kind;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the end of this process's chain of the trail when the control plane starts, every so often while there are new records, and as the last
 * thing before it stops. Whoever can write to the database but does not have the installation's key can then neither take
 * signed records back nor write the trail anew. Thread-safe.
 */
public final class AuditCheckpoints implements AutoCloseable {
    /** The table of checkpoints. */
    public static final List<Migration> MIGRATIONS = List.of(CheckpointTable.MIGRATION);

    private static final Logger LOG = LoggerFactory.getLogger(AuditCheckpoints.class);

    private final Database database;
    private final AuditTrail trail;
    private final Encryption key;
    private final CheckpointFile file;
    private final Duration every;
    private final InstantSource clock;
    private final Reconciler<String> timer = new Reconciler<>("audit-checkpoint", this::step);
    private volatile boolean fileIsAhead;

    /**
     * @param database with the trail and the table of {@link #MIGRATIONS}
     * @param trail what ends with the last checkpoint
     * @param key signs
     * @param file keeps the newest checkpoint outside of the database
     * @param every how long a record can be without a signature
     */
    public AuditCheckpoints(
            Database database, AuditTrail trail, Encryption key, Path file, Duration every, InstantSource clock) {
        this.database = database;
        this.trail = trail;
        this.key = key;
        this.file = new CheckpointFile(file);
        this.every = every;
        this.clock = clock;
    }

    /** Signs what there is, before the first record is added, and goes on to do so. */
    public void start() {
        Optional<Checkpoint> known = database.read(connection -> CheckpointTable.newest(connection, trail.chain()));
        Optional<Checkpoint> kept = file.read();
        long number = known.map(Checkpoint::number).orElse(0L);
        fileIsAhead =
                kept.isPresent() && (!kept.get().isGenuine(key) || kept.get().number() > number);
        if (fileIsAhead) {
            LOG.error(
                    "{} is of another or a later state than the database, which may be an older copy: run"
                            + " './groundplane audit verify'; the file stays as it is",
                    file.path());
        }
        sign(Kind.START);
        timer.enqueueAfter(trail.chain(), every);
    }

    /** Whether the file outside of the database is of another or a later state than the database was at the start. */
    public boolean isFileAhead() {
        return fileIsAhead;
    }

    private void step(String chain) {
        signNew();
        timer.enqueueAfter(chain, every);
    }

    /** Signs the end when there are records that no checkpoint covers. */
    void signNew() {
        boolean isNew = database.read(connection -> {
            long tip = ChainTip.of(connection, trail.chain()).position();
            return CheckpointTable.newest(connection, trail.chain())
                    .filter(last -> last.position() >= tip)
                    .isEmpty();
        });
        if (isNew) {
            sign(Kind.PERIODIC);
        }
    }

    private void sign(Kind kind) {
        Checkpoint made = database.write(tx -> {
            if (kind == Kind.STOP) {
                trail.end();
            }
            return sign(tx, kind);
        });
        if (!fileIsAhead) {
            file.write(made);
        }
    }

    private Checkpoint sign(Transaction tx, Kind kind) throws SQLException {
        long number = CheckpointTable.newest(tx.connection(), trail.chain())
                        .map(Checkpoint::number)
                        .orElse(0L)
                + 1;
        ChainTip tip = ChainTip.of(tx.connection(), trail.chain());
        Checkpoint checkpoint =
                Checkpoint.signed(key, trail.chain(), number, kind, tip.position(), tip.hash(), clock.instant());
        CheckpointTable.put(tx.connection(), checkpoint);
        return checkpoint;
    }

    /** Ends the trail and signs its end, if the database is there. */
    @Override
    public void close() {
        timer.close();
        try {
            sign(Kind.STOP);
        } catch (GroundplaneException e) {
            LOG.warn("the end of the audit trail is not signed: {}", e.getMessage());
        }
    }
}

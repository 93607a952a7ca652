package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.AuditScan;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.cloudtrail.TrailState.Batch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Delivers to each trail's bucket the records after the last that it got, each once. What a file holds and is called is
 * stored before it is written, and that it was written afterwards; a crash in between writes the same file again. Of several
 * control planes the one that leads delivers.
 */
final class TrailDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrailDelivery.class);
    /** How far one file reaches at the most, in positions: some megabytes. */
    static final int BATCH = 5_000;

    private final TrailStore store;
    private final AuditScan scan;
    private final TrailBucket bucket;
    private final Digests digests;
    private final Duration every;
    private final InstantSource clock;
    private final Reconciler<String> ticks = new Reconciler<>("trail-tick", this::tick);
    private final Reconciler<TrailKey> deliveries = new Reconciler<>("trail-delivery", this::deliver);
    private volatile boolean started;

    TrailDelivery(
            TrailStore store,
            AuditScan scan,
            TrailBucket bucket,
            Digests digests,
            Duration every,
            InstantSource clock) {
        this.store = store;
        this.scan = scan;
        this.bucket = bucket;
        this.digests = digests;
        this.every = every;
        this.clock = clock;
    }

    void start() {
        started = true;
        ticks.enqueue("tick");
    }

    private void tick(String key) {
        if (leads()) {
            store.all().forEach(trail -> deliveries.enqueue(TrailKey.of(trail)));
        }
        ticks.enqueueAfter(key, every);
    }

    private boolean leads() {
        return store.database().replicas().leads();
    }

    /** Delivers soon, once {@link #start} was called. Where another control plane leads, that one does with its next turn. */
    void wake(TrailKey key) {
        if (started && leads()) {
            deliveries.enqueue(key);
        }
    }

    /** Delivers what there is, and the digests that are due. What S3 refuses is tried again with the next turn. */
    void deliver(TrailKey key) {
        try {
            while (deliverBatch(key)) {
                LOG.debug("{} has more to deliver", key);
            }
        } catch (AwsServiceException e) {
            LOG.warn("trail {} cannot deliver: {}", key, e.getMessage());
            change(key, trail -> trail.deliveryFailed(TrailBucket.code(e)));
            return;
        }
        digests.deliver(key);
    }

    private interface Change {
        TrailState apply(TrailState trail);
    }

    private void change(TrailKey key, Change change) {
        store.database().write(tx -> {
            Optional<TrailState> found = store.find(tx, key);
            if (found.isPresent()) {
                store.update(tx, change.apply(found.get()));
            }
            return true;
        });
    }

    /** Returns whether there may be more. */
    private boolean deliverBatch(TrailKey key) {
        Optional<TrailState> known = store.find(key);
        if (known.isEmpty() || end(known.get(), scan.tip()) <= known.get().position()) {
            return false;
        }
        Optional<TrailState> planned = store.database().write(tx -> plan(tx, key));
        if (planned.isEmpty()) {
            return false;
        }
        TrailState trail = planned.get();
        Batch batch = trail.batch().orElseThrow();
        Map<String, LogFile> files = new HashMap<>();
        grouped(trail, batch).forEach((region, records) -> {
            if (files.isEmpty()) {
                bucket.check(trail.scope(), trail.bucket(), trail.trail().s3KeyPrefix(), trail.arn());
            }
            LogFileContent content = LogFileContent.of(trail, region, batch.time(), records);
            bucket.put(trail, content.key(), content.gzip(), Map.of());
            files.put(region, content.file(trail.bucket()));
        });
        store.database().write(tx -> {
            finish(tx, trail, batch, files);
            return true;
        });
        return true;
    }

    private static long end(TrailState trail, long tip) {
        return trail.isLogging() ? tip : Math.min(tip, trail.until());
    }

    private Optional<TrailState> plan(Transaction tx, TrailKey key) throws SQLException {
        Optional<TrailState> found = store.find(tx, key);
        if (found.isEmpty() || found.get().batch().isPresent()) {
            return found;
        }
        TrailState trail = found.get();
        long upTo = Math.min(end(trail, scan.tip(tx)), trail.position() + BATCH);
        if (upTo <= trail.position()) {
            return Optional.empty();
        }
        store.update(tx, trail.delivering(new Batch(upTo, clock.instant())));
        return store.find(tx, key);
    }

    /** The selected records by region. */
    private Map<String, List<AuditTrail.Found>> grouped(TrailState trail, Batch batch) {
        EventSelection selection = new EventSelection(
                EventSelectors.of(trail), !Boolean.FALSE.equals(trail.trail().includeGlobalServiceEvents()));
        Optional<String> region = trail.isMultiRegion()
                ? Optional.empty()
                : Optional.of(trail.scope().region());
        Map<String, List<AuditTrail.Found>> grouped = new TreeMap<>();
        for (AuditTrail.Found found :
                scan.between(trail.position(), batch.upTo(), trail.scope().account(), region)) {
            AuditRecord record = found.record();
            if (selection.includes(record)) {
                grouped.computeIfAbsent(record.region(), r -> new ArrayList<>()).add(found);
            }
        }
        return grouped;
    }

    /** A trail that was deleted in the meantime, or made anew, has no such batch. */
    private void finish(Transaction tx, TrailState planned, Batch batch, Map<String, LogFile> files)
            throws SQLException {
        Optional<TrailState> found = store.find(tx, TrailKey.of(planned))
                .filter(trail -> trail.batch().equals(Optional.of(batch)))
                .filter(trail -> trail.position() == planned.position());
        if (found.isEmpty()) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (found.get().validates()) {
            for (Map.Entry<String, LogFile> file : files.entrySet()) {
                digests.add(tx, found.get(), file.getKey(), planned.position(), file.getValue(), now);
            }
        }
        store.update(tx, found.get().delivered(batch, !files.isEmpty(), now));
    }

    @Override
    public void close() {
        ticks.close();
        deliveries.close();
    }
}

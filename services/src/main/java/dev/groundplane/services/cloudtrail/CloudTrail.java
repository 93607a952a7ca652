package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.audit.AuditScan;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.AccessModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The part of CloudTrail that lives as long as the process: trails and their delivery. Thread-safe. */
public final class CloudTrail implements AutoCloseable {
    /** As whom it calls S3. */
    public static final String PRINCIPAL = "cloudtrail.amazonaws.com";

    private final EventLookup lookup;
    private final TrailStore store;
    private final DigestKeys keys;
    private final TrailDelivery delivery;
    private final Trails trails;
    private final TrailLogging logging;
    private final EventSelectors selectors;
    private final TrailTags tags;

    /**
     * How often trails deliver.
     *
     * @param logFiles about how often log files are written when there are events; AWS: some minutes
     * @param digests how often digests are; AWS: an hour
     */
    public record Intervals(Duration logFiles, Duration digests) {}

    /**
     * @param database where trails are kept, and the audit trail is
     * @param trail what is looked into
     * @param s3 a client of S3 for one call, as {@link #PRINCIPAL} in an account and region
     * @param encryption seals the keys that sign digests
     */
    public CloudTrail(
            Database database,
            Events events,
            AuditTrail trail,
            Function<Scope, S3Client> s3,
            Encryption encryption,
            InstantSource clock,
            Intervals intervals) {
        AuditScan scan = new AuditScan(database);
        TrailBucket bucket = new TrailBucket(s3);
        lookup = new EventLookup(trail, clock);
        store = new TrailStore(database, events);
        keys = new DigestKeys(store, encryption, clock);
        Digests digests = new Digests(store, bucket, keys, intervals.digests(), clock);
        delivery = new TrailDelivery(store, scan, bucket, digests, intervals.logFiles(), clock);
        trails = new Trails(store, bucket);
        logging = new TrailLogging(store, scan, clock, delivery::wake);
        selectors = new EventSelectors(store);
        tags = new TrailTags(store);
    }

    /** Starts to deliver. */
    public void start() {
        delivery.start();
    }

    /** CloudTrail on behalf of one call. */
    public CloudTrailClient client(Call call) {
        return new CloudTrailService(call, this);
    }

    /** What CloudTrail's operations ask to do. */
    public static AccessModel access() {
        return new CloudTrailAccess();
    }

    /** The position in the audit trail from which on records are still to be delivered. */
    public long needed() {
        return store.all().stream()
                .filter(TrailState::isUnfinished)
                .mapToLong(trail -> trail.position() + 1)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Trails of all accounts whose last delivery failed. */
    public List<FailingTrail> failing() {
        return store.all().stream()
                .flatMap(trail -> FailingTrail.of(trail).stream())
                .toList();
    }

    EventLookup lookup() {
        return lookup;
    }

    DigestKeys keys() {
        return keys;
    }

    TrailDelivery delivery() {
        return delivery;
    }

    Trails trails() {
        return trails;
    }

    TrailLogging logging() {
        return logging;
    }

    EventSelectors selectors() {
        return selectors;
    }

    TrailTags tags() {
        return tags;
    }

    @Override
    public void close() {
        delivery.close();
    }
}

package dev.groundplane.services.s3.external;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.s3.BucketRegister;
import dev.groundplane.services.s3.external.WatchedPrefixes.Prefix;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Finds what others put into the other S3: lists prefixes again and again and compares sums. What this process put there itself, it has
 * told already and leaves out. A prefix takes a page of keys of memory, whatever lies there. Thread-safe.
 */
final class PrefixWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrefixWatch.class);
    /** Of the time that passes, a prefix is listed for one such part at the most. */
    private static final int SHARE = 10;
    /** So many of its own are left out; then all are forgotten and looked at as others'. */
    private static final int MOST_OWN = 50_000;

    private static final String TICK = "prefixes";

    private final Database database;
    private final S3Client outside;
    private final ExternalErrors errors;
    private final WatchedPrefixes prefixes;
    private final BucketRegister register;
    private final Duration every;
    private final Map<Prefix, Seen> seen = new ConcurrentHashMap<>();
    private final Set<Prefix> scheduled = ConcurrentHashMap.newKeySet();
    private final Map<Prefix, String> hindrances = new ConcurrentHashMap<>();
    private final Set<Long> own = new HashSet<>();
    private final Reconciler<Prefix> looks = new Reconciler<>("s3-listing", this::look);
    private final Reconciler<String> ticks = new Reconciler<>("s3-listings", this::tick);

    /** @param every how often a prefix is listed, if that takes less than a tenth of it */
    PrefixWatch(
            Database database,
            S3Client outside,
            ExternalErrors errors,
            WatchedPrefixes prefixes,
            BucketRegister register,
            Duration every) {
        this.database = database;
        this.outside = outside;
        this.errors = errors;
        this.prefixes = prefixes;
        this.register = register;
        this.every = every;
    }

    /**
     * What a listing showed.
     *
     * @param all the sum of all objects
     * @param others the sum without those that this process has told of
     */
    private record Seen(long all, long others) {}

    void start() {
        ticks.enqueue(TICK);
    }

    private void tick(String key) {
        for (Prefix prefix : prefixes.all()) {
            if (scheduled.add(prefix)) {
                looks.enqueue(prefix);
            }
        }
        ticks.enqueueAfter(key, every);
    }

    /** This process tells by itself that it has put an object there. */
    void toldOf(String key, String etag, long size) {
        synchronized (own) {
            if (own.size() == MOST_OWN) {
                own.clear();
            }
            own.add(Fingerprint.of(key, etag, size));
        }
    }

    private boolean isOwn(long fingerprint) {
        synchronized (own) {
            return own.contains(fingerprint);
        }
    }

    /** Looks at a prefix now, and again after a while. */
    void look(Prefix prefix) {
        if (!prefixes.all().contains(prefix)) {
            database.write(transaction -> {
                ListingTable.remove(transaction, prefix);
                return prefix;
            });
            seen.remove(prefix);
            hindrances.remove(prefix);
            scheduled.remove(prefix);
            return;
        }
        long begun = System.nanoTime();
        if (database.replicas().leads()) {
            try {
                compare(prefix, list(prefix));
                hindrances.remove(prefix);
            } catch (S3Exception e) { // also for a bucket that has gone: what was there may come again
                String reason = String.valueOf(e.getMessage());
                if (!reason.equals(hindrances.put(prefix, reason))) {
                    LOG.warn("{} in {} cannot be listed: {}", prefix.text(), prefix.bucket(), reason);
                }
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
        looks.enqueueAfter(prefix, took.compareTo(every) > 0 ? took : every);
    }

    private Seen list(Prefix prefix) {
        long all = 0;
        long others = 0;
        @Nullable String next = null;
        do {
            @Nullable String from = next;
            ListObjectsV2Response page = errors.translated(() -> outside.listObjectsV2(r -> r.bucket(prefix.bucket())
                    .prefix(prefix.text())
                    .encodingType(EncodingType.URL)
                    .continuationToken(from)));
            for (S3Object object : page.contents()) {
                String etag = object.eTag() == null ? "" : object.eTag().replace("\"", "");
                long one = Fingerprint.of(object.key(), etag, object.size());
                all += one;
                others += isOwn(one) ? 0 : one;
            }
            next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (next != null);
        return new Seen(all, others);
    }

    /** The first listing of a process is held against the last one of the process before, which may have ended before it told. */
    private void compare(Prefix prefix, Seen now) {
        @Nullable Seen before = seen.get(prefix);
        OptionalLong kept = before == null
                ? database.read(connection -> ListingTable.find(connection, prefix))
                : OptionalLong.of(before.all());
        boolean changed =
                before == null ? kept.isEmpty() || kept.getAsLong() != now.all() : before.others() != now.others();
        if (changed || kept.getAsLong() != now.all()) {
            database.write(transaction -> {
                ListingTable.put(transaction, prefix, now.all());
                if (changed) {
                    prefixes.changed(transaction, prefix, register.next(transaction));
                }
                return prefix;
            });
        }
        seen.put(prefix, now);
    }

    @Override
    public void close() {
        ticks.close();
        looks.close();
    }
}

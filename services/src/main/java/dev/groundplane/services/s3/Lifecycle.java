package dev.groundplane.services.s3;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.services.s3.KeyWalk.Cursor;
import dev.groundplane.services.s3.KeyWalk.Page;
import dev.groundplane.wire.WireForm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.BucketLifecycleConfiguration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;

/**
 * Expires objects as their buckets' lifecycle rules say, some minutes after they are due. What is locked stays. A step that is
 * cut short is done again.
 */
final class Lifecycle implements AutoCloseable {
    static final WireForm<BucketLifecycleConfiguration> FORM =
            WireForm.of(BucketLifecycleConfiguration.class, BucketLifecycleConfiguration::builder);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final int BATCH = 200;

    private final S3Store store;
    private final VersionWrites versions;
    private final Reconciler<String> sweeps = new Reconciler<>("s3-lifecycle", this::step);

    Lifecycle(S3Store store) {
        this.store = store;
        this.versions = new VersionWrites(store);
    }

    void start() {
        sweeps.enqueue("all");
    }

    private void step(String key) {
        if (store.database().replicas().leads()) {
            sweep();
        }
        sweeps.enqueueAfter(key, EVERY);
    }

    /** Expires what is due now in every bucket. */
    void sweep() {
        for (long id : store.database().read(c -> BucketTable.having(c, BucketSetting.LIFECYCLE))) {
            Optional<Bucket> bucket = store.database().read(c -> BucketTable.find(c, id));
            bucket.ifPresent(this::sweep);
        }
    }

    private void sweep(Bucket bucket) {
        Optional<String> document = store.database().read(c -> BucketTable.setting(c, bucket, BucketSetting.LIFECYCLE));
        for (LifecycleRule rule :
                document.map(text -> FORM.decode(text).rules()).orElse(List.of())) {
            if (LifecycleRules.enabled(rule)) {
                apply(bucket, rule);
            }
        }
    }

    private void apply(Bucket bucket, LifecycleRule rule) {
        if (rule.expiration() != null || rule.noncurrentVersionExpiration() != null) {
            expireVersions(bucket, rule);
        }
        if (rule.abortIncompleteMultipartUpload() != null) {
            abortUploads(
                    bucket,
                    LifecycleRules.prefix(rule),
                    rule.abortIncompleteMultipartUpload().daysAfterInitiation());
        }
    }

    private void expireVersions(Bucket bucket, LifecycleRule rule) {
        Cursor from = Cursor.START;
        List<ObjectVersion> ofKey = new ArrayList<>();
        boolean more = true;
        while (more) {
            Cursor start = from;
            Page<ObjectVersion> page = store.database()
                    .read(c -> ListTable.versions(c, bucket.id()).page(LifecycleRules.prefix(rule), "", start, BATCH));
            for (ObjectVersion version : page.rows()) {
                if (!ofKey.isEmpty() && !ofKey.getFirst().key().equals(version.key())) {
                    expire(bucket, rule, ofKey);
                    ofKey.clear();
                }
                ofKey.add(version);
                from = Cursor.at(version.key(), version.id());
            }
            more = page.truncated();
        }
        if (!ofKey.isEmpty()) {
            expire(bucket, rule, ofKey);
        }
    }

    /** @param ofKey all versions of one key, the newest first */
    private void expire(Bucket bucket, LifecycleRule rule, List<ObjectVersion> ofKey) {
        Instant now = store.now();
        ObjectVersion latest = ofKey.getFirst();
        if (latest.marker()) {
            boolean alone = ofKey.size() == 1;
            boolean asked = rule.expiration() != null
                    && (Boolean.TRUE.equals(rule.expiration().expiredObjectDeleteMarker())
                            || LifecycleRules.expired(rule.expiration(), latest, now));
            if (alone && asked) {
                remove(bucket, latest, now, "LifecycleExpiration:Delete");
            }
        } else if (LifecycleRules.selects(rule, latest) && LifecycleRules.expired(rule.expiration(), latest, now)) {
            expireLatest(bucket, latest, now);
        }
        NoncurrentVersionExpiration noncurrent = rule.noncurrentVersionExpiration();
        if (noncurrent != null) {
            int kept = noncurrent.newerNoncurrentVersions() == null ? 0 : noncurrent.newerNoncurrentVersions();
            for (int i = 1 + kept; i < ofKey.size(); i++) {
                // A version is no longer the present one since its successor was stored.
                Instant since = ofKey.get(i - 1).modified();
                if (LifecycleRules.selects(rule, ofKey.get(i))
                        && LifecycleRules.due(since, noncurrent.noncurrentDays(), now)) {
                    remove(bucket, ofKey.get(i), now, "LifecycleExpiration:Delete");
                }
            }
        }
    }

    private void expireLatest(Bucket bucket, ObjectVersion latest, Instant now) {
        if (!bucket.versioned()) {
            remove(bucket, latest, now, "LifecycleExpiration:Delete");
            return;
        }
        store.database().write(transaction -> {
            Optional<Bucket> present = BucketTable.find(transaction.connection(), bucket.id());
            Optional<ObjectVersion> still = VersionTable.latest(transaction.connection(), bucket.id(), latest.key());
            if (present.isPresent() && still.filter(v -> v.id() == latest.id()).isPresent()) {
                versions.delete(transaction, present.get(), latest.key(), null, now);
            }
            return true;
        });
    }

    /** A version that was overwritten or locked in the meantime stays. */
    private void remove(Bucket bucket, ObjectVersion version, Instant now, String event) {
        store.database().write(transaction -> {
            Optional<ObjectVersion> still = VersionTable.find(transaction.connection(), version.id());
            if (still.isPresent() && !still.get().lock().holds(now, false)) {
                versions.remove(transaction, bucket, still.get(), now, event);
            }
            return true;
        });
    }

    private void abortUploads(Bucket bucket, String prefix, int days) {
        List<Upload> due = store
                .database()
                .read(c -> UploadTable.list(c, bucket.id(), Cursor.START.atLeast(prefix), Integer.MAX_VALUE))
                .stream()
                .filter(upload -> upload.key().startsWith(prefix))
                .filter(upload -> LifecycleRules.due(upload.initiated(), days, store.now()))
                .toList();
        for (Upload upload : due) {
            store.database().write(transaction -> {
                UploadTable.delete(transaction, upload);
                store.garbage().after(transaction);
                return true;
            });
        }
    }

    @Override
    public void close() {
        sweeps.close();
    }
}

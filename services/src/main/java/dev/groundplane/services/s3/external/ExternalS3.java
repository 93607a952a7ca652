package dev.groundplane.services.s3.external;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.s3.BucketRegister;
import dev.groundplane.services.s3.ObjectsElsewhere;
import dev.groundplane.services.s3.S3;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Amazon S3 whose objects another S3 keeps. Buckets that are there and that nobody made here belong to the installation's account.
 * Thread-safe.
 */
public final class ExternalS3 implements AutoCloseable {
    /** Its tables. */
    public static final List<Migration> MIGRATIONS = Stream.of(Intents.MIGRATIONS, ListingTable.MIGRATIONS)
            .flatMap(List::stream)
            .toList();

    private static final Logger LOG = LoggerFactory.getLogger(ExternalS3.class);
    private static final String HOME_REGION = "us-east-1";

    private final S3 here;
    private final Database database;
    private final ExternalStore location;
    private final Scope home;
    private final InstantSource clock;
    private final BucketRegister register;
    private final S3Client outside;
    private final ExternalErrors errors;
    private final Intents intents;
    private final SpooledContent spool;
    private final PrefixWatch watch;
    /** Buckets that somebody is making just now. */
    private final Set<String> claims = ConcurrentHashMap.newKeySet();

    /**
     * @param here knows whose buckets are
     * @param database with the tables of {@link #MIGRATIONS}
     * @param spool where content lies that must be known as a whole before it can be sent; made if it is not there
     * @param home the account of buckets that nobody made here, and what region they say
     * @param prefixes where what others put there is wanted to be known
     */
    public ExternalS3(
            S3 here,
            Database database,
            ExternalStore location,
            Path spool,
            Scope home,
            WatchedPrefixes prefixes,
            InstantSource clock) {
        this(here, database, location, location.connect(), spool, home, prefixes, clock);
    }

    /** @param outside a client of the other S3, which this closes */
    ExternalS3(
            S3 here,
            Database database,
            ExternalStore location,
            S3Client outside,
            Path spool,
            Scope home,
            WatchedPrefixes prefixes,
            InstantSource clock) {
        this.here = here;
        this.database = database;
        this.location = location;
        this.home = home;
        this.clock = clock;
        register = here.register();
        this.outside = outside;
        errors = new ExternalErrors(location.endpoint());
        intents = new Intents(database, register, clock);
        this.spool = new SpooledContent(spool);
        watch = new PrefixWatch(database, outside, errors, prefixes, register, location.listEvery());
    }

    /** Amazon S3 on behalf of one call. An operation that changes something may be called once. */
    public S3Client client(Call call) {
        return new ExternalS3Service(here.client(call), outside, new Forwarding(call, register, errors, intents), this);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return here.access(new ObjectsElsewhere() {
            @Override
            public void adopt(String bucket) {
                ExternalS3.this.adopt(bucket);
            }

            @Override
            public Map<String, String> tags(String bucket, String key, @Nullable String versionId) {
                return tagsOf(bucket, key, versionId);
            }
        });
    }

    private Map<String, String> tagsOf(String bucket, String key, @Nullable String versionId) {
        return errors.translated(() -> {
            try {
                return outside.getObjectTagging(r -> r.bucket(bucket).key(key).versionId(versionId)).tagSet().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value));
            } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                    return Map.of();
                }
                throw e;
            }
        });
    }

    private void adopt(String bucket) {
        if (claims.contains(bucket)) {
            return;
        }
        boolean there = errors.translated(() -> {
            try {
                outside.headBucket(r -> r.bucket(bucket));
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == 404 || e.statusCode() == 403 || e.statusCode() == 400) {
                    return false; // also of somebody else, or no name that there could be
                }
                throw e;
            }
        });
        if (there && !claims.contains(bucket)) {
            adoptAsItIs(bucket);
        }
    }

    /** It is the installation's, unless somebody else was about to make it. */
    private void adoptAsItIs(String bucket) {
        register.adopt(bucket, intents.maker(bucket).orElse(home));
    }

    /** Has all buckets that are there belong to somebody, if an account asks that they may come to belong to. */
    void adoptAll(Scope asking) {
        if (asking.account().equals(home.account())) {
            try {
                errors.translated(outside::listBuckets).buckets().stream()
                        .map(Bucket::name)
                        .filter(name ->
                                !claims.contains(name) && register.find(name).isEmpty())
                        .forEach(this::adoptAsItIs);
            } catch (S3Exception e) {
                if (e.statusCode() != 403) {
                    throw e;
                }
                LOG.info(
                        "{} does not let its buckets be listed: each becomes known with its first use",
                        location.endpoint());
            }
        }
    }

    /** A bucket that is being made, which nobody adopts meanwhile. */
    final class Claim implements AutoCloseable {
        private final String name;

        private Claim(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            claims.remove(name);
        }
    }

    /** @throws S3Exception {@code OperationAborted} when another call makes it */
    Claim claim(String bucket) {
        if (!claims.add(bucket)) {
            throw Forwarding.failure(
                    "OperationAborted",
                    409,
                    "A conflicting conditional operation is currently in progress against this resource. Please try again.");
        }
        return new Claim(bucket);
    }

    /** The request as the other S3 takes it: its region is not the one that the bucket says of itself. */
    CreateBucketRequest located(CreateBucketRequest request) {
        CreateBucketRequest.Builder there = CreateBucketRequest.builder()
                .bucket(request.bucket())
                .objectLockEnabledForBucket(request.objectLockEnabledForBucket());
        if (!location.region().equals(HOME_REGION)) {
            there.createBucketConfiguration(c -> c.locationConstraint(location.region()));
        }
        return there.build();
    }

    PrefixWatch watch() {
        return watch;
    }

    SpooledContent spool() {
        return spool;
    }

    /** Tells with a transaction what a call did to an object. */
    void tell(
            Transaction transaction,
            String event,
            String bucket,
            String key,
            long size,
            @Nullable String etag,
            @Nullable String versionId)
            throws SQLException {
        String bare = etag == null ? "" : etag.replace("\"", "");
        if (event.startsWith("ObjectCreated:")) {
            // Not before it is durable: what is left out of listings and told to nobody would never be found.
            transaction.afterCommit(() -> watch.toldOf(key, bare, size));
        }
        register.publish(
                transaction,
                event,
                bucket,
                key,
                size,
                bare,
                Optional.ofNullable(versionId).orElse("null"),
                clock.instant());
    }

    /**
     * Looks at what ended in the middle, makes buckets known, and begins to look at prefixes. What the other S3 says now is only logged.
     *
     * @param unfinished is told of each change whose outcome nobody knows
     */
    public void start(Unfinished unfinished) {
        Thread.ofVirtual().name("s3-external-start").start(() -> {
            try {
                adoptAll(home);
            } catch (SdkException e) {
                LOG.warn("buckets at {} become known with their first use: {}", location.endpoint(), e.getMessage());
            }
        });
        database.replicas()
                .whileLeading(() -> Thread.ofVirtual().name("s3-external-left").start(() -> finish(unfinished)));
        watch.start();
    }

    private synchronized void finish(Unfinished unfinished) {
        for (UnfinishedChange left : intents.left(database.replicas().alive())) {
            LOG.warn(
                    "{} of {} {} by {} was under way when its process ended: whether it was done, nobody knows",
                    left.operation(),
                    left.bucket(),
                    left.key(),
                    left.caller());
            if (left.operation().equals("CreateBucket")) {
                adoptLeft(left.bucket());
            }
            unfinished.record(left, transaction -> intents.end(transaction, left.id()));
        }
    }

    private void adoptLeft(String bucket) {
        try {
            adopt(bucket);
        } catch (SdkException e) {
            LOG.warn("whether bucket {} was made is not known: {}", bucket, e.getMessage());
        }
    }

    /** Why the other S3 could not be used the last time; empty when it could. */
    public Optional<String> problem() {
        return errors.problem();
    }

    @Override
    public void close() {
        watch.close();
        outside.close();
    }
}

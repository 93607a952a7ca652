package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.store.Transaction;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.Owner;

/**
 * What is known here of buckets whose objects are kept elsewhere: whose they are, and what happens in them. Thread-safe.
 */
public final class BucketRegister {
    private final S3Store store;
    private final AccessDecisions decisions;

    BucketRegister(S3Store store, AccessDecisions decisions) {
        this.store = store;
        this.decisions = decisions;
    }

    /** The account and region of a bucket. */
    public Optional<Scope> find(@Nullable String name) {
        return store.database()
                .read(connection -> BucketTable.find(connection, String.valueOf(name)))
                .map(BucketRegister::scope);
    }

    /**
     * The account and region of a bucket.
     *
     * @param expectedOwner the account that it must belong to; null for any
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code NoSuchBucket}, {@code AccessDenied}
     */
    public Scope require(@Nullable String name, @Nullable String expectedOwner) {
        return store.database().read(connection -> scope(Buckets.require(connection, name, expectedOwner)));
    }

    private static Scope scope(Bucket bucket) {
        return new Scope(bucket.account(), bucket.region());
    }

    /** Has a bucket belong to an account, with all public access blocked, unless it is known already. */
    public void adopt(String name, Scope owner) {
        store.database().write(transaction -> {
            if (BucketTable.find(transaction.connection(), name).isEmpty()) {
                Bucket bucket = new Bucket(
                        S3Schema.nextId(transaction),
                        name,
                        owner.account(),
                        owner.region(),
                        store.now(),
                        Bucket.Versioning.OFF,
                        false);
                BucketTable.insert(transaction, bucket);
                BucketTable.set(
                        transaction,
                        bucket,
                        BucketSetting.PUBLIC_ACCESS_BLOCK,
                        BucketSettings.PUBLIC_ACCESS_BLOCK.encode(BucketSettings.BLOCK_ALL));
            }
            return name;
        });
    }

    /**
     * Refuses a bucket that could not be made here.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception as CreateBucket
     */
    public void check(Call call, CreateBucketRequest request) {
        new Buckets(call, store).check(request);
    }

    /** Whether the caller may delete each of several objects, in their order: why not, or empty. */
    public List<Optional<String>> refusals(Call call, DeleteObjectsRequest request) {
        return new S3Access(store, ObjectsElsewhere.NONE)
                .deletions(request).stream()
                        .map(asked -> refusal(decisions.decide(call.caller(), asked), asked.action()))
                        .toList();
    }

    private static Optional<String> refusal(Decision decision, String action) {
        return decision.isAllowed() ? Optional.empty() : Optional.of("Access Denied: " + decision.reason(action));
    }

    /** The owner of everything in an account's buckets. */
    public static Owner owner(String account) {
        return Buckets.owner(account);
    }

    /** A key as listings have it for whoever asks for {@code encoding-type=url}. */
    public static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    /** A number that is greater than those of all events before. */
    public long next(Transaction transaction) throws SQLException {
        return S3Schema.nextId(transaction);
    }

    /**
     * Tells, with the transaction, what has happened to an object.
     *
     * @param name as in notifications, for example {@code ObjectCreated:Put}
     * @param etag without quotes
     */
    public void publish(
            Transaction transaction,
            String name,
            String bucket,
            String key,
            long size,
            String etag,
            String versionId,
            Instant time)
            throws SQLException {
        Optional<Bucket> known = BucketTable.find(transaction.connection(), bucket);
        if (known.isPresent()) {
            String sequencer = "%016X".formatted(next(transaction));
            store.events()
                    .publish(
                            transaction,
                            new ObjectEvent(
                                    name, scope(known.get()), bucket, key, size, etag, versionId, sequencer, time));
        }
    }
}

package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.Owner;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Makes, finds, lists and removes buckets, for one call. */
final class Buckets {
    private static final int MAX_LISTED = 10_000;
    private static final String HOME_REGION = "us-east-1";
    private static final String OWNER_ENFORCED = "BucketOwnerEnforced";

    private final Call call;
    private final S3Store store;

    Buckets(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    /**
     * The bucket of that name.
     *
     * @param expectedOwner the account that it must belong to, if any
     * @throws S3Exception {@code NoSuchBucket}, {@code AccessDenied}
     */
    Bucket require(@Nullable String name, @Nullable String expectedOwner) {
        return store.database().read(connection -> require(connection, name, expectedOwner));
    }

    static Bucket require(Connection connection, @Nullable String name, @Nullable String expectedOwner)
            throws SQLException {
        String wanted = String.valueOf(name);
        Bucket bucket = BucketTable.find(connection, wanted).orElseThrow(() -> S3Errors.noSuchBucket(wanted));
        if (expectedOwner != null && !expectedOwner.equals(bucket.account())) {
            throw S3Errors.accessDenied("the bucket does not belong to account %s", expectedOwner);
        }
        return bucket;
    }

    /** The bucket as the transaction sees it: it may have gone or changed since it was looked at. */
    static Bucket again(Transaction transaction, Bucket bucket) throws SQLException {
        return BucketTable.find(transaction.connection(), bucket.id())
                .orElseThrow(() -> S3Errors.noSuchBucket(bucket.name()));
    }

    /**
     * Refuses what no bucket can be made of.
     *
     * @throws S3Exception {@code BucketAlreadyExists} when it is another account's, and others
     */
    void check(CreateBucketRequest request) {
        Members.supported(
                request,
                "CreateBucketConfiguration",
                "CreateBucketConfiguration.LocationConstraint",
                "CreateBucketConfiguration.Tags.*",
                "x-amz-acl",
                "x-amz-bucket-object-lock-enabled",
                "x-amz-object-ownership");
        String name = BucketName.valid(request.bucket());
        ObjectHeaders.acl(request.aclAsString());
        if (request.objectOwnershipAsString() != null
                && !request.objectOwnershipAsString().equals(OWNER_ENFORCED)) {
            throw S3Errors.notImplemented(
                    "The object ownership %s is not implemented; only %s is.",
                    request.objectOwnershipAsString(), OWNER_ENFORCED);
        }
        requireFree(store.database().read(connection -> BucketTable.find(connection, name)), name, region(request));
    }

    private void requireFree(Optional<Bucket> known, String name, String region) {
        if (known.isPresent() && !known.get().account().equals(call.scope().account())) {
            throw S3Errors.bucketExists(name);
        }
        if (known.isPresent() && !region.equals(HOME_REGION)) {
            throw S3Errors.bucketOwned(name);
        }
    }

    /** As AWS: to make a bucket again that one has is an error, but in us-east-1 it is none. */
    CreateBucketResponse create(CreateBucketRequest request) {
        check(request);
        String name = BucketName.valid(request.bucket());
        String region = region(request);
        boolean locked = Boolean.TRUE.equals(request.objectLockEnabledForBucket());
        return call.commit(transaction -> {
            Optional<Bucket> known = BucketTable.find(transaction.connection(), name);
            requireFree(known, name, region);
            if (known.isEmpty()) {
                Bucket bucket = new Bucket(
                        S3Schema.nextId(transaction),
                        name,
                        call.scope().account(),
                        region,
                        store.now(),
                        locked ? Bucket.Versioning.ENABLED : Bucket.Versioning.OFF,
                        locked);
                BucketTable.insert(transaction, bucket);
                BucketTable.set(
                        transaction,
                        bucket,
                        BucketSetting.PUBLIC_ACCESS_BLOCK,
                        BucketSettings.PUBLIC_ACCESS_BLOCK.encode(BucketSettings.BLOCK_ALL));
                if (request.createBucketConfiguration() != null
                        && request.createBucketConfiguration().hasTags()) {
                    BucketTable.set(
                            transaction,
                            bucket,
                            BucketSetting.TAGGING,
                            StringMap.encode(
                                    Tags.of(request.createBucketConfiguration().tags(), Tags.MAX_OF_BUCKET)));
                }
            }
            return CreateBucketResponse.builder()
                    .location("/" + name)
                    .bucketArn("arn:aws:s3:::" + name)
                    .build();
        });
    }

    /**
     * Where the bucket says it is: in the region that is called, which must be named, but for {@value #HOME_REGION}, which must
     * not be. Whoever calls that one may name any other.
     */
    private String region(CreateBucketRequest request) {
        String called = call.scope().region();
        boolean atHome = called.equals(HOME_REGION);
        String wanted = request.createBucketConfiguration() == null
                ? null
                : request.createBucketConfiguration().locationConstraintAsString();
        if (wanted == null || wanted.isEmpty()) {
            if (!atHome) {
                throw illegal("unspecified", called);
            }
            return called;
        }
        if (!wanted.matches("[a-z]{2}(-[a-z]+)+-[0-9]") || (atHome && wanted.equals(HOME_REGION))) {
            throw S3Errors.of(
                    "InvalidLocationConstraint", 400, "The specified location-constraint is not valid: %s", wanted);
        }
        if (!atHome && !wanted.equals(called)) {
            throw illegal(wanted, called);
        }
        return wanted;
    }

    private static S3Exception illegal(String wanted, String called) {
        return S3Errors.of(
                "IllegalLocationConstraintException",
                400,
                "The %s location constraint is incompatible for the region specific endpoint this request was sent to: name"
                        + " %s as LocationConstraint.",
                wanted,
                called);
    }

    void delete(@Nullable String name, @Nullable String expectedOwner) {
        Bucket bucket = require(name, expectedOwner);
        call.commit(transaction -> {
            Bucket present = again(transaction, bucket);
            if (VersionTable.any(transaction.connection(), present.id())) {
                throw S3Errors.of(
                        "BucketNotEmpty",
                        409,
                        present.versioned()
                                ? "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
                                : "The bucket you tried to delete is not empty");
            }
            UploadTable.deleteAll(transaction, present.id());
            store.garbage().after(transaction);
            BucketTable.delete(transaction, present);
            return present;
        });
    }

    HeadBucketResponse head(@Nullable String name, @Nullable String expectedOwner) {
        Bucket bucket = require(name, expectedOwner);
        return HeadBucketResponse.builder()
                .bucketRegion(bucket.region())
                .accessPointAlias(false)
                .bucketArn(bucket.arn())
                .build();
    }

    /** The caller's account's buckets. */
    ListBucketsResponse list(ListBucketsRequest request) {
        Members.supported(request, "bucket-region", "continuation-token", "max-buckets", "prefix");
        int most = request.maxBuckets() == null ? MAX_LISTED : request.maxBuckets();
        if (most < 1 || most > MAX_LISTED) {
            throw S3Errors.invalidArgument("max-buckets must be from 1 to %d, found %d", MAX_LISTED, most);
        }
        String prefix = request.prefix() == null ? "" : request.prefix();
        String after = request.continuationToken() == null ? "" : ListToken.decode(request.continuationToken());
        List<Bucket> found =
                store
                        .database()
                        .read(c -> BucketTable.list(c, call.scope().account(), after, Integer.MAX_VALUE))
                        .stream()
                        .filter(bucket -> bucket.name().startsWith(prefix))
                        .filter(bucket -> request.bucketRegion() == null
                                || request.bucketRegion().equals(bucket.region()))
                        .limit((long) most + 1)
                        .toList();
        List<Bucket> page = found.subList(0, Math.min(most, found.size()));
        return ListBucketsResponse.builder()
                .buckets(page.stream()
                        .map(bucket -> software.amazon.awssdk.services.s3.model.Bucket.builder()
                                .name(bucket.name())
                                .creationDate(bucket.created())
                                .bucketRegion(bucket.region())
                                .bucketArn(bucket.arn())
                                .build())
                        .toList())
                .owner(owner(call.scope().account()))
                .prefix(request.prefix())
                .continuationToken(
                        found.size() > most ? ListToken.encode(page.getLast().name()) : null)
                .build();
    }

    /** AWS names accounts to S3 by a canonical id; here it is the account's number with zeros before it. */
    static Owner owner(String account) {
        return Owner.builder().id("0".repeat(64 - account.length()) + account).build();
    }
}

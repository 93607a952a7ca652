package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Retention and legal holds of objects that are there, and the default of their bucket. */
final class ObjectLocking {
    private final Call call;
    private final S3Store store;

    ObjectLocking(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    PutObjectLockConfigurationResponse configure(PutObjectLockConfigurationRequest request) {
        Members.supported(request, "ObjectLockConfiguration.*");
        ObjectLockConfiguration wanted = request.objectLockConfiguration();
        if (wanted == null) {
            throw S3Errors.of("MissingRequestBodyError", 400, "Request Body is empty");
        }
        if (!"Enabled".equals(wanted.objectLockEnabledAsString())) {
            throw S3Errors.malformedXml("ObjectLockEnabled must be Enabled");
        }
        if (wanted.rule() != null) {
            check(wanted.rule().defaultRetention());
        }
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), request.bucket(), request.expectedBucketOwner());
            if (bucket.versioning() != Bucket.Versioning.ENABLED) {
                throw S3Errors.of(
                        "InvalidBucketState",
                        409,
                        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
            }
            BucketTable.setLocked(transaction, bucket);
            BucketTable.set(transaction, bucket, BucketSetting.OBJECT_LOCK, ObjectLocks.FORM.encode(wanted));
            return PutObjectLockConfigurationResponse.builder().build();
        });
    }

    private static void check(@Nullable DefaultRetention retention) {
        if (retention == null
                || !ObjectLocks.MODES.contains(String.valueOf(retention.modeAsString()))
                || (retention.days() == null) == (retention.years() == null)) {
            throw S3Errors.malformedXml(
                    "DefaultRetention must have a mode, GOVERNANCE or COMPLIANCE, and either Days or Years");
        }
        int length = retention.days() == null ? retention.years() : retention.days();
        if (length < 1) {
            throw S3Errors.invalidArgument(
                    "Default retention period must be a positive integer value, found %d", length);
        }
    }

    GetObjectLockConfigurationResponse configuration(GetObjectLockConfigurationRequest request) {
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        if (!bucket.locked()) {
            throw S3Errors.ofBucket(
                    "ObjectLockConfigurationNotFoundError",
                    404,
                    "Object Lock configuration does not exist for this bucket",
                    bucket.name());
        }
        ObjectLockConfiguration stored = store.database()
                .read(connection -> BucketTable.setting(connection, bucket, BucketSetting.OBJECT_LOCK))
                .map(ObjectLocks.FORM::decode)
                .orElseGet(() -> ObjectLockConfiguration.builder()
                        .objectLockEnabled("Enabled")
                        .build());
        return GetObjectLockConfigurationResponse.builder()
                .objectLockConfiguration(stored)
                .build();
    }

    PutObjectRetentionResponse retain(PutObjectRetentionRequest request) {
        Members.supported(request, "Retention.*", "versionId", "x-amz-bypass-governance-retention");
        Instant now = store.now();
        boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention());
        if (request.retention() == null) {
            throw S3Errors.malformedXml("Retention is missing");
        }
        boolean removes = request.retention().modeAsString() == null
                && request.retention().retainUntilDate() == null;
        ObjectLock wanted = removes
                ? ObjectLock.NONE
                : ObjectLocks.retention(
                        request.retention().modeAsString(), request.retention().retainUntilDate(), now);
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), request.bucket(), request.expectedBucketOwner());
            requireLocks(bucket);
            ObjectVersion version = ObjectReads.require(
                    transaction.connection(), bucket, ObjectKey.valid(request.key()), request.versionId());
            ObjectLock present =
                    new ObjectLock(version.lock().mode(), version.lock().until(), false);
            if (present.holds(now, bypass) && shortens(present, wanted)) {
                throw S3Errors.accessDenied("the object is protected by object lock");
            }
            VersionTable.setLock(
                    transaction,
                    version,
                    new ObjectLock(wanted.mode(), wanted.until(), version.lock().legalHold()));
            return PutObjectRetentionResponse.builder().build();
        });
    }

    /** To hold longer in the same mode, or more strictly, is always allowed. */
    private static boolean shortens(ObjectLock present, ObjectLock wanted) {
        boolean weaker = present.mode().filter("COMPLIANCE"::equals).isPresent()
                && wanted.mode().filter("COMPLIANCE"::equals).isEmpty();
        Instant until = present.until().orElse(Instant.MIN);
        return weaker || wanted.until().orElse(Instant.MIN).isBefore(until);
    }

    GetObjectRetentionResponse retention(GetObjectRetentionRequest request) {
        Members.supported(request, "versionId");
        ObjectReads.Found found = new ObjectReads(store)
                .find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        requireLocks(found.bucket());
        ObjectLock lock = found.version().lock();
        if (lock.mode().isEmpty()) {
            throw noLock(found.version());
        }
        return GetObjectRetentionResponse.builder()
                .retention(r ->
                        r.mode(lock.mode().get()).retainUntilDate(lock.until().orElseThrow()))
                .build();
    }

    PutObjectLegalHoldResponse hold(PutObjectLegalHoldRequest request) {
        Members.supported(request, "LegalHold.*", "versionId");
        boolean on = ObjectLocks.hold(Optional.ofNullable(request.legalHold())
                .map(hold -> hold.statusAsString())
                .orElseThrow(() -> S3Errors.malformedXml("LegalHold is missing")));
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), request.bucket(), request.expectedBucketOwner());
            requireLocks(bucket);
            ObjectVersion version = ObjectReads.require(
                    transaction.connection(), bucket, ObjectKey.valid(request.key()), request.versionId());
            VersionTable.setLock(
                    transaction,
                    version,
                    new ObjectLock(version.lock().mode(), version.lock().until(), on));
            return PutObjectLegalHoldResponse.builder().build();
        });
    }

    GetObjectLegalHoldResponse legalHold(GetObjectLegalHoldRequest request) {
        Members.supported(request, "versionId");
        ObjectReads.Found found = new ObjectReads(store)
                .find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        requireLocks(found.bucket());
        return GetObjectLegalHoldResponse.builder()
                .legalHold(h -> h.status(found.version().lock().legalHold() ? "ON" : "OFF"))
                .build();
    }

    private static void requireLocks(Bucket bucket) {
        if (!bucket.locked()) {
            throw S3Errors.invalidRequest("Bucket is missing Object Lock Configuration");
        }
    }

    private static S3Exception noLock(ObjectVersion version) {
        return S3Errors.of(
                "NoSuchObjectLockConfiguration",
                404,
                "The specified object does not have a ObjectLock configuration: %s",
                version.key());
    }
}

package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.policy.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Deletes objects and versions. */
final class ObjectDeletes {
    private static final int MOST = 1_000;

    private final Call call;
    private final S3Store store;
    private final AccessDecisions decisions;
    private final VersionWrites versions;

    /** @param decisions whether the caller may delete one of several objects */
    ObjectDeletes(Call call, S3Store store, AccessDecisions decisions) {
        this.call = call;
        this.store = store;
        this.decisions = decisions;
        this.versions = new VersionWrites(store);
    }

    DeleteObjectResponse delete(DeleteObjectRequest request) {
        Members.supported(request, "versionId", "x-amz-bypass-governance-retention", "If-Match");
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        String key = ObjectKey.valid(request.key());
        Instant now = store.now();
        return call.commit(transaction -> {
            Bucket present = Buckets.again(transaction, bucket);
            VersionWrites.Deleted deleted = request.versionId() == null
                    ? versions.delete(transaction, present, key, request.ifMatch(), now)
                    : versions.deleteVersion(
                            transaction,
                            present,
                            key,
                            request.versionId(),
                            Boolean.TRUE.equals(request.bypassGovernanceRetention()),
                            now);
            return DeleteObjectResponse.builder()
                    .versionId(deleted.versionId().orElse(null))
                    .deleteMarker(deleted.marker() ? true : null)
                    .build();
        });
    }

    /** All in one transaction; what cannot be deleted is reported and stays. */
    DeleteObjectsResponse deleteAll(DeleteObjectsRequest request) {
        Members.supported(
                request,
                "Delete",
                "Delete.Object",
                "Delete.Object.Key",
                "Delete.Object.VersionId",
                "Delete.Object.ETag",
                "Delete.Quiet",
                "x-amz-bypass-governance-retention",
                "x-amz-sdk-checksum-algorithm");
        if (request.delete() == null || request.delete().objects().isEmpty()) {
            throw S3Errors.malformedXml("Delete must name at least one object");
        }
        if (request.delete().objects().size() > MOST) {
            throw S3Errors.malformedXml(
                    "Delete may name %d objects, it names %d",
                    MOST, request.delete().objects().size());
        }
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        // Before the transaction: policies are read from the store.
        Iterator<Decision> allowed = new S3Access(store, ObjectsElsewhere.NONE)
                .deletions(request).stream()
                        .map(asked -> decisions.decide(call.caller(), asked))
                        .toList()
                        .iterator();
        boolean quiet = Boolean.TRUE.equals(request.delete().quiet());
        boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention());
        Instant now = store.now();
        return call.commit(transaction -> {
            Bucket present = Buckets.again(transaction, bucket);
            List<DeletedObject> done = new ArrayList<>();
            List<S3Error> errors = new ArrayList<>();
            for (ObjectIdentifier object : request.delete().objects()) {
                try {
                    requireAllowed(allowed.next(), object);
                    String key = ObjectKey.valid(object.key());
                    VersionWrites.Deleted deleted = object.versionId() == null
                            ? versions.delete(transaction, present, key, object.eTag(), now)
                            : versions.deleteVersion(transaction, present, key, object.versionId(), bypass, now);
                    done.add(deleted(object, deleted));
                } catch (S3Exception e) { // refusals come before anything was written for this object
                    errors.add(S3Error.builder()
                            .key(object.key())
                            .versionId(object.versionId())
                            .code(e.awsErrorDetails().errorCode())
                            .message(e.awsErrorDetails().errorMessage())
                            .build());
                }
            }
            return DeleteObjectsResponse.builder()
                    .deleted(quiet ? null : done)
                    .errors(errors.isEmpty() ? null : errors)
                    .build();
        });
    }

    private static void requireAllowed(Decision decision, ObjectIdentifier object) {
        if (!decision.isAllowed()) {
            String action = S3Actions.of("DeleteObject", object.versionId() != null);
            throw S3Errors.accessDenied(decision.reason(action));
        }
    }

    private static DeletedObject deleted(ObjectIdentifier object, VersionWrites.Deleted deleted) {
        Optional<String> made = deleted.versionId().filter(id -> deleted.marker());
        return DeletedObject.builder()
                .key(object.key())
                .versionId(object.versionId())
                .deleteMarker(deleted.marker() ? true : null)
                .deleteMarkerVersionId(made.orElse(null))
                .build();
    }
}

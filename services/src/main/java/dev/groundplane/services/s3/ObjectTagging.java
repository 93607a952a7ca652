package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingResponse;

/** The tags of objects that are there. */
final class ObjectTagging {
    private final Call call;
    private final S3Store store;

    ObjectTagging(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    GetObjectTaggingResponse get(GetObjectTaggingRequest request) {
        Members.supported(request, "versionId");
        ObjectReads.Found found = new ObjectReads(store)
                .find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        return GetObjectTaggingResponse.builder()
                .versionId(versionId(found.bucket(), found.version()))
                .tagSet(Tags.list(found.version().tags()))
                .build();
    }

    PutObjectTaggingResponse put(PutObjectTaggingRequest request) {
        Members.supported(request, "versionId", "Tagging.*");
        if (request.tagging() == null) {
            throw S3Errors.malformedXml("Tagging is missing");
        }
        Map<String, String> tags = Tags.of(request.tagging().tagSet(), Tags.MAX_OF_OBJECT);
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), request.bucket(), request.expectedBucketOwner());
            ObjectVersion version = set(transaction, bucket, request.key(), request.versionId(), tags, "Put");
            return PutObjectTaggingResponse.builder()
                    .versionId(versionId(bucket, version))
                    .build();
        });
    }

    DeleteObjectTaggingResponse delete(DeleteObjectTaggingRequest request) {
        Members.supported(request, "versionId");
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), request.bucket(), request.expectedBucketOwner());
            ObjectVersion version = set(transaction, bucket, request.key(), request.versionId(), Map.of(), "Delete");
            return DeleteObjectTaggingResponse.builder()
                    .versionId(versionId(bucket, version))
                    .build();
        });
    }

    private ObjectVersion set(
            Transaction transaction,
            Bucket bucket,
            @Nullable String key,
            @Nullable String versionId,
            Map<String, String> tags,
            String event)
            throws SQLException {
        ObjectVersion version = ObjectReads.require(transaction.connection(), bucket, ObjectKey.valid(key), versionId);
        VersionTable.setTags(transaction, version, StringMap.encode(tags));
        store.events().publish(transaction, ObjectEvent.of("ObjectTagging:" + event, bucket, version, store.now()));
        return version;
    }

    private static @Nullable String versionId(Bucket bucket, ObjectVersion version) {
        return bucket.versioned() ? version.versionId() : null;
    }
}

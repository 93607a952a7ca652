package dev.groundplane.services.s3.external;

import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Has objects deleted in the other S3, for one call. */
record Deletions(Forwarding forwarding, S3Client outside, ExternalS3 store) {
    DeleteObjectResponse delete(DeleteObjectRequest request) {
        return forwarding.change(
                request,
                outside::deleteObject,
                (transaction, response) -> removed(
                        transaction,
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        response.deleteMarker(),
                        response.versionId()));
    }

    /** Those that the caller may not delete are reported and stay. */
    DeleteObjectsResponse deleteAll(DeleteObjectsRequest request) {
        List<ObjectIdentifier> objects =
                request.delete() == null ? List.of() : request.delete().objects();
        if (objects.isEmpty()) {
            throw Forwarding.failure("MalformedXML", 400, "Delete must name at least one object");
        }
        List<Optional<String>> refusals = forwarding.register().refusals(forwarding.call(), request);
        List<ObjectIdentifier> allowed = new ArrayList<>();
        List<S3Error> refused = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            ObjectIdentifier object = objects.get(i);
            if (refusals.get(i).isEmpty()) {
                allowed.add(object);
            } else {
                refused.add(S3Error.builder()
                        .key(object.key())
                        .versionId(object.versionId())
                        .code("AccessDenied")
                        .message(refusals.get(i).get())
                        .build());
            }
        }
        if (allowed.isEmpty()) {
            forwarding.register().require(request.bucket(), request.expectedBucketOwner());
            return DeleteObjectsResponse.builder().errors(refused).build();
        }
        return forwarding.change(
                request.toBuilder()
                        .delete(request.delete().toBuilder().objects(allowed).build())
                        .build(),
                wanted -> with(refused, outside.deleteObjects(wanted)),
                (transaction, response) -> {
                    for (DeletedObject one : response.deleted()) {
                        removed(
                                transaction,
                                request.bucket(),
                                one.key(),
                                one.versionId(),
                                one.deleteMarker(),
                                one.deleteMarkerVersionId());
                    }
                });
    }

    private static DeleteObjectsResponse with(List<S3Error> refused, DeleteObjectsResponse response) {
        return refused.isEmpty()
                ? response
                : response.toBuilder()
                        .errors(Stream.concat(refused.stream(), response.errors().stream())
                                .collect(Collectors.toList()))
                        .build();
    }

    private void removed(
            Transaction transaction,
            String bucket,
            String key,
            @Nullable String asked,
            @Nullable Boolean marker,
            @Nullable String versionId)
            throws SQLException {
        boolean marked = asked == null && Boolean.TRUE.equals(marker);
        store.tell(
                transaction,
                marked ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectRemoved:Delete",
                bucket,
                key,
                0,
                "",
                marked ? versionId : asked);
    }
}

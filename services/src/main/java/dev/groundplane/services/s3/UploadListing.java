package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.services.s3.KeyWalk.Cursor;
import dev.groundplane.services.s3.KeyWalk.Page;
import dev.groundplane.wire.WireForm;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Initiator;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/** Lists uploads that go on, and their parts. */
final class UploadListing {
    private final Call call;
    private final S3Store store;

    UploadListing(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    ListPartsResponse parts(ListPartsRequest request) {
        Members.supported(request, "uploadId", "max-parts", "part-number-marker");
        ListForm form = ListForm.of(null, null, request.maxParts(), null);
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        return store.database().read(connection -> {
            Uploads.Found found = new Uploads(call, store)
                    .find(
                            connection,
                            request.bucket(),
                            request.key(),
                            request.uploadId(),
                            request.expectedBucketOwner());
            Upload upload = found.upload();
            List<StoredFile> rest = FileTable.of(connection, upload.id()).stream()
                    .filter(file -> file.part() > after)
                    .toList();
            List<StoredFile> page = rest.subList(0, Math.min(form.most(), rest.size()));
            ListPartsResponse.Builder response = ListPartsResponse.builder()
                    .bucket(found.bucket().name())
                    .key(upload.key())
                    .uploadId(upload.uploadId())
                    .partNumberMarker(after)
                    .nextPartNumberMarker(
                            page.isEmpty() ? after : page.getLast().part())
                    .maxParts(form.most())
                    .isTruncated(rest.size() > page.size())
                    .parts(page.stream().map(file -> part(upload, file)).toList())
                    .owner(Buckets.owner(found.bucket().account()))
                    .initiator(initiator(found.bucket()))
                    .storageClass("STANDARD");
            return upload.checksumAsked()
                    ? response.checksumAlgorithm(upload.checksum().name())
                            .checksumType(upload.type())
                            .build()
                    : response.build();
        });
    }

    private static Initiator initiator(Bucket bucket) {
        return Initiator.builder().id(Buckets.owner(bucket.account()).id()).build();
    }

    private static Part part(Upload upload, StoredFile file) {
        Part.Builder part = Part.builder()
                .partNumber(file.part())
                .eTag('"' + file.etag() + '"')
                .size(file.size())
                .lastModified(file.modified());
        if (upload.checksumAsked()) {
            WireForm.fill(part, Map.of("Checksum" + upload.checksum().name(), file.checksum()));
        }
        return part.build();
    }

    ListMultipartUploadsResponse uploads(ListMultipartUploadsRequest request) {
        Members.supported(
                request, "delimiter", "encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker");
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        ListForm form = ListForm.of(
                request.prefix(), request.delimiter(), request.maxUploads(), request.encodingTypeAsString());
        String keyMarker = request.keyMarker() == null ? "" : request.keyMarker();
        Page<Upload> page = store.database()
                .read(connection -> walk(connection, bucket)
                        .page(
                                form.prefix(),
                                form.delimiter(),
                                position(connection, bucket, keyMarker, request.uploadIdMarker()),
                                form.most()));
        Optional<Upload> last = page.rows().isEmpty()
                ? Optional.empty()
                : Optional.of(page.rows().getLast())
                        .filter(upload ->
                                page.last().filter(upload.key()::equals).isPresent());
        return ListMultipartUploadsResponse.builder()
                .bucket(bucket.name())
                .prefix(form.text(form.prefix()))
                .delimiter(form.delimiterText())
                .keyMarker(form.text(keyMarker))
                .uploadIdMarker(request.uploadIdMarker())
                .nextKeyMarker(page.truncated() ? form.text(page.last().orElse(null)) : null)
                .nextUploadIdMarker(
                        page.truncated() ? last.map(Upload::uploadId).orElse(null) : null)
                .maxUploads(form.most())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .uploads(page.rows().stream()
                        .map(upload -> upload(bucket, upload, form))
                        .toList())
                .commonPrefixes(form.commonPrefixes(page.prefixes()))
                .build();
    }

    private static KeyWalk<Upload> walk(Connection connection, Bucket bucket) {
        return new KeyWalk<>(
                (from, limit) -> UploadTable.list(connection, bucket.id(), from, limit),
                Upload::key,
                upload -> Cursor.at(upload.key(), upload.id()));
    }

    private static Cursor position(
            Connection connection, Bucket bucket, String keyMarker, @Nullable String uploadIdMarker)
            throws SQLException {
        if (keyMarker.isEmpty()) {
            return Cursor.START;
        }
        return uploadIdMarker == null || uploadIdMarker.isEmpty()
                ? Cursor.after(keyMarker)
                : UploadTable.find(connection, bucket.id(), keyMarker, uploadIdMarker)
                        .map(upload -> Cursor.at(upload.key(), upload.id()))
                        .orElseGet(() -> Cursor.START.atLeast(keyMarker));
    }

    private static MultipartUpload upload(Bucket bucket, Upload upload, ListForm form) {
        MultipartUpload.Builder entry = MultipartUpload.builder()
                .uploadId(upload.uploadId())
                .key(form.text(upload.key()))
                .initiated(upload.initiated())
                .storageClass("STANDARD")
                .owner(Buckets.owner(bucket.account()))
                .initiator(initiator(bucket));
        return upload.checksumAsked()
                ? entry.checksumAlgorithm(upload.checksum().name())
                        .checksumType(upload.type())
                        .build()
                : entry.build();
    }
}

package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.wire.HeaderForm;
import dev.groundplane.wire.WireForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/** Copies objects and parts of them. */
final class ObjectCopies {
    private static final String SOURCE = "x-amz-copy-source";
    private static final String[] MEMBERS = ObjectHeaders.members(
            SOURCE,
            "SourceBucket",
            "SourceKey",
            "SourceVersionId",
            "x-amz-copy-source-if-match",
            "x-amz-copy-source-if-modified-since",
            "x-amz-copy-source-if-none-match",
            "x-amz-copy-source-if-unmodified-since",
            "x-amz-metadata-directive",
            "x-amz-tagging-directive",
            "x-amz-source-expected-bucket-owner",
            "x-amz-checksum-algorithm",
            "If-Match",
            "If-None-Match");

    private final Call call;
    private final S3Store store;
    private final ObjectWrites writes;

    ObjectCopies(Call call, S3Store store) {
        this.call = call;
        this.store = store;
        this.writes = new ObjectWrites(call, store);
    }

    CopyObjectResponse copy(CopyObjectRequest request) {
        Members.supported(request, MEMBERS);
        Bucket bucket = new Buckets(call, store).require(request.destinationBucket(), request.expectedBucketOwner());
        String key = ObjectKey.valid(request.destinationKey());
        Map<String, String> headers = HeaderForm.of(request);
        ObjectHeaders.check(headers);
        boolean replace = directive("x-amz-metadata-directive", request.metadataDirectiveAsString());
        boolean retag = directive("x-amz-tagging-directive", request.taggingDirectiveAsString());
        CopySource source = CopySource.of(
                headers.get(SOURCE), request.sourceBucket(), request.sourceKey(), request.sourceVersionId());
        boolean ontoItself = source.versionId() == null
                && source.bucket().equals(bucket.name())
                && source.key().equals(key);
        boolean changes = replace
                || headers.containsKey("x-amz-server-side-encryption")
                || headers.containsKey("x-amz-website-redirect-location");
        ObjectReads.Found found = new ObjectReads(store)
                .lease(source.bucket(), source.key(), source.versionId(), request.expectedSourceBucketOwner());
        ObjectVersion original = found.version();
        Optional<ChecksumKind> kind = kind(request.checksumAlgorithmAsString());
        ContentStore.Written written;
        try (ContentInput content = new ContentInput(store.files(), found.files(), found.small(), 0, original.size())) {
            new Conditions(
                            request.copySourceIfMatch(),
                            request.copySourceIfNoneMatch(),
                            request.copySourceIfModifiedSince(),
                            request.copySourceIfUnmodifiedSince())
                    .forCopy(original);
            if (ontoItself && !changes) {
                throw S3Errors.invalidRequest(
                        "This copy request is illegal because it is trying to copy an object to itself without changing the"
                                + " object's metadata, storage class, website redirect location or encryption attributes.");
            }
            if (original.size() > ObjectWrites.MAX_BYTES) {
                throw S3Errors.invalidRequest(
                        "The specified copy source is larger than the maximum allowable size for a copy source: %d",
                        ObjectWrites.MAX_BYTES);
            }
            written = written(found, kind, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChecksumKind used =
                kind.or(() -> original.checksum().map(ObjectChecksum::kind)).orElse(ChecksumKind.CRC64NVME);
        Map<String, String> kept = replace ? ObjectHeaders.kept(headers) : original.headers();
        Map<String, String> tags = retag ? Tags.ofHeader(request.tagging()) : original.tags();
        VersionWrites.Wanted wanted = new VersionWrites.Wanted(request.ifMatch(), request.ifNoneMatch());
        VersionWrites.Whole object = new VersionWrites.Whole(key, written, used, kept, tags, headers);
        return writes.keeping(
                written,
                () -> call.commit(transaction -> {
                    Bucket present = Buckets.again(transaction, bucket);
                    ObjectVersion version =
                            new VersionWrites(store).add(transaction, present, object, wanted, "ObjectCreated:Copy");
                    return copied(found, present, version);
                }));
    }

    /** Whether what a directive is about is replaced. */
    private static boolean directive(String name, @Nullable String value) {
        if (value != null && !value.equals("COPY") && !value.equals("REPLACE")) {
            throw S3Errors.invalidArgument("Unknown %s: %s; it must be COPY or REPLACE", name, value);
        }
        return "REPLACE".equals(value);
    }

    private static Optional<ChecksumKind> kind(@Nullable String name) {
        return name == null
                ? Optional.empty()
                : Optional.of(ChecksumKind.named(name)
                        .orElseThrow(() -> S3Errors.invalidRequest("Checksum algorithm %s is unsupported.", name)));
    }

    /** The content once more: the same file under a second name, where its ETag and checksum are what the copy has. */
    private ContentStore.Written written(ObjectReads.Found found, Optional<ChecksumKind> kind, ContentInput content)
            throws IOException {
        ObjectVersion original = found.version();
        Optional<ObjectChecksum> known = original.checksum();
        if (original.parts() == 0
                && known.isPresent()
                && kind.filter(each -> each != known.get().kind()).isEmpty()) {
            ContentDigest.Result digest = new ContentDigest.Result(
                    HexFormat.of().parseHex(original.etag()),
                    known.get().kind(),
                    Map.of(known.get().kind(), known.get().value()));
            StoredFile only = found.files().getFirst();
            return SmallTable.names(only)
                    ? new ContentStore.Written("", found.small().get(only.name()), original.size(), digest)
                    : new ContentStore.Written(store.files().link(only.name()), null, original.size(), digest);
        }
        ContentDigest digest =
                new ContentDigest(kind.or(() -> known.map(ObjectChecksum::kind)).orElse(ChecksumKind.CRC64NVME));
        return store.contents().write(content, OptionalLong.of(original.size()), digest);
    }

    private static CopyObjectResponse copied(ObjectReads.Found source, Bucket bucket, ObjectVersion version) {
        CopyObjectResult.Builder result =
                CopyObjectResult.builder().eTag(version.quotedEtag()).lastModified(version.modified());
        version.checksum().ifPresent(checksum -> {
            WireForm.fill(result, checksum.member());
            result.checksumType(checksum.type());
        });
        return CopyObjectResponse.builder()
                .copyObjectResult(result.build())
                .copySourceVersionId(
                        source.bucket().versioned() ? source.version().versionId() : null)
                .versionId(bucket.versioned() ? version.versionId() : null)
                .serverSideEncryption("AES256")
                .build();
    }

    UploadPartCopyResponse copyPart(UploadPartCopyRequest request) {
        Members.supported(
                request,
                SOURCE,
                "SourceBucket",
                "SourceKey",
                "SourceVersionId",
                "x-amz-copy-source-if-match",
                "x-amz-copy-source-if-modified-since",
                "x-amz-copy-source-if-none-match",
                "x-amz-copy-source-if-unmodified-since",
                "x-amz-copy-source-range",
                "partNumber",
                "uploadId",
                "x-amz-source-expected-bucket-owner");
        int number = Uploads.partNumber(request.partNumber());
        Uploads uploads = new Uploads(call, store);
        Upload upload = store.database()
                .read(connection -> uploads.find(
                        connection,
                        request.destinationBucket(),
                        request.destinationKey(),
                        request.uploadId(),
                        request.expectedBucketOwner()))
                .upload();
        CopySource source = CopySource.of(
                HeaderForm.of(request).get(SOURCE),
                request.sourceBucket(),
                request.sourceKey(),
                request.sourceVersionId());
        ObjectReads.Found found = new ObjectReads(store)
                .lease(source.bucket(), source.key(), source.versionId(), request.expectedSourceBucketOwner());
        ContentStore.Written written;
        long size = found.version().size();
        try (ContentInput content = new ContentInput(store.files(), found.files(), found.small(), 0, size)) {
            ByteRange range = ByteRange.of(request.copySourceRange(), size).orElse(new ByteRange(0, size));
            content.only(range);
            new Conditions(
                            request.copySourceIfMatch(),
                            request.copySourceIfNoneMatch(),
                            request.copySourceIfModifiedSince(),
                            request.copySourceIfUnmodifiedSince())
                    .forCopy(found.version());
            written = store.contents()
                    .write(content, OptionalLong.of(range.length()), new ContentDigest(upload.checksum()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writes.keeping(
                written,
                () -> call.commit(transaction -> {
                    StoredFile file = uploads.store(transaction, upload, number, written);
                    CopyPartResult.Builder result = CopyPartResult.builder()
                            .eTag('"' + file.etag() + '"')
                            .lastModified(file.modified());
                    WireForm.fill(result, Map.of("Checksum" + upload.checksum().name(), file.checksum()));
                    return UploadPartCopyResponse.builder()
                            .copyPartResult(result.build())
                            .copySourceVersionId(
                                    found.bucket().versioned() ? found.version().versionId() : null)
                            .serverSideEncryption("AES256")
                            .build();
                }));
    }
}

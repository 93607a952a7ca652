package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.services.s3.KeyWalk.Cursor;
import dev.groundplane.services.s3.KeyWalk.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.Owner;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists objects and versions. Each page is a snapshot of its own. */
final class ObjectListing {
    private final Call call;
    private final S3Store store;

    ObjectListing(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    ListObjectsV2Response second(ListObjectsV2Request request) {
        Members.supported(
                request,
                "delimiter",
                "encoding-type",
                "max-keys",
                "prefix",
                "continuation-token",
                "fetch-owner",
                "start-after",
                "x-amz-optional-object-attributes");
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        ListForm form =
                ListForm.of(request.prefix(), request.delimiter(), request.maxKeys(), request.encodingTypeAsString());
        Cursor from = request.continuationToken() != null
                ? position(ListToken.decode(request.continuationToken()), form)
                : request.startAfter() != null ? Cursor.after(request.startAfter()) : Cursor.START;
        Page<ObjectVersion> page = objects(bucket, form, from);
        @Nullable Owner owner = Boolean.TRUE.equals(request.fetchOwner()) ? Buckets.owner(bucket.account()) : null;
        return ListObjectsV2Response.builder()
                .name(bucket.name())
                .prefix(form.text(form.prefix()))
                .delimiter(form.delimiterText())
                .maxKeys(form.most())
                .encodingType(request.encodingType())
                .keyCount(page.rows().size() + page.prefixes().size())
                .isTruncated(page.truncated())
                .continuationToken(request.continuationToken())
                .startAfter(form.text(request.startAfter()))
                .nextContinuationToken(
                        page.truncated() ? page.last().map(ListToken::encode).orElse(null) : null)
                .contents(page.rows().stream()
                        .map(version -> object(version, form, owner))
                        .toList())
                .commonPrefixes(form.commonPrefixes(page.prefixes()))
                .build();
    }

    ListObjectsResponse first(ListObjectsRequest request) {
        Members.supported(
                request,
                "delimiter",
                "encoding-type",
                "marker",
                "max-keys",
                "prefix",
                "x-amz-optional-object-attributes");
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        ListForm form =
                ListForm.of(request.prefix(), request.delimiter(), request.maxKeys(), request.encodingTypeAsString());
        String marker = request.marker() == null ? "" : request.marker();
        Page<ObjectVersion> page = objects(bucket, form, marker.isEmpty() ? Cursor.START : position(marker, form));
        return ListObjectsResponse.builder()
                .name(bucket.name())
                .prefix(form.text(form.prefix()))
                .marker(form.text(marker))
                .delimiter(form.delimiterText())
                .maxKeys(form.most())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                // AWS tells the next marker only where it may be a common prefix.
                .nextMarker(
                        page.truncated() && !form.delimiter().isEmpty()
                                ? form.text(page.last().orElse(null))
                                : null)
                .contents(page.rows().stream()
                        .map(version -> object(version, form, Buckets.owner(bucket.account())))
                        .toList())
                .commonPrefixes(form.commonPrefixes(page.prefixes()))
                .build();
    }

    private Page<ObjectVersion> objects(Bucket bucket, ListForm form, Cursor from) {
        return form.most() == 0
                ? nothing()
                : store.database()
                        .read(connection -> ListTable.objects(connection, bucket.id())
                                .page(form.prefix(), form.delimiter(), from, form.most()));
    }

    private static Page<ObjectVersion> nothing() {
        return new Page<>(List.of(), List.of(), Optional.empty(), false);
    }

    /** After a key, or after everything below a common prefix. */
    private static Cursor position(String last, ListForm form) {
        boolean common = !form.delimiter().isEmpty()
                && last.length() > form.prefix().length()
                && last.startsWith(form.prefix())
                && last.indexOf(form.delimiter(), form.prefix().length())
                        == last.length() - form.delimiter().length();
        return common ? Cursor.beyond(last) : Cursor.after(last);
    }

    private static S3Object object(ObjectVersion version, ListForm form, @Nullable Owner owner) {
        S3Object.Builder object = S3Object.builder()
                .key(form.text(version.key()))
                .lastModified(version.modified())
                .eTag(version.quotedEtag())
                .size(version.size())
                .storageClass("STANDARD")
                .owner(owner);
        version.checksum()
                .ifPresent(checksum -> object.checksumAlgorithmWithStrings(
                                checksum.kind().name())
                        .checksumType(checksum.type()));
        return object.build();
    }

    ListObjectVersionsResponse versions(ListObjectVersionsRequest request) {
        Members.supported(
                request,
                "delimiter",
                "encoding-type",
                "key-marker",
                "max-keys",
                "prefix",
                "version-id-marker",
                "x-amz-optional-object-attributes");
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        ListForm form =
                ListForm.of(request.prefix(), request.delimiter(), request.maxKeys(), request.encodingTypeAsString());
        String keyMarker = request.keyMarker() == null ? "" : request.keyMarker();
        Page<ObjectVersion> page = form.most() == 0
                ? nothing()
                : store.database()
                        .read(connection -> ListTable.versions(connection, bucket.id())
                                .page(
                                        form.prefix(),
                                        form.delimiter(),
                                        versionPosition(connection, bucket, form, keyMarker, request.versionIdMarker()),
                                        form.most()));
        boolean lastIsRow = !page.rows().isEmpty()
                && page.last().filter(page.rows().getLast().key()::equals).isPresent();
        return ListObjectVersionsResponse.builder()
                .name(bucket.name())
                .prefix(form.text(form.prefix()))
                .keyMarker(form.text(keyMarker))
                .versionIdMarker(request.versionIdMarker())
                .delimiter(form.delimiterText())
                .maxKeys(form.most())
                .encodingType(request.encodingType())
                .isTruncated(page.truncated())
                .nextKeyMarker(page.truncated() ? form.text(page.last().orElse(null)) : null)
                .nextVersionIdMarker(
                        page.truncated() && lastIsRow ? page.rows().getLast().versionId() : null)
                .versions(page.rows().stream()
                        .filter(version -> !version.marker())
                        .map(version -> version(version, form, bucket))
                        .toList())
                .deleteMarkers(page.rows().stream()
                        .filter(ObjectVersion::marker)
                        .map(version -> DeleteMarkerEntry.builder()
                                .key(form.text(version.key()))
                                .versionId(version.versionId())
                                .isLatest(version.latest())
                                .lastModified(version.modified())
                                .owner(Buckets.owner(bucket.account()))
                                .build())
                        .toList())
                .commonPrefixes(form.commonPrefixes(page.prefixes()))
                .build();
    }

    private static Cursor versionPosition(
            Connection connection, Bucket bucket, ListForm form, String keyMarker, @Nullable String versionIdMarker)
            throws SQLException {
        if (versionIdMarker == null || versionIdMarker.isEmpty()) {
            return keyMarker.isEmpty() ? Cursor.START : position(keyMarker, form);
        }
        if (keyMarker.isEmpty()) {
            throw S3Errors.invalidArgument("A version-id marker cannot be specified without a key marker.");
        }
        // A version that is gone in the meantime leaves its key to be listed again: rather twice than not at all.
        return VersionTable.find(connection, bucket.id(), keyMarker, versionIdMarker)
                .map(version -> Cursor.at(version.key(), version.id()))
                .orElseGet(() -> Cursor.START.atLeast(keyMarker));
    }

    private static software.amazon.awssdk.services.s3.model.ObjectVersion version(
            ObjectVersion version, ListForm form, Bucket bucket) {
        return software.amazon.awssdk.services.s3.model.ObjectVersion.builder()
                .key(form.text(version.key()))
                .versionId(version.versionId())
                .isLatest(version.latest())
                .lastModified(version.modified())
                .eTag(version.quotedEtag())
                .size(version.size())
                .storageClass("STANDARD")
                .owner(Buckets.owner(bucket.account()))
                .build();
    }
}

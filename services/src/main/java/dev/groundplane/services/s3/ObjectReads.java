package dev.groundplane.services.s3;

import dev.groundplane.wire.HeaderForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Finds and reads objects. */
final class ObjectReads {
    private static final String[] MEMBERS = {
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Unmodified-Since",
        "Range",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "response-content-language",
        "response-content-type",
        "response-expires",
        "versionId",
        "partNumber",
        "x-amz-checksum-mode"
    };

    private final S3Store store;

    ObjectReads(S3Store store) {
        this.store = store;
    }

    /**
     * A version and its contents.
     *
     * @param small the contents that stand in rows, by their names; only with a lease
     */
    record Found(Bucket bucket, ObjectVersion version, List<StoredFile> files, Map<String, byte[]> small) {}

    /** What part of an object is answered, and with which headers. */
    private record Answer(ByteRange range, Map<String, String> headers) {}

    /**
     * The version that a request means.
     *
     * @param versionId null for the present one
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code NoSuchKey}, {@code NoSuchVersion}, {@code
     *     MethodNotAllowed} for a delete marker that was named
     */
    static ObjectVersion require(Connection connection, Bucket bucket, String key, @Nullable String versionId)
            throws SQLException {
        if (versionId == null) {
            ObjectVersion latest =
                    VersionTable.latest(connection, bucket.id(), key).orElseThrow(() -> S3Errors.noSuchKey(key));
            if (latest.marker()) {
                throw S3Errors.deleted(latest);
            }
            return latest;
        }
        ObjectVersion version = VersionTable.find(connection, bucket.id(), key, versionId)
                .orElseThrow(() -> S3Errors.noSuchVersion(key, versionId));
        if (version.marker()) {
            throw S3Errors.isMarker(version);
        }
        return version;
    }

    Found find(@Nullable String bucketName, @Nullable String key, @Nullable String versionId, @Nullable String owner) {
        String valid = ObjectKey.valid(key);
        return store.database().read(connection -> {
            Bucket bucket = Buckets.require(connection, bucketName, owner);
            ObjectVersion version = require(connection, bucket, valid, versionId);
            return new Found(bucket, version, FileTable.of(connection, version.id()), Map.of());
        });
    }

    /** As {@link #find}, with a lease on the files that {@link ContentInput#close} ends. */
    Found lease(@Nullable String bucketName, @Nullable String key, @Nullable String versionId, @Nullable String owner) {
        while (true) {
            Found found = find(bucketName, key, versionId, owner);
            List<String> names = found.files().stream().map(StoredFile::name).toList();
            store.files().lease(names);
            // What was deleted before the lease may have lost its contents; then there is another version, or none.
            Optional<Map<String, byte[]>> small = store.database().read(connection -> small(connection, found));
            if (small.isPresent()) {
                return new Found(found.bucket(), found.version(), found.files(), small.get());
            }
            store.files().release(names);
        }
    }

    /** The contents that stand in rows; empty when the version is gone. */
    private static Optional<Map<String, byte[]>> small(Connection connection, Found found) throws SQLException {
        long id = found.version().id();
        if (VersionTable.find(connection, id).isEmpty()) {
            return Optional.empty();
        }
        boolean any = found.files().stream().anyMatch(SmallTable::names);
        return Optional.of(any ? SmallTable.of(connection, id) : Map.of());
    }

    HeadObjectResponse head(HeadObjectRequest request) {
        Members.supported(request, MEMBERS);
        Found found = find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        new Conditions(request.ifMatch(), request.ifNoneMatch(), request.ifModifiedSince(), request.ifUnmodifiedSince())
                .forRead(found.version());
        Answer answer =
                answer(found, request.range(), request.partNumber(), "ENABLED".equals(request.checksumModeAsString()));
        HeadObjectResponse.Builder response = HeadObjectResponse.builder();
        override(answer.headers(), "Cache-Control", request.responseCacheControl());
        override(answer.headers(), "Content-Disposition", request.responseContentDisposition());
        override(answer.headers(), "Content-Encoding", request.responseContentEncoding());
        override(answer.headers(), "Content-Language", request.responseContentLanguage());
        override(answer.headers(), ObjectHeaders.CONTENT_TYPE, request.responseContentType());
        override(answer.headers(), "Expires", ObjectHead.date(request.responseExpires()));
        HeaderForm.fill(response, answer.headers());
        return response.build();
    }

    /** The content is the transformer's to close when it says that it keeps it. */
    <R> R get(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        Members.supported(request, MEMBERS);
        Found found = lease(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        ContentInput content = null;
        boolean handedOver = false;
        try {
            new Conditions(
                            request.ifMatch(),
                            request.ifNoneMatch(),
                            request.ifModifiedSince(),
                            request.ifUnmodifiedSince())
                    .forRead(found.version());
            Answer answer = answer(
                    found, request.range(), request.partNumber(), "ENABLED".equals(request.checksumModeAsString()));
            content = new ContentInput(
                    store.files(),
                    found.files(),
                    found.small(),
                    answer.range().from(),
                    answer.range().length());
            content.begun();
            R result = transformer.transform(response(request, answer), AbortableInputStream.create(content));
            handedOver = transformer.needsConnectionLeftOpen();
            return result;
        } catch (DamagedContentException e) {
            throw S3Errors.damaged(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // the transformer is the caller's and may throw anything
            throw new IllegalStateException("the content could not be taken", e);
        } finally {
            if (!handedOver) {
                end(content, found);
            }
        }
    }

    private void end(@Nullable ContentInput content, Found found) {
        try {
            if (content == null) {
                store.files()
                        .release(found.files().stream().map(StoredFile::name).toList());
            } else {
                content.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GetObjectResponse response(GetObjectRequest request, Answer answer) {
        override(answer.headers(), "Cache-Control", request.responseCacheControl());
        override(answer.headers(), "Content-Disposition", request.responseContentDisposition());
        override(answer.headers(), "Content-Encoding", request.responseContentEncoding());
        override(answer.headers(), "Content-Language", request.responseContentLanguage());
        override(answer.headers(), ObjectHeaders.CONTENT_TYPE, request.responseContentType());
        override(answer.headers(), "Expires", ObjectHead.date(request.responseExpires()));
        GetObjectResponse.Builder response = GetObjectResponse.builder();
        HeaderForm.fill(response, answer.headers());
        return response.build();
    }

    private static void override(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    private static Answer answer(Found found, @Nullable String range, @Nullable Integer partNumber, boolean checksums) {
        ObjectVersion version = found.version();
        Map<String, String> headers = ObjectHead.read(found.bucket(), version);
        if (range != null && partNumber != null) {
            throw S3Errors.invalidRequest("Cannot specify both Range header and partNumber query parameter");
        }
        Optional<ByteRange> part = partNumber == null
                ? ByteRange.of(range, version.size())
                : Optional.of(part(found, partNumber, checksums, headers));
        if (checksums && part.isEmpty()) {
            ObjectHead.checksum(version, headers);
        }
        part.filter(each -> each.length() > 0).ifPresent(each -> headers.put("Content-Range", each.of(version.size())));
        ByteRange answered = part.orElse(new ByteRange(0, version.size()));
        headers.put("Content-Length", Long.toString(answered.length()));
        return new Answer(answered, headers);
    }

    private static ByteRange part(Found found, int number, boolean checksums, Map<String, String> headers) {
        ObjectVersion version = found.version();
        if (number < 1 || number > Math.max(1, version.parts())) {
            throw S3Errors.of("InvalidPartNumber", 416, "The requested partnumber is not satisfiable: %d", number);
        }
        if (version.parts() > 0) {
            headers.put("x-amz-mp-parts-count", Integer.toString(version.parts()));
        }
        long from = 0;
        for (StoredFile file : found.files()) {
            if (file.part() == number) {
                if (checksums) {
                    version.checksum()
                            .ifPresent(checksum -> headers.put(checksum.kind().header(), file.checksum()));
                }
                return new ByteRange(from, file.size());
            }
            from += file.size();
        }
        throw S3Errors.of("InvalidPartNumber", 416, "The requested partnumber is not satisfiable: %d", number);
    }
}

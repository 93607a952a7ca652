package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.HeaderForm;
import dev.groundplane.wire.OpenEnded;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Stores objects that come in one request. */
final class ObjectWrites {
    /** The largest content of one request. */
    static final long MAX_BYTES = 5L * 1024 * 1024 * 1024;

    private static final String[] MEMBERS = ObjectHeaders.members(
            "x-amz-checksum-crc32",
            "x-amz-checksum-crc32c",
            "x-amz-checksum-crc64nvme",
            "x-amz-checksum-sha1",
            "x-amz-checksum-sha256",
            "If-Match",
            "If-None-Match");

    private final Call call;
    private final S3Store store;

    ObjectWrites(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        Members.supported(request, MEMBERS);
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        String key = ObjectKey.valid(request.key());
        Map<String, String> headers = HeaderForm.of(request);
        ObjectHeaders.check(headers);
        Map<String, String> kept = ObjectHeaders.kept(headers);
        Map<String, String> tags = Tags.ofHeader(request.tagging());
        VersionWrites.Wanted wanted = new VersionWrites.Wanted(request.ifMatch(), request.ifNoneMatch());
        try (InputStream content = body.contentStreamProvider().newStream()) {
            DeclaredChecksums declared = new DeclaredChecksums(headers, content);
            ContentDigest digest = new ContentDigest(declared.kind().orElse(ChecksumKind.CRC64NVME));
            ContentStore.Written written = write(content, length(body, content), declared, digest);
            VersionWrites.Whole object = new VersionWrites.Whole(key, written, digest.kind(), kept, tags, headers);
            return keeping(
                    written,
                    () -> call.commit(transaction -> {
                        Bucket present = Buckets.again(transaction, bucket);
                        ObjectVersion version =
                                new VersionWrites(store).add(transaction, present, object, wanted, "ObjectCreated:Put");
                        PutObjectResponse.Builder response = PutObjectResponse.builder();
                        HeaderForm.fill(response, ObjectHead.written(present, version));
                        return response.build();
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // closing what has been read
        }
    }

    /** Writes content and holds it against what was declared of it. */
    ContentStore.Written write(
            InputStream content, OptionalLong length, DeclaredChecksums declared, ContentDigest digest) {
        declared.checkForm();
        if (length.orElse(0) > MAX_BYTES) {
            throw S3Errors.of(
                    "EntityTooLarge",
                    400,
                    "Your proposed upload exceeds the maximum allowed size: %d of %d bytes",
                    length.getAsLong(),
                    MAX_BYTES);
        }
        ContentStore.Written written = store.contents().write(content, length, digest);
        return keeping(written, () -> {
            declared.check(written.digest());
            return written;
        });
    }

    /**
     * Does what makes a row of a file; the file is gone if that fails. Only when nobody knows whether it failed, because a
     * database server went away, the file stays; it is removed after this process has ended, if no row names it.
     */
    <R> R keeping(ContentStore.Written written, Supplier<R> work) {
        boolean keeps = false;
        try {
            R result = work.get();
            keeps = true;
            return result;
        } catch (GroundplaneException e) {
            keeps = store.database().shared();
            throw e;
        } finally {
            if (!keeps) {
                store.contents().discard(written);
            }
        }
    }

    /** What a request says of its content's length; empty when it cannot. */
    static OptionalLong length(RequestBody body, InputStream content) {
        return content instanceof OpenEnded
                ? OptionalLong.empty()
                : body.optionalContentLength().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** Files of a start that was ended may be gone before a row names them. */
    private static void requireStart(Transaction transaction, S3Store store, long epoch) throws SQLException {
        if (!StartTable.goesOn(transaction, epoch)) {
            store.garbage().beginAgain(epoch);
            throw S3Errors.of(
                    "ServiceUnavailable",
                    503,
                    "Another control plane took this one for gone while it stored the content; please try again.");
        }
    }

    /** A content that is about to get its first row. */
    static StoredFile file(Transaction transaction, S3Store store, int part, ContentStore.Written written, Instant now)
            throws SQLException {
        byte[] row = written.row();
        if (row == null) {
            requireStart(transaction, store, ContentFiles.epoch(written.name()));
        }
        return new StoredFile(
                part,
                row == null ? written.name() : SmallTable.insert(transaction, row),
                written.size(),
                written.digest().etag(),
                written.digest().checksum(),
                now);
    }
}

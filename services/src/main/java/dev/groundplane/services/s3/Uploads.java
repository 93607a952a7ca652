package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.HeaderForm;
import dev.groundplane.wire.WireForm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Stores objects that come in parts. Source: Amazon S3 User Guide, "Uploading and copying objects using multipart upload". */
final class Uploads {
    private static final int MOST_PARTS = 10_000;
    private static final int ID_BYTES = 48;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<String> LOCK_HEADERS =
            Set.of("x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold");
    private static final String[] CHECKSUMS = {
        "x-amz-checksum-crc32",
        "x-amz-checksum-crc32c",
        "x-amz-checksum-crc64nvme",
        "x-amz-checksum-sha1",
        "x-amz-checksum-sha256",
        "uploadId",
        "partNumber"
    };

    private final Call call;
    private final S3Store store;

    Uploads(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    CreateMultipartUploadResponse create(CreateMultipartUploadRequest request) {
        Members.supported(request, ObjectHeaders.members("x-amz-checksum-algorithm", "x-amz-checksum-type"));
        Bucket bucket = new Buckets(call, store).require(request.bucket(), request.expectedBucketOwner());
        String key = ObjectKey.valid(request.key());
        Map<String, String> headers = HeaderForm.of(request);
        ObjectHeaders.check(headers);
        Map<String, String> kept = new TreeMap<>(ObjectHeaders.kept(headers));
        LOCK_HEADERS.forEach(name -> {
            if (headers.containsKey(name)) {
                kept.put(name, headers.get(name));
            }
        });
        Map<String, String> tags = Tags.ofHeader(request.tagging());
        Optional<ChecksumKind> asked = checksumKind(request);
        ChecksumKind kind = asked.orElse(ChecksumKind.CRC64NVME);
        boolean composite = composite(kind, request.checksumTypeAsString());
        Instant now = store.now();
        return call.commit(transaction -> {
            Bucket present = Buckets.again(transaction, bucket);
            ObjectLocks.wanted(transaction, present, headers, now); // refuses now what would be refused at the end
            Upload upload = new Upload(
                    S3Schema.nextId(transaction),
                    newUploadId(),
                    present.id(),
                    key,
                    now,
                    kind,
                    composite,
                    asked.isPresent(),
                    kept,
                    tags);
            UploadTable.insert(transaction, upload);
            CreateMultipartUploadResponse.Builder response = CreateMultipartUploadResponse.builder()
                    .bucket(present.name())
                    .key(key)
                    .uploadId(upload.uploadId())
                    .serverSideEncryption("AES256");
            return asked.isEmpty()
                    ? response.build()
                    : response.checksumAlgorithm(kind.name())
                            .checksumType(upload.type())
                            .build();
        });
    }

    private static Optional<ChecksumKind> checksumKind(CreateMultipartUploadRequest request) {
        String name = request.checksumAlgorithmAsString();
        if (name == null) {
            if (request.checksumTypeAsString() != null) {
                throw S3Errors.invalidRequest(
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return Optional.empty();
        }
        return Optional.of(ChecksumKind.named(name)
                .orElseThrow(() -> S3Errors.invalidRequest(
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32,"
                                + " CRC32C, CRC64NVME, SHA1, SHA256], found %s",
                        name)));
    }

    private static boolean composite(ChecksumKind kind, @Nullable String type) {
        boolean composite = type == null ? kind != ChecksumKind.CRC64NVME : type.equals("COMPOSITE");
        boolean possible = composite ? kind != ChecksumKind.CRC64NVME : kind.combines();
        if (!possible || (type != null && !type.equals("COMPOSITE") && !type.equals("FULL_OBJECT"))) {
            throw S3Errors.invalidRequest(
                    "The %s checksum type cannot be used with the %s checksum algorithm.",
                    String.valueOf(type), kind.name().toLowerCase(Locale.ROOT));
        }
        return composite;
    }

    private static String newUploadId() {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** An upload and its bucket. */
    record Found(Bucket bucket, Upload upload) {}

    Found find(
            Connection connection,
            @Nullable String bucketName,
            @Nullable String key,
            @Nullable String uploadId,
            @Nullable String owner)
            throws SQLException {
        Bucket bucket = Buckets.require(connection, bucketName, owner);
        String wanted = String.valueOf(uploadId);
        return new Found(
                bucket,
                UploadTable.find(connection, bucket.id(), ObjectKey.valid(key), wanted)
                        .orElseThrow(() -> S3Errors.noSuchUpload(wanted)));
    }

    private static Upload again(Transaction transaction, Upload upload) throws SQLException {
        return UploadTable.find(transaction.connection(), upload.bucketId(), upload.key(), upload.uploadId())
                .orElseThrow(() -> S3Errors.noSuchUpload(upload.uploadId()));
    }

    UploadPartResponse part(UploadPartRequest request, RequestBody body) {
        Members.supported(request, CHECKSUMS);
        int number = partNumber(request.partNumber());
        Upload upload = store.database()
                .read(connection -> find(
                        connection, request.bucket(), request.key(), request.uploadId(), request.expectedBucketOwner()))
                .upload();
        Map<String, String> headers = HeaderForm.of(request);
        try (InputStream content = body.contentStreamProvider().newStream()) {
            DeclaredChecksums declared = new DeclaredChecksums(headers, content);
            if (upload.checksumAsked()) {
                declared.kind().ifPresent(kind -> same(upload, kind));
            }
            ContentDigest digest = new ContentDigest(upload.checksum(), declared.kind());
            ObjectWrites writes = new ObjectWrites(call, store);
            ContentStore.Written written = writes.write(content, ObjectWrites.length(body, content), declared, digest);
            return writes.keeping(
                    written,
                    () -> call.commit(transaction -> {
                        StoredFile file = store(transaction, upload, number, written);
                        UploadPartResponse.Builder response = UploadPartResponse.builder();
                        Map<String, String> told = new TreeMap<>();
                        told.put("ETag", '"' + file.etag() + '"');
                        told.put("x-amz-server-side-encryption", "AES256");
                        ContentDigest.Result found = written.digest();
                        found.checksums().forEach((kind, value) -> told.put(kind.header(), value));
                        HeaderForm.fill(response, told);
                        return response.build();
                    }));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // closing what has been read
        }
    }

    private static void same(Upload upload, ChecksumKind declared) {
        if (upload.checksum() != declared) {
            throw S3Errors.invalidRequest(
                    "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s",
                    upload.checksum().name().toLowerCase(Locale.ROOT),
                    declared.name().toLowerCase(Locale.ROOT));
        }
    }

    static int partNumber(@Nullable Integer number) {
        if (number == null || number < 1 || number > MOST_PARTS) {
            throw S3Errors.invalidArgument(
                    "Part number must be an integer between 1 and %d, inclusive, found %s", MOST_PARTS, number);
        }
        return number;
    }

    /** Makes a written file the upload's part of that number, in place of the one before. */
    StoredFile store(Transaction transaction, Upload upload, int number, ContentStore.Written written)
            throws SQLException {
        Upload present = again(transaction, upload);
        FileTable.drop(transaction, present.id(), number);
        store.garbage().after(transaction);
        StoredFile file = ObjectWrites.file(transaction, store, number, written, store.now());
        FileTable.insert(transaction, present.id(), file);
        return file;
    }

    AbortMultipartUploadResponse abort(AbortMultipartUploadRequest request) {
        Members.supported(request, "uploadId");
        return call.commit(transaction -> {
            Found found = find(
                    transaction.connection(),
                    request.bucket(),
                    request.key(),
                    request.uploadId(),
                    request.expectedBucketOwner());
            UploadTable.delete(transaction, found.upload());
            store.garbage().after(transaction);
            return AbortMultipartUploadResponse.builder().build();
        });
    }

    /** Idempotent: a client that missed the answer asks again, and the object is there. */
    CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
        Members.supported(
                request,
                "uploadId",
                "CompleteMultipartUpload.*",
                "x-amz-checksum-crc32",
                "x-amz-checksum-crc32c",
                "x-amz-checksum-crc64nvme",
                "x-amz-checksum-sha1",
                "x-amz-checksum-sha256",
                "x-amz-checksum-type",
                "x-amz-mp-object-size",
                "If-Match",
                "If-None-Match");
        Optional<CompleteMultipartUploadResponse> before =
                store.database().read(connection -> completedBefore(connection, request));
        if (before.isPresent()) {
            return before.get();
        }
        Found found = store.database()
                .read(connection -> find(
                        connection,
                        request.bucket(),
                        request.key(),
                        request.uploadId(),
                        request.expectedBucketOwner()));
        List<StoredFile> stored = store.database()
                .read(connection -> FileTable.of(connection, found.upload().id()));
        UploadParts parts = UploadParts.of(
                found.upload(),
                stored,
                request.multipartUpload() == null
                        ? List.of()
                        : request.multipartUpload().parts());
        // Before the transaction: for ten thousand parts this takes a while.
        ObjectChecksum checksum = parts.checksum();
        check(request, parts, checksum);
        String etag = parts.etag();
        VersionWrites.Wanted wanted = new VersionWrites.Wanted(request.ifMatch(), request.ifNoneMatch());
        return call.commit(transaction -> {
            Optional<CompleteMultipartUploadResponse> meanwhile = completedBefore(transaction.connection(), request);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            Bucket bucket = Buckets.again(transaction, found.bucket());
            Upload upload = again(transaction, found.upload());
            takeOut(transaction, upload, parts);
            Instant now = store.now();
            Map<String, String> headers = new TreeMap<>(upload.headers());
            headers.keySet().removeAll(LOCK_HEADERS);
            ObjectVersion version = new VersionWrites(store)
                    .add(
                            transaction,
                            bucket,
                            new ObjectVersion(
                                    0,
                                    bucket.id(),
                                    upload.key(),
                                    "",
                                    true,
                                    false,
                                    now,
                                    parts.size(),
                                    etag,
                                    parts.files().size(),
                                    Optional.of(checksum),
                                    headers,
                                    upload.tags(),
                                    ObjectLocks.wanted(transaction, bucket, upload.headers(), now)),
                            parts.renumbered(),
                            wanted,
                            "ObjectCreated:CompleteMultipartUpload");
            VersionTable.setUpload(transaction, version, upload.uploadId());
            UploadTable.delete(transaction, upload);
            store.garbage().after(transaction);
            return completed(bucket, version, checksum);
        });
    }

    private static Optional<CompleteMultipartUploadResponse> completedBefore(
            Connection connection, CompleteMultipartUploadRequest request) throws SQLException {
        Bucket bucket = Buckets.require(connection, request.bucket(), request.expectedBucketOwner());
        return VersionTable.ofUpload(
                        connection, bucket.id(), ObjectKey.valid(request.key()), String.valueOf(request.uploadId()))
                .map(version -> completed(bucket, version, version.checksum().orElseThrow()));
    }

    private static void check(CompleteMultipartUploadRequest request, UploadParts parts, ObjectChecksum checksum) {
        if (request.mpuObjectSize() != null && request.mpuObjectSize() != parts.size()) {
            throw S3Errors.invalidRequest(
                    "The provided 'x-amz-mp-object-size' header value does not match what was computed: %d, found %d",
                    request.mpuObjectSize(), parts.size());
        }
        if (request.checksumTypeAsString() != null
                && !request.checksumTypeAsString().equals(checksum.type())) {
            throw S3Errors.invalidRequest(
                    "The upload was created using the %s checksum mode. The complete request must use the same checksum"
                            + " mode, it uses %s.",
                    checksum.type(), request.checksumTypeAsString());
        }
        String declared = HeaderForm.of(request).get(checksum.kind().header());
        if (declared != null && !declared.equals(checksum.value())) {
            throw S3Errors.badDigest(checksum.kind().name(), declared, checksum.value());
        }
    }

    /** The parts' files go on under the object's rows. */
    private static void takeOut(Transaction transaction, Upload upload, UploadParts parts) throws SQLException {
        List<StoredFile> present = FileTable.of(transaction.connection(), upload.id());
        for (StoredFile file : parts.files()) {
            if (!present.contains(file)) {
                throw S3Errors.of("InvalidPart", 400, "Part %d was uploaded again in the meantime.", file.part());
            }
            FileTable.forget(transaction, upload.id(), file.part());
        }
    }

    private static CompleteMultipartUploadResponse completed(
            Bucket bucket, ObjectVersion version, ObjectChecksum checksum) {
        CompleteMultipartUploadResponse.Builder response = CompleteMultipartUploadResponse.builder()
                .location("/" + bucket.name() + "/" + version.key())
                .bucket(bucket.name())
                .key(version.key())
                .eTag(version.quotedEtag())
                .serverSideEncryption("AES256")
                .versionId(bucket.versioned() ? version.versionId() : null)
                .checksumType(checksum.type());
        WireForm.fill(response, checksum.member());
        return response.build();
    }
}

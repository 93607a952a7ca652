package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

@SuppressWarnings("deprecation") // the copy source as clients send it
class UploadsTest {
    private static final int PART = 5 * 1024 * 1024;

    @TempDir
    Path directory;

    private S3Fixture s3;
    private byte[] content = new byte[0];

    @BeforeEach
    void open() {
        s3 = new S3Fixture(directory);
        s3.bucket("bucket");
        content = new byte[2 * PART + 1000];
        new Random(1).nextBytes(content);
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private String create() {
        return s3.client()
                .createMultipartUpload(r -> r.bucket("bucket").key("k"))
                .uploadId();
    }

    private UploadPartResponse part(String upload, int number, int from, int to) {
        return s3.client()
                .uploadPart(
                        r -> r.bucket("bucket").key("k").uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(Arrays.copyOfRange(content, from, to)));
    }

    private static CompletedPart listed(int number, String etag) {
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private CompleteMultipartUploadResponse complete(String upload, CompletedPart... parts) {
        return s3.client()
                .completeMultipartUpload(
                        r -> r.bucket("bucket").key("k").uploadId(upload).multipartUpload(m -> m.parts(parts)));
    }

    @Test
    void partsBecomeTheObject() {
        String upload = create();
        String third = part(upload, 7, 2 * PART, content.length).eTag();
        String first = part(upload, 1, 0, PART).eTag();
        part(upload, 4, 0, 17);
        String second = part(upload, 4, PART, 2 * PART).eTag(); // again
        part(upload, 9, 0, 1); // and not used
        CompleteMultipartUploadResponse done = complete(upload, listed(1, first), listed(4, second), listed(7, third));
        assertThat(done.eTag()).matches("\"[0-9a-f]{32}-3\"");
        assertThat(s3.bytes("bucket", "k").asByteArray()).isEqualTo(content);
        s3.service().store().garbage().remove();
        assertThat(s3.contents()).isEqualTo(3);
        HeadObjectResponse part =
                s3.client().headObject(r -> r.bucket("bucket").key("k").partNumber(2));
        assertThat(part.partsCount()).isEqualTo(3);
        assertThat(part.contentRange()).isEqualTo("bytes %d-%d/%d".formatted(PART, 2 * PART - 1, content.length));
        byte[] across = s3.client()
                .getObject(
                        r -> r.bucket("bucket").key("k").range("bytes=%d-%d".formatted(PART - 10, 2 * PART + 10)),
                        ResponseTransformer.toBytes())
                .asByteArray();
        assertThat(across).isEqualTo(Arrays.copyOfRange(content, PART - 10, 2 * PART + 11));
    }

    @Test
    void whoMissedTheAnswerOfACompletionAsksAgain() {
        String upload = create();
        String etag = part(upload, 1, 0, 17).eTag();
        CompleteMultipartUploadResponse done = complete(upload, listed(1, etag));
        CompleteMultipartUploadResponse again = complete(upload, listed(1, etag));
        assertThat(again).isEqualTo(done);
        assertThat(s3.client().listObjectVersions(r -> r.bucket("bucket")).versions())
                .hasSize(1);
        s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
        assertCode("NoSuchUpload", () -> complete(upload, listed(1, etag)));
    }

    @Test
    void rulesOfParts() {
        String upload = create();
        String small = part(upload, 1, 0, 100).eTag();
        String second = part(upload, 2, 0, 100).eTag();
        assertCode("EntityTooSmall", () -> complete(upload, listed(1, small), listed(2, second)));
        assertCode("InvalidPartOrder", () -> complete(upload, listed(2, second), listed(1, small)));
        assertCode("InvalidPart", () -> complete(upload, listed(1, "\"other\"")));
        assertCode("InvalidPart", () -> complete(upload, listed(3, small)));
        assertCode("MalformedXML", () -> complete(upload));
        assertCode("InvalidArgument", () -> part(upload, 0, 0, 1));
        assertCode("InvalidArgument", () -> part(upload, 10_001, 0, 1));
        assertCode("NoSuchUpload", () -> part("none", 1, 0, 1));
        assertThat(s3.client()
                        .listParts(r -> r.bucket("bucket").key("k").uploadId(upload))
                        .parts())
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumKind.class,
            names = {"CRC32", "CRC32C", "CRC64NVME"})
    void checksumsOfPartsCombineToThatOfTheWhole(ChecksumKind kind) {
        String upload = s3.client()
                .createMultipartUpload(r -> r.bucket("bucket")
                        .key("k")
                        .checksumAlgorithm(kind.name())
                        .checksumType("FULL_OBJECT"))
                .uploadId();
        String first = part(upload, 1, 0, PART).eTag();
        String second = part(upload, 2, PART, content.length).eTag();
        complete(upload, listed(1, first), listed(2, second));
        ChecksumKind.Accumulator whole = kind.accumulator();
        whole.update(content, 0, content.length);
        ObjectVersion stored = s3.database
                .read(c -> VersionTable.latest(
                        c, BucketTable.find(c, "bucket").orElseThrow().id(), "k"))
                .orElseThrow();
        assertThat(stored.checksum().orElseThrow().value())
                .isEqualTo(Base64.getEncoder().encodeToString(whole.finish()));
    }

    private UploadPartResponse partWithCrc32(String upload, String declared) {
        return s3.client()
                .uploadPart(
                        r -> r.bucket("bucket")
                                .key("k")
                                .uploadId(upload)
                                .partNumber(1)
                                .checksumCRC32(declared),
                        RequestBody.fromString("123456789"));
    }

    @Test
    void partsMayDeclareAChecksumThatTheUploadWasNotMadeFor() {
        String upload = create();
        assertCode("BadDigest", () -> partWithCrc32(upload, "AAAAAA=="));
        String right = Base64.getEncoder().encodeToString(HexFormat.of().parseHex("cbf43926"));
        UploadPartResponse part = partWithCrc32(upload, right);
        assertThat(part.checksumCRC32()).isEqualTo(right);
        complete(upload, listed(1, part.eTag()));
        assertThat(s3.client()
                        .headObject(r -> r.bucket("bucket").key("k").checksumMode("ENABLED"))
                        .checksumCRC64NVME())
                .isEqualTo(Base64.getEncoder().encodeToString(HexFormat.of().parseHex("ae8b14860a799888")));
    }

    @Test
    void abortedUploadsLeaveNothing() {
        String upload = create();
        part(upload, 1, 0, 100);
        assertThat(s3.client().listMultipartUploads(r -> r.bucket("bucket")).uploads())
                .hasSize(1);
        s3.client().abortMultipartUpload(r -> r.bucket("bucket").key("k").uploadId(upload));
        s3.service().store().garbage().remove();
        assertThat(s3.contents()).isZero();
        assertThat(s3.client().listMultipartUploads(r -> r.bucket("bucket")).uploads())
                .isEmpty();
    }

    @Test
    void uploadsAreListedInPages() {
        for (String key : List.of("a", "a", "b/1", "b/2", "c")) {
            s3.client().createMultipartUpload(r -> r.bucket("bucket").key(key));
        }
        var first = s3.client().listMultipartUploads(r -> r.bucket("bucket").maxUploads(1));
        assertThat(first.uploads()).hasSize(1);
        assertThat(first.isTruncated()).isTrue();
        var rest = s3.client()
                .listMultipartUploads(r -> r.bucket("bucket")
                        .keyMarker(first.nextKeyMarker())
                        .uploadIdMarker(first.nextUploadIdMarker())
                        .delimiter("/"));
        assertThat(rest.uploads()).extracting(u -> u.key()).containsExactly("a", "c");
        assertThat(rest.commonPrefixes()).extracting(p -> p.prefix()).containsExactly("b/");
    }

    @Test
    void copiesHaveTheContentAndWhatIsAsked() {
        s3.client()
                .putObject(
                        r -> r.bucket("bucket").key("a b/é").metadata(Map.of("x", "1")),
                        RequestBody.fromBytes(content));
        CopyObjectResponse copied = s3.client()
                .copyObject(r -> r.copySource("bucket/a%20b/%C3%A9")
                        .destinationBucket("bucket")
                        .destinationKey("copy"));
        assertThat(copied.copyObjectResult().eTag())
                .isEqualTo(s3.bytes("bucket", "a b/é").response().eTag());
        s3.client().deleteObject(r -> r.bucket("bucket").key("a b/é"));
        s3.service().store().garbage().remove();
        assertThat(s3.bytes("bucket", "copy").asByteArray()).isEqualTo(content);
        assertThat(s3.bytes("bucket", "copy").response().metadata()).containsEntry("x", "1");
        assertCode(
                "InvalidRequest",
                () -> s3.client()
                        .copyObject(r -> r.copySource("bucket/copy")
                                .destinationBucket("bucket")
                                .destinationKey("copy")));
        s3.client()
                .copyObject(r -> r.copySource("bucket/copy")
                        .destinationBucket("bucket")
                        .destinationKey("copy")
                        .metadataDirective("REPLACE")
                        .contentType("text/plain"));
        assertThat(s3.bytes("bucket", "copy").response().contentType()).isEqualTo("text/plain");
        assertThat(s3.bytes("bucket", "copy").response().metadata()).isEmpty();
    }

    @Test
    void partsCanBeCopiesOfRanges() {
        s3.client().putObject(r -> r.bucket("bucket").key("source"), RequestBody.fromBytes(content));
        String upload = create();
        String first = s3.client()
                .uploadPartCopy(r -> r.copySource("bucket/source")
                        .copySourceRange("bytes=0-" + (PART - 1))
                        .destinationBucket("bucket")
                        .destinationKey("k")
                        .uploadId(upload)
                        .partNumber(1))
                .copyPartResult()
                .eTag();
        String second = part(upload, 2, PART, content.length).eTag();
        complete(upload, listed(1, first), listed(2, second));
        assertThat(s3.bytes("bucket", "k").asByteArray()).isEqualTo(content);
        assertCode(
                "InvalidRange",
                () -> s3.client()
                        .uploadPartCopy(r -> r.copySource("bucket/source")
                                .copySourceRange("bytes=900000000-900000001")
                                .destinationBucket("bucket")
                                .destinationKey("k")
                                .uploadId(create())
                                .partNumber(1)));
    }
}

package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class ObjectsTest {
    private static final int CHUNK = ContentKey.CHUNK_BYTES;

    @TempDir
    Path directory;

    private S3Fixture s3;

    @BeforeEach
    void open() {
        s3 = new S3Fixture(directory);
        s3.bucket("bucket");
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private static byte[] random(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 9 * CHUNK + 17})
    void contentComesBackAsItWas(int bytes) {
        byte[] content = random(bytes);
        s3.client().putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromBytes(content));
        assertThat(s3.bytes("bucket", "k").asByteArray()).isEqualTo(content);
    }

    @Test
    void everyRangeIsAPartOfTheContent() {
        byte[] content = random(3 * CHUNK + 100);
        s3.client().putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromBytes(content));
        int[] edges = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK, 3 * CHUNK + 99};
        for (int from : edges) {
            for (int to : edges) {
                if (from <= to) {
                    byte[] part = s3.client()
                            .getObject(
                                    r -> r.bucket("bucket").key("k").range("bytes=%d-%d".formatted(from, to)),
                                    ResponseTransformer.toBytes())
                            .asByteArray();
                    assertThat(part).as("%d-%d", from, to).isEqualTo(Arrays.copyOfRange(content, from, to + 1));
                }
            }
        }
    }

    @Test
    void rangesAreAnsweredAsRfc9110Says() {
        s3.put("bucket", "k", "0123456789");
        assertThat(range("bytes=7-").contentRange()).isEqualTo("bytes 7-9/10");
        assertThat(range("bytes=-3").contentRange()).isEqualTo("bytes 7-9/10");
        assertThat(range("bytes=-30").contentRange()).isEqualTo("bytes 0-9/10");
        assertThat(range("bytes=2-100").contentRange()).isEqualTo("bytes 2-9/10");
        assertThat(range("lines=1-2").contentRange()).isNull();
        assertThat(range("bytes=5-2").contentLength()).isEqualTo(10);
        assertCode("InvalidRange", () -> range("bytes=10-11"));
    }

    private HeadObjectResponse range(String range) {
        return s3.client().headObject(r -> r.bucket("bucket").key("k").range(range));
    }

    @Test
    void whatCameWithAnObjectComesBackWithIt() {
        PutObjectResponse put = s3.client()
                .putObject(
                        r -> r.bucket("bucket")
                                .key("k")
                                .contentType("text/csv")
                                .contentEncoding("aws-chunked,gzip")
                                .cacheControl("no-cache")
                                .metadata(Map.of("source", "market"))
                                .tagging("stage=raw&day=1"),
                        RequestBody.fromString("x"));
        assertThat(put.eTag()).isEqualTo("\"9dd4e461268c8034f5c8564e155c67a6\"");
        assertThat(put.checksumCRC64NVME()).isNotNull();
        GetObjectResponse got = s3.bytes("bucket", "k").response();
        assertThat(got.contentType()).isEqualTo("text/csv");
        assertThat(got.contentEncoding()).isEqualTo("gzip");
        assertThat(got.cacheControl()).isEqualTo("no-cache");
        assertThat(got.metadata()).isEqualTo(Map.of("source", "market"));
        assertThat(got.tagCount()).isEqualTo(2);
        assertThat(got.lastModified()).isEqualTo(S3Fixture.START);
        assertThat(got.serverSideEncryptionAsString()).isEqualTo("AES256");
        assertThat(got.versionId()).isNull();
    }

    @Test
    void keysAreWhatTheyAre() {
        List<String> keys =
                List.of("k", "k/sub", "/lead", "x//y", "..", "a/../b", "é/ü 漢字 😀", "+ %2F", "a".repeat(1024));
        keys.forEach(key -> s3.put("bucket", key, "content of " + key));
        keys.forEach(key -> assertThat(s3.text("bucket", key)).isEqualTo("content of " + key));
        assertCode("KeyTooLongError", () -> s3.put("bucket", "é".repeat(513), "x"));
        assertCode("InvalidArgument", () -> s3.put("bucket", "", "x"));
    }

    @Test
    void nothingIsThatWasNotPut() {
        assertCode("NoSuchKey", () -> s3.text("bucket", "k"));
        assertCode("NoSuchBucket", () -> s3.text("other", "k"));
        assertCode("NoSuchBucket", () -> s3.put("other", "k", "x"));
        assertThat(s3.contents()).isZero();
    }

    @Test
    void contentsOnDiskAreEncrypted() throws IOException {
        s3.put("bucket", "small", "a secret of some length");
        assertThat(new String(s3.rows().getFirst(), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
        s3.put("bucket", "large", "a secret of some length".repeat(SmallTable.MAX_BYTES));
        assertThat(s3.files()).hasSize(1);
        assertThat(new String(Files.readAllBytes(s3.files().getFirst()), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
    }

    @Test
    void damageIsNoticed() throws IOException {
        s3.client().putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromBytes(random(3 * CHUNK)));
        Path file = s3.files().getFirst();
        byte[] stored = Files.readAllBytes(file);
        for (int at : new int[] {10, 200, CHUNK, stored.length - 1}) {
            byte[] damaged = stored.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(() -> s3.bytes("bucket", "k")).as("byte %d", at).isNotNull();
        }
        Files.write(file, Arrays.copyOf(stored, stored.length - 1));
        assertCode("InternalError", () -> s3.bytes("bucket", "k"));
        Files.write(file, stored);
        assertThat(s3.bytes("bucket", "k").asByteArray()).hasSize(3 * CHUNK);
    }

    @Test
    void contentOfAnotherLengthOrHashIsRefusedAndLeavesNothing() {
        assertCode(
                "BadDigest",
                () -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                                RequestBody.fromString("x")));
        assertCode(
                "BadDigest",
                () -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k").checksumCRC32("AAAAAA=="),
                                RequestBody.fromString("x")));
        assertCode(
                "InvalidDigest",
                () -> s3.client()
                        .putObject(r -> r.bucket("bucket").key("k").contentMD5("short"), RequestBody.fromString("x")));
        assertCode(
                "IncompleteBody",
                () -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k"),
                                RequestBody.fromContentProvider(
                                        () -> new ByteArrayInputStream(new byte[5]), 7, "a/b")));
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[2 * CHUNK]), new BrokenStream());
        assertCode(
                "IncompleteBody",
                () -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k"),
                                RequestBody.fromContentProvider(() -> broken, 3 * CHUNK, "a/b")));
        assertThat(s3.contents()).isZero();
        assertCode("NoSuchKey", () -> s3.text("bucket", "k"));
    }

    @Test
    void checksumsAreComputedAndToldWhenAsked() {
        s3.client()
                .putObject(
                        r -> r.bucket("bucket").key("k").checksumSHA256("LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564="),
                        RequestBody.fromString("foo"));
        HeadObjectResponse head =
                s3.client().headObject(r -> r.bucket("bucket").key("k").checksumMode("ENABLED"));
        assertThat(head.checksumSHA256()).isEqualTo("LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=");
        assertThat(head.checksumTypeAsString()).isEqualTo("FULL_OBJECT");
        assertThat(s3.client().headObject(r -> r.bucket("bucket").key("k")).checksumSHA256())
                .isNull();
    }

    @Test
    void conditionsOfReadsAndWrites() {
        String etag = s3.client()
                .putObject(r -> r.bucket("bucket").key("k").ifNoneMatch("*"), RequestBody.fromString("1"))
                .eTag();
        assertCode(
                "PreconditionFailed",
                () -> s3.client()
                        .putObject(r -> r.bucket("bucket").key("k").ifNoneMatch("*"), RequestBody.fromString("2")));
        assertCode(
                "PreconditionFailed",
                () -> s3.client()
                        .putObject(r -> r.bucket("bucket").key("k").ifMatch("\"other\""), RequestBody.fromString("2")));
        assertCode(
                "NoSuchKey",
                () -> s3.client()
                        .putObject(r -> r.bucket("bucket").key("none").ifMatch(etag), RequestBody.fromString("2")));
        assertThat(s3.text("bucket", "k")).isEqualTo("1");
        assertThat(s3.contents()).isEqualTo(1);
        assertCode(
                "NotModified",
                () -> s3.client().headObject(r -> r.bucket("bucket").key("k").ifNoneMatch(etag)));
        assertCode(
                "PreconditionFailed",
                () -> s3.client().headObject(r -> r.bucket("bucket").key("k").ifMatch("\"other\"")));
        assertCode(
                "NotModified",
                () -> s3.client().headObject(r -> r.bucket("bucket").key("k").ifModifiedSince(S3Fixture.START)));
        assertCode(
                "PreconditionFailed",
                () -> s3.client()
                        .headObject(
                                r -> r.bucket("bucket").key("k").ifUnmodifiedSince(S3Fixture.START.minusSeconds(1))));
        s3.client().putObject(r -> r.bucket("bucket").key("k").ifMatch(etag), RequestBody.fromString("2"));
        assertThat(s3.text("bucket", "k")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, SmallTable.MAX_BYTES, SmallTable.MAX_BYTES + 1})
    void whatIsOverwrittenOrDeletedGoesWithItsContent(int size) {
        s3.put("bucket", "k", "1".repeat(size));
        s3.put("bucket", "k", "2".repeat(size));
        s3.service().store().garbage().remove();
        assertThat(s3.text("bucket", "k")).isEqualTo("2".repeat(size));
        assertThat(s3.contents()).isEqualTo(1);
        s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
        s3.client().deleteObject(r -> r.bucket("bucket").key("k")); // again, as one may
        s3.service().store().garbage().remove();
        assertThat(s3.contents()).isZero();
    }

    @Test
    void smallContentsAreInRowsAndLargeOnesInFiles() {
        s3.put("bucket", "small", "x".repeat(SmallTable.MAX_BYTES));
        assertThat(s3.files()).isEmpty();
        s3.put("bucket", "large", "x".repeat(SmallTable.MAX_BYTES + 1));
        assertThat(s3.files()).hasSize(1);
        assertThat(s3.rows()).hasSize(1);
    }

    @Test
    void aReaderKeepsTheSmallContentItReads() throws IOException {
        s3.put("bucket", "k", "content");
        try (ResponseInputStream<GetObjectResponse> reader =
                s3.client().getObject(r -> r.bucket("bucket").key("k"), ResponseTransformer.toInputStream())) {
            s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
            assertThat(reader.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("content");
        }
    }

    @Test
    void aReaderKeepsWhatItReads() throws IOException {
        byte[] content = random(3 * CHUNK);
        s3.client().putObject(r -> r.bucket("bucket").key("k"), RequestBody.fromBytes(content));
        try (ResponseInputStream<GetObjectResponse> reader =
                s3.client().getObject(r -> r.bucket("bucket").key("k"), ResponseTransformer.toInputStream())) {
            byte[] start = reader.readNBytes(100);
            s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
            s3.service().store().garbage().remove();
            assertThat(s3.files()).hasSize(1);
            byte[] rest = reader.readAllBytes();
            assertThat(start.length + rest.length).isEqualTo(content.length);
            assertThat(rest).isEqualTo(Arrays.copyOfRange(content, 100, content.length));
        }
        assertThat(s3.files()).isEmpty();
    }

    @Test
    void filesThatACrashLeftAreSwept() throws IOException {
        String kept = "1".repeat(SmallTable.MAX_BYTES + 1);
        s3.put("bucket", "kept", kept);
        try (ContentOutput output = s3.service().store().files().create()) {
            output.chunk(new byte[0], 0, true);
            output.finish(); // and no row: the process is killed here
        }
        assertThat(s3.files()).hasSize(2);
        s3.restart();
        s3.service().store().garbage().sweep();
        assertThat(s3.files()).hasSize(1);
        assertThat(s3.text("bucket", "kept")).isEqualTo(kept);
        Set<String> alive = s3.database.replicas().alive();
        Set<Long> goingOn = s3.database.write(transaction -> StartTable.endUnless(transaction, alive));
        assertThat(s3.service().store().files().ended(goingOn)).isEmpty();
    }

    @Test
    void whatIsNotImplementedIsRefusedByName() {
        assertThatThrownBy(() -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k").serverSideEncryption("aws:kms"),
                                RequestBody.fromString("x")))
                .hasMessageContaining("aws:kms");
        assertThatThrownBy(() -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k").sseCustomerAlgorithm("AES256"),
                                RequestBody.fromString("x")))
                .hasMessageContaining("x-amz-server-side-encryption-customer-algorithm");
        assertThatThrownBy(() -> s3.client()
                        .putObject(
                                r -> r.bucket("bucket").key("k").storageClass("GLACIER"), RequestBody.fromString("x")))
                .hasMessageContaining("GLACIER");
        assertCode(
                "AccessControlListNotSupported",
                () -> s3.client()
                        .putObject(r -> r.bucket("bucket").key("k").acl("public-read"), RequestBody.fromString("x")));
        s3.put("bucket", "k", "x");
        assertCode(
                "AccessControlListNotSupported",
                () -> s3.client().putObjectAcl(r -> r.bucket("bucket").key("k").acl("public-read")));
    }

    @Test
    void subscribersAreToldWhatHappened() {
        s3.put("bucket", "k", "1");
        s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
        assertThat(s3.events)
                .extracting(ObjectEvent::name, ObjectEvent::bucket, ObjectEvent::key)
                .containsExactly(
                        tuple("ObjectCreated:Put", "bucket", "k"), tuple("ObjectRemoved:Delete", "bucket", "k"));
    }

    /** A connection that ends in the middle. */
    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the connection broke");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("the connection broke");
        }
    }
}

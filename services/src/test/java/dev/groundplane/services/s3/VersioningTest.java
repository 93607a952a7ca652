package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.S3Exception;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class VersioningTest {
    @TempDir
    Path directory;

    private S3Fixture s3;

    @BeforeEach
    void open() {
        s3 = new S3Fixture(directory);
        s3.versioned("bucket");
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

    private String version(String id) {
        return s3.client()
                .getObject(r -> r.bucket("bucket").key("k").versionId(id), ResponseTransformer.toBytes())
                .asUtf8String();
    }

    @Test
    void formerVersionsStayAndCanBeDeleted() {
        String first = s3.put("bucket", "k", "1").versionId();
        String second = s3.put("bucket", "k", "2").versionId();
        assertThat(version(first)).isEqualTo("1");
        assertThat(s3.text("bucket", "k")).isEqualTo("2");
        DeleteObjectResponse deleted =
                s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
        assertThat(deleted.deleteMarker()).isTrue();
        assertCode("NoSuchKey", () -> s3.text("bucket", "k"));
        assertCode("MethodNotAllowed", () -> version(deleted.versionId()));
        s3.client().deleteObject(r -> r.bucket("bucket").key("k").versionId(deleted.versionId()));
        assertThat(s3.text("bucket", "k")).isEqualTo("2");
        s3.client().deleteObject(r -> r.bucket("bucket").key("k").versionId(second));
        assertThat(s3.text("bucket", "k")).isEqualTo("1");
        assertCode("BucketNotEmpty", () -> s3.client().deleteBucket(r -> r.bucket("bucket")));
        s3.client().deleteObject(r -> r.bucket("bucket").key("k").versionId(first));
        s3.client().deleteBucket(r -> r.bucket("bucket"));
    }

    @Test
    void suspendedVersioningReplacesTheNullVersionOnly() {
        String first = s3.put("bucket", "k", "1").versionId();
        s3.client().putBucketVersioning(r -> r.bucket("bucket").versioningConfiguration(v -> v.status("Suspended")));
        assertThat(s3.put("bucket", "k", "2").versionId()).isEqualTo("null");
        assertThat(s3.put("bucket", "k", "3").versionId()).isEqualTo("null");
        assertThat(version("null")).isEqualTo("3");
        assertThat(version(first)).isEqualTo("1");
        DeleteObjectResponse deleted =
                s3.client().deleteObject(r -> r.bucket("bucket").key("k"));
        assertThat(deleted.versionId()).isEqualTo("null");
        assertCode("MethodNotAllowed", () -> version("null"));
        assertThat(version(first)).isEqualTo("1");
    }

    @Test
    void whatIsLockedStays() {
        s3.client().createBucket(r -> r.bucket("locked").objectLockEnabledForBucket(true));
        String held = s3.client()
                .putObject(
                        r -> r.bucket("locked")
                                .key("k")
                                .objectLockMode("GOVERNANCE")
                                .objectLockRetainUntilDate(S3Fixture.START.plus(Duration.ofDays(1))),
                        RequestBody.fromString("1"))
                .versionId();
        assertCode(
                "AccessDenied",
                () -> s3.client().deleteObject(r -> r.bucket("locked").key("k").versionId(held)));
        s3.client()
                .putObjectLegalHold(
                        r -> r.bucket("locked").key("k").versionId(held).legalHold(h -> h.status("ON")));
        assertCode(
                "AccessDenied",
                () -> s3.client()
                        .deleteObject(
                                r -> r.bucket("locked").key("k").versionId(held).bypassGovernanceRetention(true)));
        s3.client()
                .putObjectLegalHold(
                        r -> r.bucket("locked").key("k").versionId(held).legalHold(h -> h.status("OFF")));
        s3.client()
                .deleteObject(r -> r.bucket("locked").key("k").versionId(held).bypassGovernanceRetention(true));
        s3.client()
                .putObjectLockConfiguration(r -> r.bucket("locked")
                        .objectLockConfiguration(c -> c.objectLockEnabled("Enabled")
                                .rule(rule -> rule.defaultRetention(
                                        d -> d.mode("COMPLIANCE").days(1)))));
        String byDefault = s3.put("locked", "k", "2").versionId();
        assertCode(
                "AccessDenied",
                () -> s3.client()
                        .deleteObject(r ->
                                r.bucket("locked").key("k").versionId(byDefault).bypassGovernanceRetention(true)));
        s3.now = S3Fixture.START.plus(Duration.ofDays(2));
        s3.client().deleteObject(r -> r.bucket("locked").key("k").versionId(byDefault));
    }

    @Test
    void lifecycleRulesExpire() {
        s3.bucket("plain");
        s3.put("plain", "tmp/1", "x");
        s3.put("plain", "keep/1", "x");
        s3.client()
                .createMultipartUpload(r -> r.bucket("plain").key("tmp/upload"))
                .uploadId();
        expire(
                "plain",
                r -> r.id("tmp")
                        .status("Enabled")
                        .filter(f -> f.prefix("tmp/"))
                        .expiration(e -> e.days(2))
                        .abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(2)));
        String old = s3.put("bucket", "k", "1").versionId();
        s3.put("bucket", "k", "2");
        expire(
                "bucket",
                r -> r.id("old")
                        .status("Enabled")
                        .filter(f -> f.prefix(""))
                        .noncurrentVersionExpiration(n -> n.noncurrentDays(1)));
        s3.now = S3Fixture.START.plus(Duration.ofDays(2)); // noon; due from the midnight after
        s3.service().lifecycle().sweep();
        assertThat(s3.text("plain", "tmp/1")).isEqualTo("x");
        assertCode("NoSuchVersion", () -> version(old));
        s3.now = S3Fixture.START.plus(Duration.ofDays(3));
        s3.service().lifecycle().sweep();
        assertCode("NoSuchKey", () -> s3.text("plain", "tmp/1"));
        assertThat(s3.text("plain", "keep/1")).isEqualTo("x");
        assertThat(s3.text("bucket", "k")).isEqualTo("2");
        assertThat(s3.client().listMultipartUploads(r -> r.bucket("plain")).uploads())
                .isEmpty();
    }

    private void expire(String bucket, Consumer<LifecycleRule.Builder> rule) {
        s3.client().putBucketLifecycleConfiguration(r -> r.bucket(bucket).lifecycleConfiguration(c -> c.rules(rule)));
    }

    @Test
    void transitionsAreRefusedByName() {
        assertThatThrownBy(() -> expire(
                        "bucket",
                        r -> r.status("Enabled")
                                .filter(f -> f.prefix(""))
                                .transitions(t -> t.days(1).storageClass("GLACIER"))))
                .hasMessageContaining("LifecycleConfiguration.Rule[0].Transition");
    }
}

package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.policy.AccessRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

@SuppressWarnings("deprecation") // the copy source as clients send it
class S3AccessTest {
    private static final String POLICY = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"},
             "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}]}""";

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

    private List<AccessRequest> asked(String operation, SdkPojo request) {
        return s3.service().access().asked(S3Fixture.SCOPE, operation, request);
    }

    private static List<String> inShort(List<AccessRequest> asked) {
        return asked.stream().map(each -> each.action() + " " + each.resource()).toList();
    }

    @Test
    void actionsAndResources() {
        assertThat(inShort(asked(
                        "HeadObject",
                        HeadObjectRequest.builder().bucket("bucket").key("a/b").build())))
                .containsExactly("s3:GetObject arn:aws:s3:::bucket/a/b");
        assertThat(inShort(asked(
                        "GetObject",
                        GetObjectRequest.builder()
                                .bucket("bucket")
                                .key("k")
                                .versionId("v")
                                .build())))
                .containsExactly("s3:GetObjectVersion arn:aws:s3:::bucket/k");
        assertThat(inShort(asked(
                        "DeleteObject",
                        DeleteObjectRequest.builder()
                                .bucket("bucket")
                                .key("k")
                                .versionId("v")
                                .bypassGovernanceRetention(true)
                                .build())))
                .containsExactly(
                        "s3:DeleteObjectVersion arn:aws:s3:::bucket/k",
                        "s3:BypassGovernanceRetention arn:aws:s3:::bucket/k");
        assertThat(inShort(asked(
                        "CopyObject",
                        CopyObjectRequest.builder()
                                .copySource("bucket/from%20here")
                                .destinationBucket("other")
                                .destinationKey("to")
                                .build())))
                .containsExactly("s3:GetObject arn:aws:s3:::bucket/from here", "s3:PutObject arn:aws:s3:::other/to");
        assertThat(inShort(asked(
                        "PutObject",
                        PutObjectRequest.builder()
                                .bucket("bucket")
                                .key("k")
                                .tagging("a=b")
                                .build())))
                .containsExactly("s3:PutObject arn:aws:s3:::bucket/k", "s3:PutObjectTagging arn:aws:s3:::bucket/k");
        assertThat(inShort(asked("ListBuckets", ListBucketsRequest.builder().build())))
                .containsExactly("s3:ListAllMyBuckets *");
    }

    @Test
    void contextAndPolicy() {
        s3.client().putBucketPolicy(r -> r.bucket("bucket").policy(POLICY));
        AccessRequest list = asked(
                        "ListObjectsV2",
                        ListObjectsV2Request.builder()
                                .bucket("bucket")
                                .prefix("home/")
                                .build())
                .getFirst();
        assertThat(list.action()).isEqualTo("s3:ListBucket");
        assertThat(list.resource()).isEqualTo("arn:aws:s3:::bucket");
        assertThat(list.resourcePolicy()).contains(POLICY);
        assertThat(list.context())
                .containsEntry("s3:prefix", List.of("home/"))
                .containsEntry("aws:resourceaccount", List.of(S3Fixture.SCOPE.account()));
        s3.client().putObject(r -> r.bucket("bucket").key("k").tagging("Stage=raw"), RequestBody.fromString("x"));
        AccessRequest get = asked(
                        "GetObject",
                        GetObjectRequest.builder().bucket("bucket").key("k").build())
                .getFirst();
        assertThat(get.context()).containsEntry("s3:existingobjecttag/stage", List.of("raw"));
        AccessRequest unknown = asked(
                        "GetObject",
                        GetObjectRequest.builder().bucket("none").key("k").build())
                .getFirst();
        assertThat(unknown.resourcePolicy()).isEmpty();
        assertThat(unknown.context()).isEmpty();
    }
}

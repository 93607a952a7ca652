package dev.groundplane.services.s3.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.LateCall;
import dev.groundplane.services.s3.ObjectEvent;
import dev.groundplane.services.s3.external.WatchedPrefixes.Prefix;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects are the other S3's; buckets, their owners and what is told of objects are this one's. */
class ExternalS3Test {
    private static final String STRANGER = "999999999999";

    @TempDir
    private Path directory;

    private ExternalFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ExternalFixture(directory);
        fixture.client().createBucket(r -> r.bucket("market"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void put(String key, String text) {
        fixture.client().putObject(r -> r.bucket("market").key(key), RequestBody.fromString(text));
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    @Test
    void anObjectIsThereAndIsToldOfHere() {
        put("in/a", "hello");
        assertThat(fixture.outside
                        .getObject(r -> r.bucket("market").key("in/a"), ResponseTransformer.toBytes())
                        .asUtf8String())
                .isEqualTo("hello");
        assertThat(fixture.here.contents()).isZero();
        ObjectEvent event = fixture.here.events.getLast();
        assertThat(List.of(event.name(), event.bucket(), event.key(), event.size(), event.versionId()))
                .containsExactly("ObjectCreated:Put", "market", "in/a", 5L, "null");
        assertThat(event.etag()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        fixture.client()
                .copyObject(r -> r.sourceBucket("market")
                        .sourceKey("in/a")
                        .destinationBucket("market")
                        .destinationKey("in/b"));
        assertThat(fixture.here.events.getLast().name()).isEqualTo("ObjectCreated:Copy");
        assertThat(fixture.here.events.getLast().size()).isEqualTo(5);
        assertThat(fixture.here.events.getLast().sequencer()).isGreaterThan(event.sequencer());
        fixture.client().deleteObject(r -> r.bucket("market").key("in/a"));
        assertThat(fixture.here.events.getLast().name()).isEqualTo("ObjectRemoved:Delete");
    }

    @Test
    void whatIsThereAndCouldNotBeRecordedIsFoundByListing() {
        Prefix all = new Prefix("market", "");
        fixture.prefixes.wanted.add(all);
        fixture.s3.watch().look(all);
        fixture.prefixes.changes.clear();
        fixture.here.service().events().join((transaction, event) -> {
            if (event.key().equals("unrecorded")) {
                throw new SQLException("the disk is full");
            }
        });
        put("recorded", "1");
        fixture.s3.watch().look(all);
        assertThat(fixture.prefixes.changes).as("it was told already").isEmpty();
        assertThatException().isThrownBy(() -> put("unrecorded", "1"));
        fixture.s3.watch().look(all);
        assertThat(fixture.prefixes.changes).containsExactly(all);
    }

    @Test
    void whatIsNotAsDeclaredIsNotStored() {
        assertCode(
                "BadDigest",
                () -> fixture.client()
                        .putObject(
                                r -> r.bucket("market").key("a").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                                RequestBody.fromString("x".repeat(200_000))));
        assertThat(fixture.outside.listObjectsV2(r -> r.bucket("market")).contents())
                .isEmpty();
        assertThat(new Intents(fixture.here.database, fixture.here.service().register(), InstantSource.system())
                        .left(Set.of()))
                .isEmpty();
    }

    @Test
    void anotherAccountHasNothingOfABucketAndCannotMakeItAgain() {
        assertCode("BucketAlreadyExists", () -> fixture.client(STRANGER).createBucket(r -> r.bucket("market")));
        assertCode(
                "AccessDenied",
                () -> fixture.client().listObjectsV2(r -> r.bucket("market").expectedBucketOwner(STRANGER)));
        fixture.client(STRANGER).createBucket(r -> r.bucket("theirs"));
        assertThat(fixture.client(STRANGER).listBuckets().buckets().stream().map(Bucket::name))
                .containsExactly("theirs");
        assertThat(fixture.client().listBuckets().buckets().stream().map(Bucket::name))
                .containsExactly("market");
    }

    @Test
    void aBucketThatOthersMadeIsTheInstallationsBeforeAnythingIsDecided() {
        fixture.outside.createBucket(r -> r.bucket("later"));
        AccessRequest asked = fixture.s3
                .access()
                .asked(
                        new Scope(STRANGER, "us-east-1"),
                        "GetObject",
                        GetObjectRequest.builder().bucket("later").key("k").build())
                .getFirst();
        assertThat(asked.owner()).isEqualTo(ExternalFixture.HOME.account());
    }

    @Test
    void tagsDecideAsTheyAreThere() {
        fixture.client().putObject(r -> r.bucket("market").key("a").tagging("desk=rates"), RequestBody.fromString("a"));
        AccessRequest asked = fixture.s3
                .access()
                .asked(
                        ExternalFixture.HOME,
                        "GetObject",
                        GetObjectRequest.builder().bucket("market").key("a").build())
                .getFirst();
        assertThat(asked.context().get("s3:existingobjecttag/desk")).containsExactly("rates");
    }

    @Test
    void errorsAreTheOtherS3sAndItsAbsenceIsSaidWithItsName() {
        assertCode(
                "NoSuchKey",
                () -> fixture.client().headObject(r -> r.bucket("market").key("none")));
        fixture.fail(SdkClientException.create("Connection refused"));
        assertThatThrownBy(() -> fixture.client().listObjectsV2(r -> r.bucket("market")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503))
                .hasMessageContaining("http://other.example")
                .hasMessageContaining("Connection refused");
    }

    @Test
    void aKeyThatAProxyCouldResolveIsNotPassedOn() {
        assertCode("InvalidArgument", () -> put("../other/secret", "x"));
        assertCode(
                "InvalidArgument",
                () -> fixture.client()
                        .copyObject(r -> r.sourceBucket("market")
                                .sourceKey("../other/a")
                                .destinationBucket("market")
                                .destinationKey("b")));
        assertCode(
                "AccessControlListNotSupported",
                () -> fixture.client()
                        .putObject(r -> r.bucket("market").key("a").acl("public-read"), RequestBody.fromString("x")));
        put("a..b/...", "x");
    }

    @Test
    void whatWasUnderWayWhenAProcessEndedIsKnown() {
        LateCall killed = new LateCall(fixture.call(ExternalFixture.HOME.account()), () -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> fixture.s3
                        .client(killed)
                        .putObject(r -> r.bucket("market").key("a"), RequestBody.fromString("x")))
                .hasMessage("killed");
        Intents intents =
                new Intents(fixture.here.database, fixture.here.service().register(), InstantSource.system());
        assertThat(intents.left(Set.of(fixture.here.database.replicas().self())))
                .isEmpty();
        assertThat(intents.left(Set.of()))
                .extracting(UnfinishedChange::operation, UnfinishedChange::bucket, UnfinishedChange::key)
                .containsExactly(tuple("PutObject", "market", "a"));
    }

    @Test
    void aBucketWhoseMakingWasCutShortIsItsMakers() {
        Intents intents =
                new Intents(fixture.here.database, fixture.here.service().register(), InstantSource.system());
        intents.begin(fixture.call(STRANGER), "CreateBucket", "half", "");
        fixture.outside.createBucket(r -> r.bucket("half"));
        assertThat(fixture.client().listBuckets().buckets()).hasSize(1);
        assertThat(fixture.client(STRANGER).listBuckets().buckets().stream().map(Bucket::name))
                .containsExactly("half");
    }
}

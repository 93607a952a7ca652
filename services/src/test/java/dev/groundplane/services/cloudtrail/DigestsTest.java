package dev.groundplane.services.cloudtrail;

import static dev.groundplane.services.cloudtrail.CloudTrailFixture.BUCKET;
import static dev.groundplane.services.cloudtrail.CloudTrailFixture.ELSEWHERE;
import static dev.groundplane.services.cloudtrail.CloudTrailFixture.HOME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.identity.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.PublicKey;

class DigestsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private CloudTrailFixture fixture;

    @BeforeEach
    void open() {
        fixture = new CloudTrailFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private DeliveredLogs delivered(Scope scope) {
        List<PublicKey> keys = fixture.client(scope)
                .listPublicKeys(b -> b.startTime(CloudTrailFixture.START).endTime(fixture.now))
                .publicKeyList();
        return new DeliveredLogs(fixture.buckets, keys);
    }

    private DeliveredLogs delivered() {
        return delivered(HOME);
    }

    /** Three hours with a file in the first and the third. */
    private void threeHours() {
        fixture.createLogging(true);
        fixture.deliver();
        fixture.record("First");
        fixture.deliver();
        for (int hour = 0; hour < 2; hour++) {
            fixture.pass(HOUR);
            fixture.deliver();
        }
        fixture.record("Second");
        fixture.deliver();
        fixture.pass(HOUR);
        fixture.deliver();
    }

    @Test
    void everyHourHasADigestAndAllAreAChain() {
        threeHours();

        List<String> digests = delivered().keys("CloudTrail-Digest");
        assertThat(digests).hasSize(3);
        assertThat(digests.getFirst())
                .isEqualTo(BUCKET + "/AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/01/15/"
                        + "123456789012_CloudTrail-Digest_us-east-1_audit_us-east-1_20260115T130000Z.json.gz");
        assertThat(delivered().validate("us-east-1"))
                .hasSameElementsAs(delivered().keys("CloudTrail"));
        JsonNode second = delivered().json(digests.get(1));
        assertThat(second.path("digestStartTime").asText()).isEqualTo("2026-01-15T13:00:00Z");
        assertThat(second.path("digestEndTime").asText()).isEqualTo("2026-01-15T14:00:00Z");
        assertThat(second.path("logFiles")).isEmpty();
        assertThat(second.path("newestEventTime").isNull()).isTrue();
        assertThat(fixture.client().getTrailStatus(b -> b.name("audit")).latestDigestDeliveryTime())
                .isEqualTo(fixture.now);
    }

    @Test
    void aChangedLogFileIsFound() {
        threeHours();
        String file = delivered().keys("CloudTrail").getFirst();
        fixture.buckets.objects.compute(
                file, (key, old) -> new FakeBuckets.Written(Content.gzip("{\"Records\":[]}"), old.metadata(), 1));

        assertThatThrownBy(() -> delivered().validate("us-east-1")).hasMessageContaining("hash of " + file);
    }

    @Test
    void aChangedOrRemovedDigestIsFound() {
        threeHours();
        String digest = delivered().keys("CloudTrail-Digest").get(1);
        FakeBuckets.Written old = fixture.buckets.objects.remove(digest);
        assertThatThrownBy(() -> delivered().validate("us-east-1")).hasMessageContaining("not found");

        String text = delivered()
                .json(delivered().keys("CloudTrail-Digest").getFirst())
                .toString();
        fixture.buckets.objects.put(digest, new FakeBuckets.Written(Content.gzip(text), old.metadata(), 1));
        assertThatThrownBy(() -> delivered().validate("us-east-1")).hasMessageContaining("place of");
    }

    @Test
    void aDigestIsRepeatedAfterACrashWithTheSameContentAndSignature() {
        fixture.createLogging(true);
        fixture.deliver();
        fixture.record("First");
        fixture.deliver();
        fixture.pass(HOUR);
        fixture.buckets.killedAfterWriting = true;
        assertThatThrownBy(fixture::deliver).hasMessage("killed");
        String digest = delivered().keys("CloudTrail-Digest").getFirst();
        FakeBuckets.Written before = fixture.buckets.objects.get(digest);

        fixture.buckets.killedAfterWriting = false;
        fixture.pass(Duration.ofMinutes(5));
        fixture.record("Second");
        fixture.deliver();
        FakeBuckets.Written again = fixture.buckets.objects.get(digest);
        assertThat(again.writes()).isEqualTo(2);
        assertThat(again.content()).isEqualTo(before.content());
        assertThat(again.metadata()).isEqualTo(before.metadata());
        fixture.pass(HOUR);
        fixture.deliver();
        assertThat(delivered().validate("us-east-1")).hasSize(2);
    }

    @Test
    void aStopEndsTheChainAndAStartBeginsAnother() {
        fixture.createLogging(true);
        fixture.deliver();
        fixture.record("First");
        fixture.pass(Duration.ofMinutes(10));
        fixture.client().stopLogging(b -> b.name("audit"));
        fixture.deliver();
        assertThat(delivered().validate("us-east-1")).hasSize(1);

        fixture.pass(HOUR);
        fixture.deliver();
        assertThat(delivered().keys("CloudTrail-Digest")).hasSize(1);
        fixture.client().startLogging(b -> b.name("audit"));
        fixture.deliver();
        fixture.pass(HOUR);
        fixture.deliver();
        String second = delivered().keys("CloudTrail-Digest").getLast();
        assertThat(delivered().json(second).path("previousDigestSignature").isNull())
                .isTrue();
    }

    @Test
    void everyRegionOfATrailHasAChainAndAKeyOfItsOwn() {
        fixture.client()
                .createTrail(b -> b.name("audit")
                        .s3BucketName(BUCKET)
                        .isMultiRegionTrail(true)
                        .enableLogFileValidation(true));
        fixture.client().startLogging(b -> b.name("audit"));
        fixture.deliver();
        fixture.record("Here");
        fixture.record(ELSEWHERE, "ecs.amazonaws.com", "There", "alice", false, true, "{}");
        fixture.deliver();
        fixture.pass(HOUR);
        fixture.deliver();

        assertThat(delivered().validate("us-east-1")).hasSize(1);
        assertThat(delivered(ELSEWHERE).validate("eu-west-1")).hasSize(1);
        assertThat(delivered().keys("CloudTrail-Digest/eu-west-1").getFirst())
                .contains("_CloudTrail-Digest_eu-west-1_audit_us-east-1_");
    }

    @Test
    void withoutValidationThereAreNoDigestsAndNoKeys() {
        fixture.createLogging(false);
        fixture.record("First");
        fixture.deliver();
        fixture.pass(HOUR);
        fixture.deliver();

        assertThat(delivered().keys("CloudTrail-Digest")).isEmpty();
        assertThat(fixture.client().listPublicKeys(b -> {}).publicKeyList()).isEmpty();
        assertThatThrownBy(() -> fixture.client()
                        .listPublicKeys(b -> b.startTime(fixture.now).endTime(CloudTrailFixture.START)))
                .isInstanceOf(InvalidTimeRangeException.class);
    }
}

package dev.groundplane.services.cloudtrail;

import static dev.groundplane.services.cloudtrail.CloudTrailFixture.BUCKET;
import static dev.groundplane.services.cloudtrail.CloudTrailFixture.ELSEWHERE;
import static dev.groundplane.services.cloudtrail.CloudTrailFixture.HOME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.audit.AuditRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

class TrailDeliveryTest {
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

    private DeliveredLogs delivered() {
        return new DeliveredLogs(fixture.buckets, List.of());
    }

    @Test
    void whatHappensAfterTheStartIsDeliveredOnceWhereAwsPutsIt() {
        fixture.record("Before");
        fixture.createLogging(false);
        fixture.record("First");
        fixture.record("Second");
        fixture.deliver();
        fixture.deliver();
        fixture.pass(Duration.ofMinutes(1));
        fixture.record("Third");
        fixture.deliver();

        assertThat(delivered().events()).containsExactlyInAnyOrder("First", "Second", "Third");
        assertThat(fixture.buckets.objects).hasSize(2);
        assertThat(fixture.buckets.objects.firstKey())
                .matches(BUCKET + "/AWSLogs/123456789012/CloudTrail/us-east-1/2026/01/15/"
                        + "123456789012_CloudTrail_us-east-1_20260115T1200Z_[A-Za-z0-9]{16}\\.json\\.gz");
        assertThat(fixture.client().getTrailStatus(b -> b.name("audit")).latestDeliveryTime())
                .isEqualTo(fixture.now);
    }

    @Test
    void aDeliveryIsRepeatedAfterACrashWithTheSameObjectAndContent() {
        fixture.createLogging(false);
        fixture.record("First");
        fixture.buckets.killedAfterWriting = true;
        assertThatThrownBy(fixture::deliver).hasMessage("killed");
        byte[] before = fixture.buckets.objects.firstEntry().getValue().content();

        fixture.buckets.killedAfterWriting = false;
        fixture.pass(Duration.ofMinutes(7));
        fixture.record("Second");
        fixture.deliver();

        FakeBuckets.Written first = fixture.buckets.objects.firstEntry().getValue();
        assertThat(first.writes()).isEqualTo(2);
        assertThat(first.content()).isEqualTo(before);
        assertThat(delivered().events()).containsExactly("First", "Second");
    }

    @Test
    void aStopDeliversWhatWasBefore() {
        fixture.createLogging(false);
        fixture.record("First");
        fixture.client().stopLogging(b -> b.name("audit"));
        fixture.record("StopLogging"); // the stop's own record follows in its transaction
        fixture.record("After");
        fixture.deliver();
        assertThat(delivered().events()).containsExactly("First", "StopLogging");

        fixture.client().startLogging(b -> b.name("audit"));
        fixture.pass(Duration.ofMinutes(1));
        fixture.record("Again");
        fixture.deliver();
        assertThat(delivered().events()).containsExactly("First", "StopLogging", "Again");
    }

    @Test
    void manyRecordsAreSeveralFiles() {
        fixture.createLogging(false);
        fixture.database.write(tx -> {
            for (int i = 0; i < TrailDelivery.BATCH + 1; i++) {
                fixture.trail.append(
                        tx,
                        new AuditRecord(
                                "id",
                                fixture.now,
                                HOME.account(),
                                HOME.region(),
                                "s",
                                "Many",
                                "u",
                                "k",
                                false,
                                true,
                                List.of(),
                                "{}"));
            }
            return true;
        });
        fixture.deliver();

        assertThat(fixture.buckets.objects).hasSize(2);
        assertThat(delivered().events()).hasSize(TrailDelivery.BATCH + 1);
    }

    @Test
    void otherRegionsAndAccountsAreLeftOutUnlessTheTrailIsOfAllRegions() {
        fixture.createLogging(false);
        fixture.record(ELSEWHERE, "ecs.amazonaws.com", "There", "alice", false, true, "{}");
        fixture.deliver();
        assertThat(fixture.buckets.objects).isEmpty();

        fixture.client().updateTrail(b -> b.name("audit").isMultiRegionTrail(true));
        fixture.record("Here");
        fixture.record(ELSEWHERE, "ecs.amazonaws.com", "There", "alice", false, true, "{}");
        fixture.deliver();
        assertThat(delivered().keys("eu-west-1")).hasSize(1);
        assertThat(delivered().events()).containsExactlyInAnyOrder("Here", "There");
    }

    @Test
    void selectorsDecideAboutReadsWritesAndObjects() {
        fixture.createLogging(false);
        EventSelector writes =
                EventSelector.builder().readWriteType(ReadWriteType.WRITE_ONLY).build();
        EventSelector objects = EventSelector.builder()
                .readWriteType(ReadWriteType.ALL)
                .includeManagementEvents(false)
                .dataResources(DataResource.builder()
                        .type("AWS::S3::Object")
                        .values("arn:aws:s3:::bucket/in")
                        .build())
                .build();
        fixture.client().putEventSelectors(b -> b.trailName("audit").eventSelectors(writes, objects));
        fixture.record("Write");
        fixture.record(HOME, "ecs.amazonaws.com", "Read", "alice", true, true, "{}");
        object("GetObject", "in/1");
        object("GetObject", "out/1");
        fixture.record(HOME, "logs.amazonaws.com", "PutLogEvents", "alice", false, false, "{}");
        fixture.deliver();

        assertThat(delivered().events()).containsExactly("Write", "GetObject");
    }

    private void object(String name, String key) {
        String parameters = "{\"bucketName\":\"bucket\",\"key\":\"%s\"}".formatted(key);
        fixture.record(HOME, "s3.amazonaws.com", name, "alice", true, false, parameters);
    }

    @Test
    void itsOwnCallsGiveItNothingToDeliver() {
        fixture.createLogging(false);
        fixture.record(HOME, "s3.amazonaws.com", "GetBucketPolicy", CloudTrail.PRINCIPAL, true, true, "{}");
        fixture.deliver();

        assertThat(fixture.buckets.objects).isEmpty();
    }

    @Test
    void globalEventsAreLeftOutWhenNotWanted() {
        fixture.client().createTrail(b -> b.name("audit").s3BucketName(BUCKET).includeGlobalServiceEvents(false));
        fixture.client().startLogging(b -> b.name("audit"));
        fixture.record(HOME, "iam.amazonaws.com", "CreateRole", "alice", false, true, "{}");
        fixture.record("RunTask");
        fixture.deliver();

        assertThat(delivered().events()).containsExactly("RunTask");
    }

    @Test
    void whatTheBucketRefusesIsShownAndComesLater() {
        fixture.createLogging(false);
        fixture.record("First");
        String policy = fixture.buckets.policies.remove(BUCKET);
        fixture.deliver();
        assertThat(fixture.client().getTrailStatus(b -> b.name("audit")).latestDeliveryError())
                .isEqualTo("NoSuchBucket");
        fixture.buckets.policies.put(BUCKET, "");
        fixture.deliver();
        assertThat(fixture.client().getTrailStatus(b -> b.name("audit")).latestDeliveryError())
                .isEqualTo("AccessDenied");

        fixture.buckets.policies.put(BUCKET, policy);
        fixture.deliver();
        assertThat(delivered().events()).containsExactly("First");
        assertThat(fixture.client().getTrailStatus(b -> b.name("audit")).latestDeliveryError())
                .isNull();
    }

    @Test
    void recordsAreNeededUntilTheyAreDelivered() {
        assertThat(fixture.needed()).isEqualTo(Long.MAX_VALUE);
        fixture.record("Before");
        fixture.createLogging(false);
        fixture.record("First");
        assertThat(fixture.needed()).isEqualTo(2);
        fixture.deliver();
        assertThat(fixture.needed()).isEqualTo(3);
    }

    @Test
    void aTrailThatWasDeletedDeliversNothing() {
        fixture.createLogging(true);
        fixture.record("First");
        fixture.client().deleteTrail(b -> b.name("audit"));
        fixture.deliver();

        assertThat(fixture.buckets.objects).isEmpty();
    }
}

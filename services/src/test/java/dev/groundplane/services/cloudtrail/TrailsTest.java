package dev.groundplane.services.cloudtrail;

import static dev.groundplane.services.cloudtrail.CloudTrailFixture.ARN;
import static dev.groundplane.services.cloudtrail.CloudTrailFixture.BUCKET;
import static dev.groundplane.services.cloudtrail.CloudTrailFixture.ELSEWHERE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailArnInvalidException;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientS3BucketPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventSelectorsException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3BucketNameException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3PrefixException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTagParameterException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException;
import software.amazon.awssdk.services.cloudtrail.model.MaximumNumberOfTrailsExceededException;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;
import software.amazon.awssdk.services.cloudtrail.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.S3BucketDoesNotExistException;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudtrail.model.TrailAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.UnsupportedOperationException;

class TrailsTest {
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

    private CreateTrailResponse create(Consumer<CreateTrailRequest.Builder> more) {
        return fixture.client().createTrail(b -> {
            b.name("audit").s3BucketName(BUCKET);
            more.accept(b);
        });
    }

    @Test
    void aTrailIsMadeWithAwsDefaults() {
        CreateTrailResponse made = create(b -> {});

        assertThat(made.trailARN()).isEqualTo(ARN);
        assertThat(made.includeGlobalServiceEvents()).isTrue();
        assertThat(made.isMultiRegionTrail()).isFalse();
        assertThat(made.logFileValidationEnabled()).isFalse();
        Trail trail = fixture.client().getTrail(b -> b.name(ARN)).trail();
        assertThat(trail.homeRegion()).isEqualTo("us-east-1");
        assertThat(trail.hasCustomEventSelectors()).isFalse();
        assertThat(fixture.client().getTrailStatus(b -> b.name("audit")).isLogging())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "-ab", "ab-", "a b", "a..b", "192.168.5.4", "a/b"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> create(b -> b.name(name))).isInstanceOf(InvalidTrailNameException.class);
    }

    @Test
    void itsBucketMustBeThereAndLetItIn() {
        assertThatThrownBy(() -> create(b -> b.s3BucketName("A")).trailARN())
                .isInstanceOf(InvalidS3BucketNameException.class);
        assertThatThrownBy(() -> create(b -> b.s3BucketName("another")).trailARN())
                .isInstanceOf(S3BucketDoesNotExistException.class)
                .hasMessageContaining("another");
        assertThatThrownBy(() -> create(b -> b.s3KeyPrefix("x".repeat(201))).trailARN())
                .isInstanceOf(InvalidS3PrefixException.class);
        assertThatThrownBy(() -> create(b -> b.s3KeyPrefix("elsewhere")).trailARN())
                .isInstanceOf(InsufficientS3BucketPolicyException.class)
                .hasMessageContaining(BUCKET);
        fixture.buckets.policies.put(BUCKET, "");
        assertThatThrownBy(() -> create(b -> {})).isInstanceOf(InsufficientS3BucketPolicyException.class);
    }

    @Test
    void whatIsNotImplementedIsRefusedByName() {
        assertThatThrownBy(() -> create(b -> b.kmsKeyId("alias/x")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("KmsKeyId");
        assertThatThrownBy(() -> create(b -> b.isOrganizationTrail(true))).hasMessageContaining("IsOrganizationTrail");
        create(b -> {});
        assertThatThrownBy(
                        () -> fixture.client().updateTrail(b -> b.name("audit").snsTopicName("topic")))
                .hasMessageContaining("SnsTopicName");
    }

    @Test
    void namesAreTakenOnceAndTrailsAreFew() {
        create(b -> {});
        assertThatThrownBy(() -> create(b -> {}))
                .isInstanceOf(TrailAlreadyExistsException.class)
                .hasMessageContaining("audit");
        fixture.buckets.policies.put(BUCKET, """
                {"Statement": {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": "s3:*", "Resource": "*"}}""");
        for (int i = 2; i <= 5; i++) {
            String name = "audit" + i;
            create(b -> b.name(name));
        }
        assertThatThrownBy(() -> create(b -> b.name("audit6")))
                .isInstanceOf(MaximumNumberOfTrailsExceededException.class);
    }

    @Test
    void aTrailOfAllRegionsIsSeenEverywhereAndChangedAtHome() {
        create(b -> b.isMultiRegionTrail(true));

        assertThat(fixture.client(ELSEWHERE).describeTrails().trailList()).hasSize(1);
        assertThat(fixture.client(ELSEWHERE)
                        .describeTrails(b -> b.includeShadowTrails(false))
                        .trailList())
                .isEmpty();
        assertThat(fixture.client(ELSEWHERE)
                        .getTrail(b -> b.name("audit"))
                        .trail()
                        .homeRegion())
                .isEqualTo("us-east-1");
        assertThatThrownBy(() -> fixture.client(ELSEWHERE).deleteTrail(b -> b.name(ARN)))
                .isInstanceOf(InvalidHomeRegionException.class)
                .hasMessageContaining("us-east-1");
        assertThatThrownBy(() ->
                        create(b -> b.name("other").isMultiRegionTrail(true).includeGlobalServiceEvents(false)))
                .isInstanceOf(InvalidParameterCombinationException.class);
    }

    @Test
    void trailsOfOneRegionAreListedButNotSeenElsewhere() {
        create(b -> {});

        assertThat(fixture.client(ELSEWHERE).describeTrails().trailList()).isEmpty();
        assertThatThrownBy(() -> fixture.client(ELSEWHERE).getTrail(b -> b.name("audit")))
                .isInstanceOf(TrailNotFoundException.class)
                .hasMessage("Unknown trail: audit for the user: 123456789012");
        assertThat(fixture.client(ELSEWHERE).listTrails(b -> {}).trails())
                .singleElement()
                .satisfies(info -> assertThat(info.trailARN()).isEqualTo(ARN));
        assertThat(fixture.client()
                        .describeTrails(b -> b.trailNameList("audit", "missing"))
                        .trailList())
                .hasSize(1);
    }

    @Test
    void anUpdateChangesWhatIsGiven() {
        create(b -> {});
        fixture.client().updateTrail(b -> b.name("audit").enableLogFileValidation(true));

        Trail trail = fixture.client().getTrail(b -> b.name("audit")).trail();
        assertThat(trail.logFileValidationEnabled()).isTrue();
        assertThat(trail.s3BucketName()).isEqualTo(BUCKET);
        assertThatThrownBy(
                        () -> fixture.client().updateTrail(b -> b.name("audit").s3BucketName("another")))
                .isInstanceOf(S3BucketDoesNotExistException.class);
        fixture.client().deleteTrail(b -> b.name("audit"));
        assertThatThrownBy(() -> fixture.client().getTrail(b -> b.name("audit")))
                .isInstanceOf(TrailNotFoundException.class);
    }

    @Test
    void loggingHasItsTimes() {
        create(b -> {});
        fixture.client().startLogging(b -> b.name("audit"));
        var status = fixture.client().getTrailStatus(b -> b.name(ARN));
        assertThat(status.isLogging()).isTrue();
        assertThat(status.startLoggingTime()).isEqualTo(CloudTrailFixture.START);

        fixture.client().stopLogging(b -> b.name("audit"));
        status = fixture.client().getTrailStatus(b -> b.name(ARN));
        assertThat(status.isLogging()).isFalse();
        assertThat(status.stopLoggingTime()).isEqualTo(CloudTrailFixture.START);
    }

    @Test
    void selectorsComeBackComplete() {
        create(b -> {});
        assertThat(fixture.client().getEventSelectors(b -> b.trailName("audit")).eventSelectors())
                .singleElement()
                .satisfies(selector -> assertThat(selector.readWriteType()).isEqualTo(ReadWriteType.ALL));

        put(objects("AWS::S3::Object", "arn:aws:s3:::bucket/"));
        assertThat(fixture.client().getEventSelectors(b -> b.trailName("audit")).eventSelectors())
                .singleElement()
                .satisfies(selector -> {
                    assertThat(selector.includeManagementEvents()).isTrue();
                    assertThat(selector.dataResources().getFirst().values()).containsExactly("arn:aws:s3:::bucket/");
                });
        assertThat(fixture.client().getTrail(b -> b.name("audit")).trail().hasCustomEventSelectors())
                .isTrue();
    }

    private void put(EventSelector selector) {
        fixture.client().putEventSelectors(b -> b.trailName("audit").eventSelectors(selector));
    }

    private static EventSelector objects(String type, String value) {
        return EventSelector.builder()
                .readWriteType(ReadWriteType.WRITE_ONLY)
                .dataResources(DataResource.builder().type(type).values(value).build())
                .build();
    }

    @Test
    void selectorsThatCannotBeFollowedAreRefused() {
        create(b -> {});
        assertThatThrownBy(() -> fixture.client().putEventSelectors(b -> b.trailName("audit")))
                .isInstanceOf(InvalidEventSelectorsException.class);
        assertThatThrownBy(() -> put(objects("AWS::Lambda::Function", "arn:aws:lambda")))
                .isInstanceOf(InvalidEventSelectorsException.class)
                .hasMessageContaining("AWS::Lambda::Function");
        assertThatThrownBy(() -> put(objects("AWS::S3::Object", "bucket")))
                .isInstanceOf(InvalidEventSelectorsException.class)
                .hasMessageContaining("'bucket'");
        AdvancedEventSelector advanced =
                AdvancedEventSelector.builder().name("x").build();
        assertThatThrownBy(() -> fixture.client()
                        .putEventSelectors(b -> b.trailName("audit").advancedEventSelectors(advanced)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("AdvancedEventSelectors");
    }

    @Test
    void tagsAreAddedListedAndRemoved() {
        create(b -> b.tagsList(tag("team", "audit")));
        fixture.client().addTags(b -> b.resourceId(ARN).tagsList(tag("cost", "1"), tag("team", "risk")));
        assertThat(fixture.client()
                        .listTags(b -> b.resourceIdList(ARN))
                        .resourceTagList()
                        .getFirst()
                        .tagsList())
                .containsExactly(tag("cost", "1"), tag("team", "risk"));

        fixture.client().removeTags(b -> b.resourceId(ARN).tagsList(tag("cost", "")));
        assertThat(fixture.client()
                        .listTags(b -> b.resourceIdList(ARN))
                        .resourceTagList()
                        .getFirst()
                        .tagsList())
                .containsExactly(tag("team", "risk"));
        assertThatThrownBy(() -> fixture.client().addTags(b -> b.resourceId(ARN).tagsList(tag("aws:x", "1"))))
                .isInstanceOf(InvalidTagParameterException.class);
        assertThatThrownBy(() -> fixture.client().listTags(b -> b.resourceIdList(ARN + "-other")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> fixture.client().listTags(b -> b.resourceIdList("audit")))
                .isInstanceOf(CloudTrailArnInvalidException.class);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}

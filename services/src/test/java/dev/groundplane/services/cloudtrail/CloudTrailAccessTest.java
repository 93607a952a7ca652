package dev.groundplane.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.Tag;

class CloudTrailAccessTest {
    private static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    private static final String TRAIL = "arn:aws:cloudtrail:us-east-1:123456789012:trail/everything";

    private static List<AccessRequest> asked(String operation, SdkPojo request) {
        return CloudTrail.access().asked(SCOPE, operation, request);
    }

    @Test
    void aTrailIsAskedForByItsArnHoweverItIsNamed() {
        for (String name : List.of("everything", TRAIL)) {
            assertThat(asked(
                            "StopLogging",
                            StopLoggingRequest.builder().name(name).build()))
                    .extracting(AccessRequest::action, AccessRequest::resource)
                    .containsExactly(tuple("cloudtrail:StopLogging", TRAIL));
        }
        assertThat(asked(
                        "GetEventSelectors",
                        GetEventSelectorsRequest.builder()
                                .trailName("everything")
                                .build()))
                .extracting(AccessRequest::resource)
                .containsExactly(TRAIL);
    }

    @Test
    void eachOfSeveralTrailsIsAskedFor() {
        assertThat(asked(
                        "ListTags",
                        ListTagsRequest.builder()
                                .resourceIdList(TRAIL, TRAIL + "-2")
                                .build()))
                .extracting(AccessRequest::resource)
                .containsExactly(TRAIL, TRAIL + "-2");
    }

    @Test
    void whatIsTaggedWithIsACondition() {
        AddTagsRequest request = AddTagsRequest.builder()
                .resourceId(TRAIL)
                .tagsList(Tag.builder().key("desk").value("rates").build())
                .build();

        assertThat(asked("AddTags", request).getFirst().context())
                .containsEntry("aws:requesttag/desk", List.of("rates"))
                .containsEntry("aws:tagkeys", List.of("desk"));
    }

    @Test
    void whatIsAboutNoTrailIsAskedForOnEverything() {
        assertThat(asked("LookupEvents", LookupEventsRequest.builder().build()))
                .containsExactly(AccessRequest.onEverything("cloudtrail:LookupEvents"));
        assertThat(asked(
                        "DescribeTrails",
                        DescribeTrailsRequest.builder()
                                .trailNameList("everything")
                                .build()))
                .containsExactly(AccessRequest.onEverything("cloudtrail:DescribeTrails"));
    }
}

package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailResponse;

/**
 * CloudTrail for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/Welcome.html">API reference</a>. An operation that
 * changes something may be called once.
 */
public final class CloudTrailService implements CloudTrailClient {
    private final Call call;
    private final CloudTrail service;

    CloudTrailService(Call call, CloudTrail service) {
        this.call = call;
        this.service = service;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    /**
     * Management events of the last 90 days, newest first, in pages of up to 50. A call's own record appears within
     * milliseconds.
     */
    @Override
    public LookupEventsResponse lookupEvents(LookupEventsRequest request) {
        return service.lookup().lookup(call.scope(), request);
    }

    @Override
    public CreateTrailResponse createTrail(CreateTrailRequest request) {
        return service.trails().create(call, request);
    }

    @Override
    public UpdateTrailResponse updateTrail(UpdateTrailRequest request) {
        return service.trails().update(call, request);
    }

    @Override
    public DeleteTrailResponse deleteTrail(DeleteTrailRequest request) {
        return service.trails().delete(call, request);
    }

    @Override
    public DescribeTrailsResponse describeTrails(DescribeTrailsRequest request) {
        return service.trails().describe(call, request);
    }

    @Override
    public GetTrailResponse getTrail(GetTrailRequest request) {
        return service.trails().get(call, request.name());
    }

    @Override
    public ListTrailsResponse listTrails(ListTrailsRequest request) {
        return service.trails().list(call);
    }

    @Override
    public StartLoggingResponse startLogging(StartLoggingRequest request) {
        return service.logging().start(call, request.name());
    }

    @Override
    public StopLoggingResponse stopLogging(StopLoggingRequest request) {
        return service.logging().stop(call, request.name());
    }

    @Override
    public GetTrailStatusResponse getTrailStatus(GetTrailStatusRequest request) {
        return service.logging().status(call, request.name());
    }

    @Override
    public PutEventSelectorsResponse putEventSelectors(PutEventSelectorsRequest request) {
        return service.selectors().put(call, request);
    }

    @Override
    public GetEventSelectorsResponse getEventSelectors(GetEventSelectorsRequest request) {
        return service.selectors().get(call, request);
    }

    @Override
    public AddTagsResponse addTags(AddTagsRequest request) {
        return service.tags().add(call, request);
    }

    @Override
    public ListTagsResponse listTags(ListTagsRequest request) {
        return service.tags().list(call, request);
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest request) {
        return service.tags().remove(call, request);
    }

    @Override
    public ListPublicKeysResponse listPublicKeys(ListPublicKeysRequest request) {
        return service.keys().list(call.scope(), request);
    }
}

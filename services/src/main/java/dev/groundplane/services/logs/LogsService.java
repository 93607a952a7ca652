package dev.groundplane.services.logs;

import static dev.groundplane.services.logs.Parameters.optionalTime;
import static dev.groundplane.services.logs.Parameters.supported;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.AccessDeniedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.EntityRejectionErrorType;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceResponse;

/**
 * CloudWatch Logs for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html">API reference</a>; each
 * operation's page is in the Javadoc it inherits from the client. Made by {@link Logs#client}; an operation that changes
 * something may be called once.
 */
public final class LogsService implements CloudWatchLogsClient {
    private final Call call;
    private final LogStore store;

    LogsService(Call call, LogStore store) {
        this.call = call;
        this.store = store;
    }

    @Override
    public String serviceName() {
        return "logs";
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
        supported(request, "logGroupName", "tags", "logGroupClass", "deletionProtectionEnabled");
        Parameters.only("logGroupClass", request.logGroupClassAsString(), LogGroupClass.STANDARD.toString());
        Parameters.only("deletionProtectionEnabled", request.deletionProtectionEnabled(), false);
        String name = Parameters.groupName(request.logGroupName());
        if (name.startsWith("aws/")) {
            throw Parameters.invalid("Log groups starting with AWS/ are reserved for AWS.");
        }
        if (request.hasTags()) {
            Parameters.tags(request.tags());
        }
        return call.commit(transaction -> {
            store.groups().create(transaction, call.scope(), name, request.tags(), now());
            return CreateLogGroupResponse.builder().build();
        });
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest request) {
        return change(request.logGroupName(), (transaction, group) -> {
            store.streams().deleteAll(transaction, group);
            store.groups().delete(transaction, group);
            return DeleteLogGroupResponse.builder().build();
        });
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest request) {
        return new GroupListing(store, call.scope()).describe(request);
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(PutRetentionPolicyRequest request) {
        int days = Parameters.retention(request.retentionInDays());
        return change(request.logGroupName(), (transaction, group) -> {
            store.groups().retain(transaction, group, days);
            return PutRetentionPolicyResponse.builder().build();
        });
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(DeleteRetentionPolicyRequest request) {
        return change(request.logGroupName(), (transaction, group) -> {
            store.groups().retain(transaction, group, null);
            return DeleteRetentionPolicyResponse.builder().build();
        });
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
        String name = Parameters.streamName(request.logStreamName());
        requireOwn("CreateLogStream", Parameters.groupName(request.logGroupName()), name);
        return change(request.logGroupName(), (transaction, group) -> {
            store.streams().create(transaction, group, name, now());
            return CreateLogStreamResponse.builder().build();
        });
    }

    @Override
    public DeleteLogStreamResponse deleteLogStream(DeleteLogStreamRequest request) {
        String name = Parameters.streamName(request.logStreamName());
        return change(request.logGroupName(), (transaction, group) -> {
            store.streams().delete(transaction, store.streams().require(transaction.connection(), group, name));
            return DeleteLogStreamResponse.builder().build();
        });
    }

    @Override
    public DescribeLogStreamsResponse describeLogStreams(DescribeLogStreamsRequest request) {
        Group group = group(request.logGroupName(), request.logGroupIdentifier());
        return new StreamListing(store, call.scope(), group).describe(request);
    }

    /** Beyond AWS: a {@code sequenceToken} of Groundplane's agent is honoured, see {@link DeliveredRange}. */
    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
        LogWrite write = new LogWrite(
                call.scope(),
                Parameters.groupName(request.logGroupName()),
                Parameters.streamName(request.logStreamName()),
                new LogBatch(request.logEvents()),
                DeliveredRange.parse(request.sequenceToken()),
                host().isPresent());
        requireOwn("PutLogEvents", write.groupName(), write.streamName());
        return call.commit(transaction -> {
            PutLogEventsResponse response = store.events().put(transaction, write, now());
            // Agents that send an entity must not lose their events for it; AWS has this answer for such groups.
            return request.entity() == null
                    ? response
                    : response.toBuilder()
                            .rejectedEntityInfo(
                                    info -> info.errorType(EntityRejectionErrorType.UNSUPPORTED_LOG_GROUP_TYPE))
                            .build();
        });
    }

    /** The managed instance that calls; empty for other callers. */
    private Optional<String> host() {
        return Optional.of(call.caller().userName()).filter(name -> name.startsWith("mi-"));
    }

    /** All hosts may have one role; that one writes into the logs of another's tasks is more than a role can refuse. */
    private void requireOwn(String operation, String group, String stream) {
        Optional<String> host = host();
        if (host.isPresent() && !store.hostStreams().areOf(host.get(), group, stream)) {
            throw AccessDeniedException.builder()
                    .message(("User: %s is not authorized to perform: logs:%s on resource: %s because it is not the log"
                                    + " of a task on this host")
                            .formatted(
                                    call.caller().arn(),
                                    operation,
                                    call.scope().arn("logs", "log-group:" + group + ":log-stream:" + stream)))
                    .build();
        }
    }

    /** Nothing is ever masked here, so {@code unmask} changes nothing. */
    @Override
    public GetLogEventsResponse getLogEvents(GetLogEventsRequest request) {
        Group group = group(request.logGroupName(), request.logGroupIdentifier());
        String streamName = Parameters.streamName(request.logStreamName());
        long start = Math.max(optionalTime("startTime", request.startTime(), 0), group.expiredBefore(now()));
        long end = optionalTime("endTime", request.endTime(), EventPosition.MAX_TIMESTAMP);
        StreamPage page = new StreamPage(
                EventPosition.before(start),
                EventPosition.before(end),
                Optional.ofNullable(request.nextToken()).map(PageToken::parse),
                Boolean.TRUE.equals(request.startFromHead()),
                Parameters.limit(request.limit(), LogBatch.MAX_EVENTS));
        return store.database()
                .read(connection ->
                        page.read(connection, store.events(), store.streams().require(connection, group, streamName)));
    }

    /** Nothing is ever masked here, so {@code unmask} changes nothing; {@code interleaved} is ignored as by AWS. */
    @Override
    public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
        Group group = group(request.logGroupName(), request.logGroupIdentifier());
        String prefix = request.logStreamNamePrefix();
        if (request.hasLogStreamNames() && prefix != null) {
            throw Parameters.invalid("LogStream names and LogStream name prefix are mutually exclusive parameters.");
        }
        Parameters.streamNames(request.logStreamNames());
        GroupPosition start = GroupPosition.before(
                Math.max(optionalTime("startTime", request.startTime(), 0), group.expiredBefore(now())));
        Search search = new Search(
                request.logStreamNames(),
                prefix == null ? "" : Parameters.streamNamePrefix(prefix),
                FilterPattern.parse(request.filterPattern() == null ? "" : request.filterPattern()),
                request.nextToken() == null
                        ? start
                        : GroupPosition.parse(request.nextToken()).max(start),
                optionalTime("endTime", request.endTime(), EventPosition.MAX_TIMESTAMP),
                Parameters.limit(request.limit(), LogBatch.MAX_EVENTS));
        return store.database().read(connection -> search.run(connection, store.streams(), group));
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        Parameters.tags(request.tags());
        return change(groupOfArn(request.resourceArn()), (transaction, group) -> {
            store.groups().tag(transaction, group, request.tags());
            return TagResourceResponse.builder().build();
        });
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return change(groupOfArn(request.resourceArn()), (transaction, group) -> {
            store.groups().untag(transaction, group, request.tagKeys());
            return UntagResourceResponse.builder().build();
        });
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        Group group = store.groups().require(call.scope(), groupOfArn(request.resourceArn()));
        return ListTagsForResourceResponse.builder().tags(group.tags()).build();
    }

    /** The older form of {@link #tagResource}. */
    @Override
    @Deprecated
    public TagLogGroupResponse tagLogGroup(TagLogGroupRequest request) {
        Parameters.tags(request.tags());
        return change(request.logGroupName(), (transaction, group) -> {
            store.groups().tag(transaction, group, request.tags());
            return TagLogGroupResponse.builder().build();
        });
    }

    /** The older form of {@link #untagResource}. */
    @Override
    @Deprecated
    public UntagLogGroupResponse untagLogGroup(UntagLogGroupRequest request) {
        return change(request.logGroupName(), (transaction, group) -> {
            store.groups().untag(transaction, group, request.tags());
            return UntagLogGroupResponse.builder().build();
        });
    }

    /** The older form of {@link #listTagsForResource}. */
    @Override
    @Deprecated
    public ListTagsLogGroupResponse listTagsLogGroup(ListTagsLogGroupRequest request) {
        Group group = store.groups().require(call.scope(), Parameters.groupName(request.logGroupName()));
        return ListTagsLogGroupResponse.builder().tags(group.tags()).build();
    }

    private Instant now() {
        return store.clock().instant();
    }

    private Group group(@Nullable String name, @Nullable String identifier) {
        if (name != null && identifier != null) {
            throw Parameters.invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters.");
        }
        String wanted = identifier == null
                ? Parameters.groupName(name)
                : LogGroups.name(call.scope(), Parameters.groupIdentifier(identifier));
        return store.groups().require(call.scope(), wanted);
    }

    private String groupOfArn(@Nullable String arn) {
        if (arn == null) {
            throw Parameters.missing("resourceArn");
        }
        if (!Arns.isArn(arn)) {
            throw Parameters.violation(arn, "resourceArn", "Member must be the ARN of a log group");
        }
        return LogGroups.name(call.scope(), arn);
    }

    /** What an operation does to one group, and the response it gives. */
    @FunctionalInterface
    private interface Change<R> {
        R apply(Transaction transaction, Group group) throws SQLException;
    }

    private <R> R change(@Nullable String groupName, Change<R> change) {
        String name = Parameters.groupName(groupName);
        return call.commit(
                transaction -> change.apply(transaction, store.groups().require(transaction, call.scope(), name)));
    }
}

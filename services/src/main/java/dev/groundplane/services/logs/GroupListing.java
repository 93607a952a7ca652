package dev.groundplane.services.logs;

import static dev.groundplane.services.logs.Parameters.supported;

import dev.groundplane.platform.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;

/** DescribeLogGroups: by prefix, by a part of the name, or the groups that are named. */
record GroupListing(LogStore store, Scope scope) {
    private static final int MAX = 50;

    DescribeLogGroupsResponse describe(DescribeLogGroupsRequest request) {
        supported(
                request,
                "logGroupNamePrefix",
                "logGroupNamePattern",
                "logGroupIdentifiers",
                "logGroupClass",
                "includeLinkedAccounts",
                "nextToken",
                "limit");
        Parameters.only("logGroupClass", request.logGroupClassAsString(), LogGroupClass.STANDARD.toString());
        Parameters.only("includeLinkedAccounts", request.includeLinkedAccounts(), false);
        if (request.hasLogGroupIdentifiers()) {
            return named(request);
        }
        String prefix = request.logGroupNamePrefix();
        String part = request.logGroupNamePattern();
        if (prefix != null && part != null) {
            throw Parameters.invalid(
                    "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }
        LogGroups.Listing listing = store.groups()
                .list(
                        scope,
                        prefix == null ? "" : Parameters.groupNamePrefix(prefix),
                        part == null ? "" : Parameters.groupNamePattern(part),
                        ListToken.parse(request.nextToken()).name(),
                        Parameters.limit(request.limit(), MAX));
        return DescribeLogGroupsResponse.builder()
                .logGroups(part == null ? full(listing.groups()) : brief(listing.groups()))
                .nextToken(listing.next()
                        .map(name -> new ListToken(0, name).text())
                        .orElse(null))
                .build();
    }

    private DescribeLogGroupsResponse named(DescribeLogGroupsRequest request) {
        if (request.logGroupNamePrefix() != null || request.logGroupNamePattern() != null) {
            throw Parameters.invalid(
                    "LogGroup identifiers and LogGroup name prefix or LogGroup name pattern are mutually"
                            + " exclusive parameters.");
        }
        List<String> identifiers = request.logGroupIdentifiers();
        if (identifiers.size() > MAX) {
            throw Parameters.violation(
                    identifiers, "logGroupIdentifiers", "Member must have length less than or equal to " + MAX);
        }
        List<Group> found = identifiers.stream()
                .map(identifier -> LogGroups.name(scope, Parameters.groupIdentifier(identifier)))
                .distinct()
                .sorted()
                .map(name -> store.groups().find(scope, name))
                .flatMap(Optional::stream)
                .toList();
        return DescribeLogGroupsResponse.builder().logGroups(full(found)).build();
    }

    private List<LogGroup> full(List<Group> groups) {
        return store.database().read(connection -> {
            List<LogGroup> shown = new ArrayList<>();
            for (Group group : groups) {
                long bytes = store.streams().storedBytes(connection, group);
                shown.add(group.value().toBuilder().storedBytes(bytes).build());
            }
            return shown;
        });
    }

    /** All that AWS shows when it searches by a part of the name. */
    private static List<LogGroup> brief(List<Group> groups) {
        return groups.stream()
                .map(group -> LogGroup.builder()
                        .logGroupName(group.name())
                        .arn(group.value().arn())
                        .creationTime(group.value().creationTime())
                        .build())
                .toList();
    }
}

package dev.groundplane.services.logs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/**
 * CloudWatch Logs' actions and resources. As AWS's messages show, what is about a group is asked on {@code
 * log-group:NAME:log-stream:}, so that {@code log-group:NAME:*} is about the group and its streams. Source: Service
 * Authorization Reference, "Amazon CloudWatch Logs".
 */
final class LogsAccess implements AccessModel {
    private static final String GROUP = "log-group:";
    private static final String STREAM = ":log-stream:";

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.map(request, "tags"))
                .tagKeys(FieldPaths.texts(request, "tagKeys"))
                .tagKeys(FieldPaths.texts(request, "tags"));
        String action = "logs:" + operation;
        Optional<String> group = FieldPaths.text(request, "logGroupName")
                .or(() -> FieldPaths.text(request, "logGroupIdentifier"))
                .or(() -> FieldPaths.text(request, "resourceArn"))
                .map(LogsAccess::groupName);
        String stream = FieldPaths.text(request, "logStreamName").orElse("");
        if (group.isEmpty() && !operation.equals("DescribeLogGroups")) {
            return List.of(AccessRequest.onEverything(action));
        }
        String arn = scope.arn("logs", GROUP + group.orElse("") + STREAM + stream);
        return List.of(AccessRequest.on(action, arn).with(keys.values()));
    }

    /** A group may be named by its ARN, also with {@code :*} at its end. */
    private static String groupName(String named) {
        int at = named.indexOf(":" + GROUP);
        String name = at < 0 ? named : named.substring(at + 1 + GROUP.length());
        return name.endsWith(":*") ? name.substring(0, name.length() - 2) : name;
    }
}

package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;

/** CloudTrail's actions, resources and condition keys. Source: Service Authorization Reference, "AWS CloudTrail". */
final class CloudTrailAccess implements AccessModel {
    /** Operations about no trail in particular, also when they name some. */
    private static final Set<String> ON_EVERYTHING =
            Set.of("DescribeTrails", "ListPublicKeys", "ListTrails", "LookupEvents");

    private static final List<String> MEMBERS = List.of("Name", "TrailName", "ResourceId");

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        String action = "cloudtrail:" + operation;
        if (ON_EVERYTHING.contains(operation)) {
            return List.of(AccessRequest.onEverything(action));
        }
        List<String> trails = new ArrayList<>(FieldPaths.texts(request, "ResourceIdList"));
        MEMBERS.forEach(member -> FieldPaths.text(request, member).ifPresent(trails::add));
        Map<String, List<String>> keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "TagsList", "Key", "Value"))
                .values();
        return trails.isEmpty()
                ? List.of(AccessRequest.onEverything(action).with(keys))
                : trails.stream()
                        .map(trail -> AccessRequest.on(action, arn(scope, trail))
                                .with(keys)
                                // To a trail of another account the operation answers that there is none.
                                .ownedBy(scope.account()))
                        .toList();
    }

    private static String arn(Scope scope, String nameOrArn) {
        return Arns.isArn(nameOrArn) ? nameOrArn : TrailName.arn(scope, nameOrArn);
    }
}

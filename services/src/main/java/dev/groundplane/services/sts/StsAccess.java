package dev.groundplane.services.sts;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;

/**
 * STS's actions and resources. Assuming a role is decided by {@link RoleSessions}. Source: Service Authorization Reference,
 * "AWS Security Token Service".
 */
final class StsAccess implements AccessModel {
    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        return switch (operation) {
            case "AssumeRole", "AssumeRoleWithWebIdentity" -> List.of();
            case "GetFederationToken" -> {
                String name = FieldPaths.text(request, "Name").orElse("");
                ConditionKeys keys = new ConditionKeys().requestTags(FieldPaths.pairs(request, "Tags", "Key", "Value"));
                String arn = "arn:aws:sts::%s:federated-user/%s".formatted(scope.account(), name);
                yield List.of(AccessRequest.on("sts:" + operation, arn).with(keys.values()));
            }
            default -> List.of(AccessRequest.onEverything("sts:" + operation));
        };
    }
}

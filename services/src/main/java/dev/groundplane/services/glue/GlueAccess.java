package dev.groundplane.services.glue;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.wire.FieldPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.glue.model.CreateConnectionRequest;

/**
 * Glue's actions and resources: an operation on a connection asks for its action on the catalog and the connection. Source: Service
 * Authorization Reference, "AWS Glue".
 */
final class GlueAccess implements AccessModel {
    private static final String PREFIX = "glue:";

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        List<String> resources = new ArrayList<>();
        if (operation.endsWith("Integration") || operation.endsWith("Integrations")) {
            resources.add(FieldPaths.text(request, "IntegrationIdentifier")
                    .filter(name -> !name.isEmpty())
                    .map(name -> name.startsWith("arn:")
                            ? name
                            : IntegrationStore.arn(GlueIntegrations.SERVICE, scope, name))
                    .orElseGet(() -> IntegrationStore.arn(GlueIntegrations.SERVICE, scope, "*")));
            FieldPaths.text(request, "SourceArn").ifPresent(resources::add);
        } else if (operation.contains("Connection")) {
            resources.add(scope.arn("glue", "catalog"));
            resources.add(ConnectionStore.arn(scope, connection(request).orElse("*")));
        } else {
            resources.add("*");
        }
        return Stream.concat(
                        resources.stream().map(resource -> AccessRequest.on(PREFIX + operation, resource)),
                        // A warehouse is written to.
                        FieldPaths.text(request, "TargetArn").stream()
                                .map(target -> AccessRequest.on("redshift:CreateInboundIntegration", target)))
                .toList();
    }

    private static Optional<String> connection(SdkPojo request) {
        if (request instanceof CreateConnectionRequest creation && creation.connectionInput() != null) {
            return Optional.ofNullable(creation.connectionInput().name());
        }
        return FieldPaths.text(request, "Name").or(() -> FieldPaths.text(request, "ConnectionName"));
    }
}

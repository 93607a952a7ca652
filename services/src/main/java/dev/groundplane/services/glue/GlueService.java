package dev.groundplane.services.glue;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.CreateConnectionRequest;
import software.amazon.awssdk.services.glue.model.CreateConnectionResponse;
import software.amazon.awssdk.services.glue.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.glue.model.CreateIntegrationResponse;
import software.amazon.awssdk.services.glue.model.DeleteConnectionRequest;
import software.amazon.awssdk.services.glue.model.DeleteConnectionResponse;
import software.amazon.awssdk.services.glue.model.DeleteIntegrationRequest;
import software.amazon.awssdk.services.glue.model.DeleteIntegrationResponse;
import software.amazon.awssdk.services.glue.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.glue.model.DescribeIntegrationsResponse;
import software.amazon.awssdk.services.glue.model.GetConnectionRequest;
import software.amazon.awssdk.services.glue.model.GetConnectionResponse;
import software.amazon.awssdk.services.glue.model.GetConnectionsRequest;
import software.amazon.awssdk.services.glue.model.GetConnectionsResponse;
import software.amazon.awssdk.services.glue.model.ModifyIntegrationRequest;
import software.amazon.awssdk.services.glue.model.ModifyIntegrationResponse;
import software.amazon.awssdk.services.glue.model.TestConnectionRequest;
import software.amazon.awssdk.services.glue.model.TestConnectionResponse;
import software.amazon.awssdk.services.glue.model.UpdateConnectionRequest;
import software.amazon.awssdk.services.glue.model.UpdateConnectionResponse;

/**
 * Glue for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/glue/latest/webapi/Welcome.html">API reference</a>. An operation that changes something may be
 * called once.
 */
public final class GlueService implements GlueClient {
    private final Call call;
    private final Connections connections;
    private final GlueIntegrations integrations;

    GlueService(Call call, Connections connections, GlueIntegrations integrations) {
        this.call = call;
        this.connections = connections;
        this.integrations = integrations;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public CreateConnectionResponse createConnection(CreateConnectionRequest request) {
        return connections.create(call, request);
    }

    @Override
    public GetConnectionResponse getConnection(GetConnectionRequest request) {
        return connections.get(call, request);
    }

    @Override
    public GetConnectionsResponse getConnections(GetConnectionsRequest request) {
        return connections.list(call, request);
    }

    @Override
    public UpdateConnectionResponse updateConnection(UpdateConnectionRequest request) {
        return connections.update(call, request);
    }

    @Override
    public DeleteConnectionResponse deleteConnection(DeleteConnectionRequest request) {
        return connections.delete(call, request);
    }

    @Override
    public TestConnectionResponse testConnection(TestConnectionRequest request) {
        return connections.test(call, request);
    }

    @Override
    public CreateIntegrationResponse createIntegration(CreateIntegrationRequest request) {
        return integrations.create(call, request);
    }

    @Override
    public DescribeIntegrationsResponse describeIntegrations(DescribeIntegrationsRequest request) {
        return integrations.describe(call, request);
    }

    @Override
    public ModifyIntegrationResponse modifyIntegration(ModifyIntegrationRequest request) {
        return integrations.modify(call, request);
    }

    @Override
    public DeleteIntegrationResponse deleteIntegration(DeleteIntegrationRequest request) {
        return integrations.delete(call, request);
    }
}

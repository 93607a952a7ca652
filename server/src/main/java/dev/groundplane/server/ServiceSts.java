package dev.groundplane.server;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.services.sts.Sts;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;

/** STS as a service calls it, on its own behalf: gets it the credentials of roles that trust it. */
final class ServiceSts implements StsClient {
    private final ServiceCalls calls;
    private final Sts sts;
    private final String principal;
    private final Scope scope;

    /** @param principal for example {@code ecs-tasks.amazonaws.com} */
    ServiceSts(ServiceCalls calls, Sts sts, String principal, Scope scope) {
        this.calls = calls;
        this.sts = sts;
        this.principal = principal;
        this.scope = scope;
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        return calls.make(
                principal,
                scope,
                "sts:AssumeRole",
                request,
                call -> sts.client(call).assumeRole(request));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}

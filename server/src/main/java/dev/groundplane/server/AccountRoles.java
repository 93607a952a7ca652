package dev.groundplane.server;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.services.iam.Iam;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;

/** What Organizations has IAM make in a new account. Thread-safe. */
final class AccountRoles {
    private static final Logger LOG = LoggerFactory.getLogger(AccountRoles.class);
    private static final String ORGANIZATIONS = "organizations.amazonaws.com";

    private final ServiceCalls calls;
    private final Iam iam;

    AccountRoles(ServiceCalls calls, Iam iam) {
        this.calls = calls;
        this.iam = iam;
    }

    /** A new account's roles. Each is there after it was asked for, also when it was before. */
    void prepare(String account, String role, String managementAccount) {
        iam.ensureBuiltInRoles(account);
        Scope scope = new Scope(account, "us-east-1");
        CreateRoleRequest creation = CreateRoleRequest.builder()
                .roleName(role)
                .assumeRolePolicyDocument("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
                        "Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}""".formatted(managementAccount))
                .build();
        try {
            calls.make(
                    ORGANIZATIONS,
                    scope,
                    "iam:CreateRole",
                    creation,
                    call -> iam.client(call).createRole(creation));
        } catch (EntityAlreadyExistsException e) {
            LOG.info("account {} has its role {} already", account, role);
        }
        AttachRolePolicyRequest attachment = AttachRolePolicyRequest.builder()
                .roleName(role)
                .policyArn("arn:aws:iam::aws:policy/AdministratorAccess")
                .build();
        calls.make(
                ORGANIZATIONS,
                scope,
                "iam:AttachRolePolicy",
                attachment,
                call -> iam.client(call).attachRolePolicy(attachment));
    }
}

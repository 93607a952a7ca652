package dev.groundplane.services.iam;

import java.util.List;

/**
 * A role that every installation has and that no call changes: what it may do moves with the release.
 *
 * @param name the role's name
 * @param description for people
 * @param trustedService the service principal that may assume it
 * @param actions what its sessions may do
 */
record BuiltInRole(String name, String description, String trustedService, List<String> actions) {
    /** The role of container instances. */
    static final BuiltInRole INSTANCE = new BuiltInRole(
            "GroundplaneInstance",
            "What an agent may call; name it in create-activation",
            "ssm.amazonaws.com",
            List.of(
                    "ecs:RegisterContainerInstance",
                    "ecs:DiscoverPollEndpoint",
                    "ecs:Poll",
                    "ecs:SubmitTaskStateChange",
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "ssm:UpdateInstanceInformation"));

    String trustPolicy() {
        return """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}\
                """.formatted(trustedService);
    }

    String policy() {
        return """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["%s"],"Resource":"*"}]}\
                """.formatted(String.join("\",\"", actions));
    }

    static void refuseChange(EntityKind kind, String name) {
        if (kind == EntityKind.ROLE && IdentityStore.key(name).equals(IdentityStore.key(INSTANCE.name))) {
            throw IamErrors.builtIn(INSTANCE.name);
        }
    }
}

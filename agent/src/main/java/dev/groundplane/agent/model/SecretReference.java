package dev.groundplane.agent.model;

import org.jspecify.annotations.Nullable;

/**
 * A secret that becomes an environment variable of a container.
 *
 * @param name the variable's name
 * @param valueFrom the ARN or name of the secret or parameter; after a secret's ARN may follow
 *     {@code :json-key:version-stage:version-id}
 * @param provider {@code asm} for Secrets Manager, {@code ssm} for Parameter Store
 * @param region where it is; null means the agent's region
 */
public record SecretReference(
        String name,
        String valueFrom,
        String provider,
        @Nullable String region) {}

package dev.groundplane.agent.model;

import org.jspecify.annotations.Nullable;

/**
 * How the agent logs in to an image's registry.
 *
 * @param type {@code asm}: a secret of Secrets Manager holds {@code {"username": ..., "password": ...}}
 * @param asmAuthData which secret
 */
public record RegistryAuthentication(String type, @Nullable AsmAuthData asmAuthData) {

    /** The secret's ARN or name, and its region; null means the agent's. */
    public record AsmAuthData(
            String credentialsParameter, @Nullable String region) {}
}

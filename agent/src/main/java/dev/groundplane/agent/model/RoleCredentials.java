package dev.groundplane.agent.model;

import org.jspecify.annotations.Nullable;

/**
 * Temporary credentials of a role, as payloads and refresh messages carry them. They are kept in memory only: the control
 * plane sends them anew with each connection.
 *
 * @param credentialsId what containers ask for them by; secret, as whoever knows it gets the credentials
 * @param roleArn whose credentials they are
 * @param expiration when they end, in ISO 8601
 */
public record RoleCredentials(
        String credentialsId,
        @Nullable String roleArn,
        String accessKeyId,
        String secretAccessKey,
        String sessionToken,
        String expiration) {

    /** Keeps the secrets out of log lines. */
    @Override
    public String toString() {
        return "RoleCredentials[" + roleArn + ", until " + expiration + "]";
    }
}

package dev.groundplane.agent.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials of the host's role.
 *
 * @param credentials the keys and the session token
 * @param renewal from when on to ask for the next ones: at half of their life
 * @param expiration when they end
 * @param updateKeyPair whether the control plane asks for a new key of the host
 */
record RoleToken(AwsSessionCredentials credentials, Instant renewal, Instant expiration, boolean updateKeyPair) {
    static RoleToken of(JsonNode answer, Instant now) {
        var expiration =
                Instant.ofEpochMilli((long) (answer.path("TokenExpirationDate").asDouble() * 1_000));
        return new RoleToken(
                AwsSessionCredentials.create(
                        answer.path("AccessKeyId").asText(),
                        answer.path("SecretAccessKey").asText(),
                        answer.path("SessionToken").asText()),
                now.plus(Duration.between(now, expiration).dividedBy(2)),
                expiration,
                answer.path("UpdateKeyPair").asBoolean());
    }
}

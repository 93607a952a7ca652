package dev.groundplane.agent.secrets;

import dev.groundplane.agent.driver.StartFailure;
import org.jspecify.annotations.Nullable;

/**
 * A value in Secrets Manager as a task definition names it: {@code secret-arn[:json-key:version-stage:version-id]}, any of
 * the last three empty. Source: ECS Developer Guide, "Pass Secrets Manager secrets through environment variables".
 *
 * @param secretId the secret's ARN or name
 * @param jsonKey the member of the secret's JSON object that is meant; null means all of the secret
 * @param versionStage null means AWSCURRENT, unless there is an id
 * @param versionId null means the one with the label
 */
public record AsmReference(
        String secretId,
        @Nullable String jsonKey,
        @Nullable String versionStage,
        @Nullable String versionId) {
    private static final int ARN_PARTS = 7;
    private static final int ALL_PARTS = 10;

    /** All of a secret's current version. */
    public static AsmReference whole(String secretId) {
        return new AsmReference(secretId, null, null, null);
    }

    /** Reads a task definition's {@code valueFrom}. */
    public static AsmReference parse(String valueFrom) throws StartFailure {
        var parts = valueFrom.split(":", -1);
        if (!valueFrom.startsWith("arn:") || parts.length == ARN_PARTS) {
            return whole(valueFrom);
        }
        if (parts.length != ALL_PARTS) {
            throw new StartFailure(
                    "valueFrom %s: a secret's ARN has %d parts, or %d with :json-key:version-stage:version-id after it"
                            .formatted(valueFrom, ARN_PARTS, ALL_PARTS));
        }
        var arn = valueFrom.substring(
                0, valueFrom.length() - parts[7].length() - parts[8].length() - parts[9].length() - 3);
        return new AsmReference(arn, orNull(parts[7]), orNull(parts[8]), orNull(parts[9]));
    }

    private static @Nullable String orNull(String part) {
        return part.isEmpty() ? null : part;
    }

    /** The same version of the secret, whichever of its members is meant. */
    public AsmReference withoutKey() {
        return new AsmReference(secretId, null, versionStage, versionId);
    }
}

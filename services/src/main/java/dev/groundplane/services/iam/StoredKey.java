package dev.groundplane.services.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import org.jspecify.annotations.Nullable;

/**
 * A long-term access key as it is stored.
 *
 * @param userId the user whose it is; null for the root's
 * @param userName likewise
 * @param status {@code Active} or {@code Inactive}; null is active
 * @param created seconds of Unix time; 0 for keys of the first release
 */
record StoredKey(
        String account,
        String accessKeyId,
        String secretAccessKey,
        @Nullable String userId,
        @Nullable String userName,
        @Nullable String status,
        long created) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String INACTIVE = "Inactive";

    boolean active() {
        return !INACTIVE.equals(status);
    }

    StoredKey withStatus(String other) {
        return new StoredKey(account, accessKeyId, secretAccessKey, userId, userName, other, created);
    }

    StoredKey of(String otherName) {
        return new StoredKey(account, accessKeyId, secretAccessKey, userId, otherName, status, created);
    }

    String encode() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    static StoredKey decode(String json) {
        try {
            return JSON.readValue(json, StoredKey.class);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored access key is damaged", e);
        }
    }

    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "StoredKey[" + accessKeyId + "]";
    }
}

package dev.groundplane.services.iam;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A long-term access key. Its secret is stored sealed.
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
    static final String TYPE = "iam:access-key";
    static final String INACTIVE = "Inactive";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The form in the store.
     *
     * @param secretAccessKey only in what was stored before secrets were sealed; see {@link AccessKeys#sealAll}
     * @param sealedSecret else
     */
    private record Row(
            String account,
            String accessKeyId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String secretAccessKey,

            @Nullable String sealedSecret,
            @Nullable String userId,
            @Nullable String userName,
            @Nullable String status,
            long created) {}

    boolean active() {
        return !INACTIVE.equals(status);
    }

    StoredKey withStatus(String other) {
        return new StoredKey(account, accessKeyId, secretAccessKey, userId, userName, other, created);
    }

    StoredKey of(String otherName) {
        return new StoredKey(account, accessKeyId, secretAccessKey, userId, otherName, status, created);
    }

    String encode(Encryption encryption) {
        String sealed = encryption.seal(TYPE, accessKeyId, secretAccessKey);
        try {
            return JSON.writeValueAsString(
                    new Row(account, accessKeyId, null, sealed, userId, userName, status, created));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    static StoredKey decode(String json, Encryption encryption) {
        try {
            Row row = JSON.readValue(json, Row.class);
            String secret = row.sealedSecret == null
                    ? Objects.requireNonNull(row.secretAccessKey)
                    : encryption.open(TYPE, row.accessKeyId, row.sealedSecret);
            return new StoredKey(
                    row.account, row.accessKeyId, secret, row.userId, row.userName, row.status, row.created);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored access key is damaged", e);
        } catch (SealedException e) {
            throw new GroundplaneException(
                    ErrorKind.INTERNAL_ERROR,
                    "the secret of a stored access key cannot be opened: " + e.getMessage(),
                    e);
        }
    }

    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "StoredKey[" + accessKeyId + "]";
    }
}

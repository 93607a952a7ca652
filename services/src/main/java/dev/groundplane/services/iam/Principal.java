package dev.groundplane.services.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Caller;

/**
 * A caller and the secret that its signatures are checked with.
 *
 * @param caller who it is
 * @param secretAccessKey leaves the process only towards the one whose key it is
 */
public record Principal(Caller caller, String secretAccessKey) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The stored form; the key is the root's of its account. */
    private record Key(String account, String accessKeyId, String secretAccessKey) {}

    String encode() {
        try {
            return JSON.writeValueAsString(new Key(caller.account(), caller.accessKeyId(), secretAccessKey));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    static Principal decode(String json) {
        try {
            Key key = JSON.readValue(json, Key.class);
            return new Principal(Caller.root(key.account(), key.accessKeyId()), key.secretAccessKey());
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored principal is damaged", e);
        }
    }

    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "Principal[" + caller.arn() + "]";
    }
}

package dev.groundplane.services.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Caller;
import java.util.List;

/**
 * A caller, the secret that its signatures are checked with, and what it may do.
 *
 * @param caller who it is
 * @param secretAccessKey never leaves this package but for the signature check
 * @param allowedActions actions such as {@code ecs:RunTask}; {@code *} at the end stands for anything
 */
public record Principal(Caller caller, String secretAccessKey, List<String> allowedActions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String encode() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    static Principal decode(String json) {
        try {
            return JSON.readValue(json, Principal.class);
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

package dev.groundplane.agent.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An answer of the endpoint.
 *
 * @param status the HTTP status
 * @param body becomes the JSON body
 */
record Answer(int status, Object body) {
    static final int OK = 200;
    static final int NOT_FOUND = 404;

    /** The ECS agent's form of errors about credentials. */
    record Fault(
            String code,
            String message,
            @JsonProperty("HTTPErrorCode") int status) {}

    static Answer fault(int status, String code, String message) {
        return new Answer(status, new Fault(code, message, status));
    }
}

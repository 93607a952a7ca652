package dev.groundplane.services.glue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** What a secret has for a database. */
record SourceCredentials(String user, String password) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a secret.
     *
     * @throws IllegalArgumentException when it has no user and password; its content is not told
     */
    static SourceCredentials of(GetSecretValueResponse secret) {
        JsonNode content = read(secret.secretString());
        String user = content.path("username").asText("");
        String password = content.path("password").asText("");
        if (user.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException(
                    "Secret %s must be a JSON object with username and password.".formatted(secret.arn()));
        }
        return new SourceCredentials(user, password);
    }

    private static JsonNode read(@Nullable String content) {
        try {
            return JSON.readTree(content == null ? "" : content);
        } catch (JsonProcessingException e) { // which shows the content
            return JSON.createObjectNode();
        }
    }

    /** Keeps the password out of log lines. */
    @Override
    public String toString() {
        return "SourceCredentials[" + user + "]";
    }
}

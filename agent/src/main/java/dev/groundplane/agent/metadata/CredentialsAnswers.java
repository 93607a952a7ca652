package dev.groundplane.agent.metadata;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.groundplane.agent.model.RoleCredentials;

/**
 * Answers {@code /v2/credentials/ID}. Source: Amazon ECS agent, tmds/handlers/v1/credentials_handler.go, and the SDKs' container
 * credentials providers. Thread safe.
 */
final class CredentialsAnswers {
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    private final EndpointIds ids;
    private final TaskViews tasks;
    private final RoleCredentialsStore store;

    CredentialsAnswers(EndpointIds ids, TaskViews tasks, RoleCredentialsStore store) {
        this.ids = ids;
        this.tasks = tasks;
        this.store = store;
    }

    /** The form that SDKs read. */
    private record Document(
            @JsonProperty("RoleArn") String roleArn,
            @JsonProperty("AccessKeyId") String accessKeyId,
            @JsonProperty("SecretAccessKey") String secretAccessKey,
            @JsonProperty("Token") String token,
            @JsonProperty("Expiration") String expiration) {
        static Document of(RoleCredentials role) {
            return new Document(
                    role.roleArn() == null ? "" : role.roleArn(),
                    role.accessKeyId(),
                    role.secretAccessKey(),
                    role.sessionToken(),
                    role.expiration());
        }
    }

    Answer answer(String id) {
        if (id.isEmpty()) {
            return Answer.fault(BAD_REQUEST, "NoIdInRequest", "CredentialsV2Request: No Credential ID in the request");
        }
        var task = tasks.find(EndpointIds.taskId(id))
                .map(view -> view.spec())
                .filter(spec -> EndpointIds.same(id, ids.credentials(spec.arn())))
                .filter(spec -> spec.taskRoleArn() != null);
        if (task.isEmpty()) {
            return Answer.fault(BAD_REQUEST, "InvalidIdInRequest", "CredentialsV2Request: Credentials not found");
        }
        // After a restart of the agent they come with its next connection; SDKs try again when told 503.
        return store.taskRole(task.get().arn())
                .map(role -> new Answer(Answer.OK, Document.of(role)))
                .orElseGet(() -> Answer.fault(
                        UNAVAILABLE,
                        "CredentialsUninitialized",
                        "CredentialsV2Request: Credentials uninitialized for ID"));
    }
}

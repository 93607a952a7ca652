package dev.groundplane.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.metadata.RoleCredentialsStore.Use;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CredentialsEndpointTest {
    @TempDir
    Path data;

    private EndpointScenario scenario;

    @BeforeEach
    void begin() throws IOException {
        scenario = new EndpointScenario(data);
    }

    @AfterEach
    void end() {
        scenario.close();
    }

    @Test
    void credentialsHaveTheFormThatSdksRead() throws Exception {
        scenario.runTaskWithRole();
        var reply = scenario.get(scenario.credentialsUri().toString());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().toString())
                .isEqualTo("{\"RoleArn\":\"" + EndpointScenario.ROLE
                        + "\",\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"secret\",\"Token\":\"token\","
                        + "\"Expiration\":\"2099-01-01T00:00:00Z\"}");
    }

    @Test
    void renewedCredentialsReplaceTheOldOnes() throws Exception {
        scenario.runTaskWithRole();
        scenario.credentials.put(EndpointScenario.ARN, Use.TASK, EndpointScenario.credentials("ASIA2"));
        var reply = scenario.get(scenario.credentialsUri().toString());
        assertThat(reply.body().path("AccessKeyId").asText()).isEqualTo("ASIA2");
    }

    @Test
    void unknownIdsAreRefusedInTheEcsAgentsForm() throws Exception {
        scenario.runTaskWithRole();
        var right = scenario.credentialsUri().toString();
        var wrong = right.substring(0, right.length() - 1) + (right.endsWith("0") ? "1" : "0");
        var metadata = right.substring(0, right.lastIndexOf('/')) + "/"
                + scenario.endpoint.ids().container(EndpointScenario.ARN, "main");
        for (var uri : List.of(wrong, metadata, right.replace("0123456789abcdef", "other"), right + "/")) {
            var reply = scenario.get(uri);
            assertThat(reply.status()).as(uri).isEqualTo(400);
            assertThat(reply.body().toString())
                    .isEqualTo("{\"code\":\"InvalidIdInRequest\",\"message\":\"CredentialsV2Request: Credentials not"
                            + " found\",\"HTTPErrorCode\":400}");
        }
        assertThat(scenario.get(scenario.endpoint.forHost() + "/v2/credentials/")
                        .body()
                        .path("code")
                        .asText())
                .isEqualTo("NoIdInRequest");
    }

    @Test
    void aTaskWithoutRoleHasNoCredentials() throws Exception {
        var spec = EndpointScenario.spec("");
        scenario.tasks.put(spec.taskId(), EndpointScenario.running(spec));
        assertThat(scenario.get(scenario.credentialsUri().toString()).status()).isEqualTo(400);
    }

    @Test
    void aRestartedAgentHasTheSamePlaceAndAsksForPatienceUntilCredentialsCome() throws Exception {
        scenario.runTaskWithRole();
        var credentials = scenario.credentialsUri().toString();
        var metadata = scenario.metadataUri();
        scenario.restart();
        var waiting = scenario.get(credentials);
        assertThat(waiting.status()).isEqualTo(503);
        assertThat(waiting.body().path("code").asText()).isEqualTo("CredentialsUninitialized");
        assertThat(scenario.get(metadata).status()).isEqualTo(200);
        scenario.credentials.accept(EndpointScenario.spec(", \"roleCredentials\": " + EndpointScenario.role("ASIA3")));
        assertThat(scenario.get(credentials).body().path("AccessKeyId").asText())
                .isEqualTo("ASIA3");
    }

    @Test
    void aTaskThatIsOverLosesItsCredentials() throws Exception {
        scenario.runTaskWithRole();
        scenario.credentials.retain(Set.of(EndpointScenario.ARN));
        assertThat(scenario.credentials.taskRole(EndpointScenario.ARN)).isPresent();
        scenario.credentials.retain(Set.of("arn:another"));
        assertThat(scenario.credentials.taskRole(EndpointScenario.ARN)).isEmpty();
        scenario.tasks.clear();
        assertThat(scenario.get(scenario.credentialsUri().toString()).status()).isEqualTo(400);
    }

    @Test
    void whenSomebodyHasThePortAnotherOneIsChosenAndKept() throws Exception {
        var first = scenario.endpoint.port();
        scenario.endpoint.close();
        try (var other = new ServerSocket(first, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            scenario.restart();
            assertThat(scenario.endpoint.port()).isNotEqualTo(other.getLocalPort());
        }
        var second = scenario.endpoint.port();
        scenario.restart();
        assertThat(scenario.endpoint.port()).isEqualTo(second);
    }

    @Test
    void executionRolesAreForTheAgentOnly() throws Exception {
        var spec = EndpointScenario.spec(", \"executionRoleCredentials\": " + EndpointScenario.role("ASIA4"));
        scenario.credentials.accept(spec);
        scenario.tasks.put(spec.taskId(), EndpointScenario.running(spec.withoutCredentials()));
        assertThat(scenario.credentials
                        .executionRole(spec.withoutCredentials())
                        .orElseThrow()
                        .accessKeyId())
                .isEqualTo("ASIA4");
        assertThat(scenario.get(scenario.credentialsUri().toString()).status()).isEqualTo(400);
    }

    @Test
    void whatIsWrittenDownNamesTheRoleAndNoSecret() throws Exception {
        var spec = EndpointScenario.spec(", \"roleCredentials\": " + EndpointScenario.role("ASIA5"))
                .withoutCredentials();
        assertThat(spec.taskRoleArn()).isEqualTo(EndpointScenario.ROLE);
        assertThat(spec.executionRoleArn()).isNull();
        assertThat(Json.MAPPER.writeValueAsString(spec)).doesNotContain("ASIA5", "secretAccessKey", "sessionToken");
    }

    @Test
    void aDamagedKeyIsNamed() throws Exception {
        Files.writeString(data.resolve("metadata.key"), "short");
        assertThatThrownBy(() -> EndpointIds.open(data.resolve("metadata.key")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("metadata.key has 5 bytes instead of 32");
    }
}

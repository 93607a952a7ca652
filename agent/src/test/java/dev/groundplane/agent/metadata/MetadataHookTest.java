package dev.groundplane.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import dev.groundplane.agent.metadata.MetadataHook.Surroundings;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataHookTest {
    private static final String CREDENTIALS = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final String ENDPOINT = "AWS_ENDPOINT_URL";

    @TempDir
    Path data;

    private MetadataEndpoint endpoint;

    @BeforeEach
    void begin() throws IOException {
        endpoint = MetadataEndpoint.open(data, Optional.empty());
    }

    @AfterEach
    void end() {
        endpoint.close();
    }

    private Map<String, String> environment(TaskSpec task, ContainerSpec container, Map<String, String> own) {
        var program = new Program(List.of(), List.of("true"), own, null, null, false);
        var request = LaunchRequest.of(task.taskId(), container.name(), new Image(container.image(), null), program);
        var surroundings =
                new Surroundings("eu-west-1", () -> Optional.of(URI.create("http://127.0.0.1:4566")), Optional.empty());
        return new MetadataHook(endpoint, surroundings, task, container)
                .beforeStart(request)
                .program()
                .environment();
    }

    private Map<String, String> withRole(Map<String, String> own) throws IOException {
        var task = EndpointScenario.spec(", \"roleCredentials\": " + EndpointScenario.role("ASIA1"))
                .withoutCredentials();
        return environment(task, task.containers().getFirst(), own);
    }

    @Test
    void aTaskWithARoleIsToldEverythingThatSdksLookFor() throws Exception {
        var base = "http://127.0.0.1:" + endpoint.port();
        var arn = EndpointScenario.ARN;
        assertThat(withRole(Map.of()))
                .isEqualTo(Map.of(
                        "AWS_EXECUTION_ENV",
                        "AWS_ECS_EXTERNAL",
                        "AWS_REGION",
                        "eu-west-1",
                        "AWS_DEFAULT_REGION",
                        "eu-west-1",
                        "ECS_CONTAINER_METADATA_URI_V4",
                        base + "/v4/" + endpoint.ids().container(arn, "main"),
                        "ECS_AGENT_URI",
                        base + "/api/" + endpoint.ids().container(arn, "main"),
                        CREDENTIALS,
                        base + "/v2/credentials/" + endpoint.ids().credentials(arn),
                        ENDPOINT,
                        "http://127.0.0.1:4566"));
    }

    @Test
    void aTaskWithoutRoleIsSentNowhere() throws Exception {
        var task = EndpointScenario.spec("");
        assertThat(environment(task, task.containers().getFirst(), Map.of()))
                .containsKey("ECS_CONTAINER_METADATA_URI_V4")
                .doesNotContainKeys(CREDENTIALS, ENDPOINT);
    }

    @Test
    void whatTheUserSetStays() throws Exception {
        assertThat(withRole(Map.of(ENDPOINT, "https://own", "AWS_DEFAULT_REGION", "eu-central-1")))
                .containsEntry(ENDPOINT, "https://own")
                .containsEntry("AWS_DEFAULT_REGION", "eu-central-1")
                .doesNotContainKey("AWS_REGION");
        assertThat(withRole(Map.of("AWS_ACCESS_KEY_ID", "AKIA"))).doesNotContainKey(ENDPOINT);
        assertThat(withRole(Map.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/own")))
                .doesNotContainKey(CREDENTIALS);
    }

    @Test
    void aContainerThatCannotReachTheEndpointIsNotSentThere() throws Exception {
        var task = EndpointScenario.spec(", \"roleCredentials\": " + EndpointScenario.role("ASIA1"));
        var image = Json.MAPPER.readValue("{\"name\": \"own\", \"image\": \"alpine\"}", ContainerSpec.class);
        assertThat(environment(task, image, Map.of()))
                .doesNotContainKeys(CREDENTIALS, "ECS_CONTAINER_METADATA_URI_V4", "ECS_AGENT_URI");
    }

    @Test
    void sdksTrustOnlySomeAddresses() {
        assertThat(LinkLocalAddress.of("169.254.170.2").address().getHostAddress())
                .isEqualTo("169.254.170.2");
        assertThatThrownBy(() -> LinkLocalAddress.of("10.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("169.254.170.2 and 169.254.170.23 only");
    }
}

package dev.groundplane.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MetadataEndpointTest {
    @TempDir
    Path data;

    private EndpointScenario scenario;

    @BeforeEach
    void begin() throws IOException {
        scenario = new EndpointScenario(data);
        scenario.runTaskWithRole();
    }

    @AfterEach
    void end() {
        scenario.close();
    }

    private static final String CONTAINER = """
            {"DockerId": "handle/main", "Name": "main", "Image": "host",
             "Labels": {"com.amazonaws.ecs.cluster": "default", "com.amazonaws.ecs.container-name": "main",
               "com.amazonaws.ecs.task-arn": "%s", "com.amazonaws.ecs.task-definition-family": "daily",
               "com.amazonaws.ecs.task-definition-version": "7"},
             "DesiredStatus": "RUNNING", "KnownStatus": "RUNNING", "Limits": {"CPU": 128.0, "Memory": 256},
             "StartedAt": "2026-01-02T03:04:05Z", "Type": "NORMAL",
             "LogDriver": "awslogs", "LogOptions": {"awslogs-group": "g"}, "ContainerARN": "arn:container/main",
             "Ports": [{"ContainerPort": 80, "Protocol": "tcp", "HostPort": 80, "HostIp": "0.0.0.0"}],
             "Networks": [{"NetworkMode": "host"}]}
            """.formatted(EndpointScenario.ARN);

    @Test
    void aContainerHasEcsFieldNames() throws Exception {
        assertThat(scenario.get(scenario.metadataUri()).body().toString())
                .isEqualTo(Json.MAPPER.readTree(CONTAINER).toString());
    }

    @Test
    void aTaskListsTheContainersThatExist() throws Exception {
        assertThat(scenario.get(scenario.metadataUri() + "/task").body().toString())
                .isEqualTo(Json.MAPPER
                        .readTree("""
                        {"Cluster": "default", "TaskARN": "%s", "Family": "daily", "Revision": "7",
                         "DesiredStatus": "RUNNING", "KnownStatus": "NONE", "Limits": {"CPU": 0.25, "Memory": 512},
                         "LaunchType": "EXTERNAL", "Containers": [%s]}
                        """.formatted(EndpointScenario.ARN, CONTAINER))
                        .toString());
    }

    @Test
    void withoutACgroupOfItsOwnAContainerHasNoStats() throws Exception {
        assertThat(scenario.get(scenario.metadataUri() + "/stats").body().toString())
                .isEqualTo("{}");
        scenario.process = OptionalLong.of(ProcessHandle.current().pid());
        assertThat(scenario.get(scenario.metadataUri() + "/stats").body().toString())
                .isEqualTo("{}");
        assertThat(scenario.get(scenario.metadataUri() + "/task/stats").body().toString())
                .isEqualTo("{\"handle/main\":{}}");
    }

    @Test
    void unknownIdsAreNotFound() throws Exception {
        var unknown = scenario.get(scenario.endpoint.forHost() + "/v4/0123456789abcdef-00/task");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body().asText())
                .isEqualTo(
                        "V4 task metadata handler: unable to get task arn from request: unable to get task Arn from v3"
                                + " endpoint ID: 0123456789abcdef-00");
        assertThat(scenario.get(scenario.metadataUri() + "/nothing").status()).isEqualTo(404);
        assertThat(scenario.get(scenario.endpoint.forHost() + "/").status()).isEqualTo(404);
    }
}

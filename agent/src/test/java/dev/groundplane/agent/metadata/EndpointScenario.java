package dev.groundplane.agent.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection.Binding;
import dev.groundplane.agent.model.DesiredStatus;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.RoleCredentials;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.task.TaskView;
import dev.groundplane.agent.task.TaskView.ContainerView;
import dev.groundplane.agent.task.TaskView.Known;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Agents with an endpoint over one data directory, one after another, and a task in memory. */
final class EndpointScenario implements AutoCloseable {
    static final String ARN = "arn:aws:ecs:us-east-1:123456789012:task/default/0123456789abcdef";
    static final String ROLE = "arn:aws:iam::123456789012:role/reader";
    static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");

    final Map<String, TaskView> tasks = new ConcurrentHashMap<>();
    RoleCredentialsStore credentials = new RoleCredentialsStore();
    MetadataEndpoint endpoint;
    /** What stands for the container. */
    OptionalLong process = OptionalLong.empty();

    private final Path data;
    private final Optional<LinkLocalAddress> linkLocal;
    private final HttpClient client = HttpClient.newHttpClient();

    EndpointScenario(Path data) throws IOException {
        this(data, Optional.empty());
    }

    EndpointScenario(Path data, Optional<LinkLocalAddress> linkLocal) throws IOException {
        this.data = data;
        this.linkLocal = linkLocal;
        open();
    }

    private void open() throws IOException {
        endpoint = MetadataEndpoint.open(data, linkLocal);
        endpoint.serve(
                id -> Optional.ofNullable(tasks.get(id)),
                credentials,
                new ContainerStats(handle -> process, InstantSource.fixed(STARTED)));
    }

    /** The agent process ends and a new one begins, which has no credentials yet. */
    void restart() throws IOException {
        endpoint.close();
        credentials = new RoleCredentialsStore();
        open();
    }

    static TaskSpec spec(String more) throws IOException {
        return Json.MAPPER.readValue("""
                {"arn": "%s", "family": "daily", "version": "7", "desiredStatus": "RUNNING", "cpu": 0.25, "memory": 512,
                 "containers": [{"name": "main", "image": "host", "cpu": 128, "memory": 256, "containerArn": "arn:container/main",
                   "portMappings": [{"containerPort": 80, "hostPort": 80}],
                   "dockerConfig": {"hostConfig": "{\\"LogConfig\\": {\\"Type\\": \\"awslogs\\", \\"Config\\": {\\"awslogs-group\\": \\"g\\"}}}"}},
                   {"name": "later", "image": "host"}] %s}
                """.formatted(ARN, more), TaskSpec.class);
    }

    static String role(String key) {
        return """
                {"credentialsId": "c", "roleArn": "%s", "accessKeyId": "%s", "secretAccessKey": "secret",
                 "sessionToken": "token", "expiration": "2099-01-01T00:00:00Z"}""".formatted(ROLE, key);
    }

    static RoleCredentials credentials(String key) throws IOException {
        return Json.MAPPER.readValue(role(key), RoleCredentials.class);
    }

    /** A task whose first container runs. */
    static TaskView running(TaskSpec spec) {
        var main = new ContainerView(
                spec.containers().getFirst(),
                Known.RUNNING,
                new DriverHandle("host", 1, "handle/main"),
                null,
                STARTED,
                0,
                null,
                List.of(new Binding("0.0.0.0", 80, 80, "tcp")),
                null);
        var later =
                new ContainerView(spec.containers().getLast(), Known.NONE, null, null, null, 0, null, List.of(), null);
        return new TaskView(spec, DesiredStatus.RUNNING, Known.NONE, null, List.of(main, later));
    }

    /** The task arrives with credentials and its first container runs. */
    void runTaskWithRole() throws IOException {
        var spec = spec(", \"roleCredentials\": " + role("ASIA1"));
        credentials.accept(spec);
        tasks.put(spec.taskId(), running(spec.withoutCredentials()));
    }

    URI credentialsUri() {
        return URI.create(
                endpoint.forHost() + "/v2/credentials/" + endpoint.ids().credentials(ARN));
    }

    String metadataUri() {
        return endpoint.forHost() + "/v4/" + endpoint.ids().container(ARN, "main");
    }

    record Reply(int status, JsonNode body) {}

    Reply get(String uri) throws IOException, InterruptedException {
        var response =
                client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), Json.MAPPER.readTree(response.body()));
    }

    @Override
    public void close() {
        endpoint.close();
        client.close();
    }
}

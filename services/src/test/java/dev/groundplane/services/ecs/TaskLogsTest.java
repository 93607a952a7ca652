package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class TaskLogsTest {
    private EcsFixture ecs;
    private String instance;
    private String id;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        instance = ecs.connected("mi-1", 1_000, 1_000).containerInstanceArn();
        ecs.client()
                .registerTaskDefinition(r -> r.family("etl")
                        .containerDefinitions(
                                c -> c.name("main")
                                        .image("host")
                                        .memory(10)
                                        .logConfiguration(l -> l.logDriver("awslogs")
                                                .options(Map.of(
                                                        "awslogs-group", "g",
                                                        "awslogs-region", "us-east-1",
                                                        "awslogs-stream-prefix", "p"))),
                                c -> c.name("silent").image("host").memory(10).essential(false)));
        id = EcsNames.taskId(ecs.run("etl").taskArn());
        ecs.register("mi-2", 1_000, 1_000);
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    private boolean areOf(String host, String group, String stream) {
        return ecs.ecs.taskLogs().areOf(EcsFixture.SCOPE, host, group, stream);
    }

    @Test
    void theLogOfATaskIsThatOfItsHost() {
        assertThat(areOf("mi-1", "g", "p/main/" + id)).isTrue();
        assertThat(areOf("mi-2", "g", "p/main/" + id)).isFalse();
        assertThat(areOf("mi-3", "g", "p/main/" + id)).isFalse();
    }

    @Test
    void otherStreamsAreNobodys() {
        assertThat(areOf("mi-1", "other", "p/main/" + id)).isFalse();
        assertThat(areOf("mi-1", "g", "p/silent/" + id)).isFalse();
        assertThat(areOf("mi-1", "g", "q/main/" + id)).isFalse();
        assertThat(areOf("mi-1", "g", "p/main/0123456789abcdef0123456789abcdef"))
                .isFalse();
        assertThat(areOf("mi-1", "g", "")).isFalse();
    }

    @Test
    void whatRunsOnAfterADeregistrationByForceKeepsItsLog() {
        ecs.client()
                .deregisterContainerInstance(r -> r.containerInstance(instance).force(true));
        assertThat(areOf("mi-1", "g", "p/main/" + id)).isTrue();
    }
}

package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class TaskDefinitionRulesTest {
    @Test
    void aFullDefinitionPasses() {
        assertPasses(r -> r.networkMode(NetworkMode.BRIDGE)
                .requiresCompatibilities(Compatibility.EXTERNAL)
                .cpu("0.5 vCPU")
                .memory("1 GB")
                .volumes(v -> v.name("data").host(h -> h.sourcePath("/data")))
                .containerDefinitions(
                        container("init").essential(false).build(),
                        container("main")
                                .memoryReservation(6)
                                .startTimeout(2)
                                .stopTimeout(120)
                                .dependsOn(d -> d.containerName("init").condition("SUCCESS"))
                                .portMappings(p -> p.containerPort(80).hostPort(8080))
                                .mountPoints(m -> m.sourceVolume("data").containerPath("/mnt"))
                                .logConfiguration(l -> l.logDriver(LogDriver.AWSLOGS)
                                        .options(Map.of("awslogs-group", "g", "awslogs-region", "us-east-1")))
                                .build()));
    }

    @Test
    void limitsAreInclusive() {
        assertPasses(r -> r.family("a".repeat(255)));
        assertPasses(r -> r.containerDefinitions(container("c")
                .memory(6)
                .memoryReservation(6)
                .startTimeout(120)
                .stopTimeout(0)
                .cpu(0)
                .build()));
        assertPasses(r ->
                r.memory("512").containerDefinitions(container("c").memory(null).build()));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                family(null, "Family 'null'"),
                family("a b", "'a b'"),
                family("a".repeat(256), "a".repeat(256)),
                request("FARGATE", r -> r.requiresCompatibilities(Compatibility.FARGATE)),
                request("awsvpc", r -> r.networkMode(NetworkMode.AWSVPC)),
                request("'lots'", r -> r.cpu("lots")),
                request("'some'", r -> r.memory("some")),
                request("Container list cannot be empty", r -> r.containerDefinitions(List.of())),
                request(
                        "'twin' is used twice",
                        r -> r.containerDefinitions(
                                container("twin").build(), container("twin").build())),
                request(
                        "at least one essential container",
                        r -> r.containerDefinitions(
                                container("c").essential(false).build())),
                request("pidMode", r -> r.pidMode("host")),
                refused("Container name 'null'", c -> c.name(null)),
                refused("Container name 'a/b'", c -> c.name("a/b")),
                refused("image", c -> c.image(null)),
                refused("image", c -> c.image("  ")),
                refused("At least one of 'memory' or 'memoryReservation'", c -> c.memory(null)),
                refused("memory must be at least 6, found 5", c -> c.memory(5)),
                refused("memoryReservation must be at least 6, found 5", c -> c.memoryReservation(5)),
                refused("'memoryReservation' 65 must not be above 'memory' 64", c -> c.memoryReservation(65)),
                refused("cpu must be at least 0, found -1", c -> c.cpu(-1)),
                refused("startTimeout must be from 2 to 120, found 1", c -> c.startTimeout(1)),
                refused("stopTimeout must be from 0 to 120, found 121", c -> c.stopTimeout(121)),
                refused("containerPort 0", c -> c.portMappings(p -> p.containerPort(0))),
                refused("containerPort null", c -> c.portMappings(p -> p.hostPort(80))),
                refused(
                        "hostPort 65536",
                        c -> c.portMappings(p -> p.containerPort(1).hostPort(65_536))),
                refused(
                        "hostPort -1",
                        c -> c.portMappings(p -> p.containerPort(1).hostPort(-1))),
                refused(
                        "hostPort 81 must be the containerPort 80",
                        c -> c.image("host")
                                .portMappings(p -> p.containerPort(80).hostPort(81))),
                refused(
                        "'nowhere'",
                        c -> c.mountPoints(m -> m.sourceVolume("nowhere").containerPath("/x"))),
                refused(
                        "splunk",
                        c -> c.logConfiguration(l -> l.logDriver("splunk").options(Map.of()))),
                refused(
                        "awslogs-multiline-pattern",
                        c -> c.logConfiguration(l -> l.logDriver("awslogs")
                                .options(Map.of("awslogs-group", "g", "awslogs-multiline-pattern", "x")))),
                refused(
                        "requires option awslogs-group",
                        c -> c.logConfiguration(l -> l.logDriver("awslogs").options(Map.of()))),
                refused(
                        "'ghost'",
                        c -> c.dependsOn(d -> d.containerName("ghost").condition("START"))),
                refused(
                        "depends on 'c'",
                        c -> c.dependsOn(d -> d.containerName("c").condition("START"))),
                refused("containerDefinitions[0].links", c -> c.links("other")),
                refused("healthCheck.command [true] must be", c -> c.healthCheck(h -> h.command("true"))),
                refused(
                        "healthCheck.interval must be from 5 to 300, found 4",
                        c -> c.healthCheck(h -> h.command("CMD", "true").interval(4))),
                refused("restartPolicy needs enabled", c -> c.restartPolicy(p -> p.restartAttemptPeriod(60))),
                refused(
                        "restartAttemptPeriod must be from 60 to 1800, found 59",
                        c -> c.restartPolicy(p -> p.enabled(true).restartAttemptPeriod(59))),
                refused("'executionRoleArn'", c -> c.secrets(s -> s.name("A").valueFrom("b"))),
                refused(
                        "'executionRoleArn'",
                        c -> c.environmentFiles(f -> f.type("s3").value("arn:aws:s3:::bank/desk.env"))),
                refused(
                        "the environment file 'arn:aws:s3:::bank/desk.txt' must be the ARN of an S3 object",
                        c -> c.environmentFiles(f -> f.type("s3").value("arn:aws:s3:::bank/desk.txt"))),
                refused("ulimit name 'files'", c -> c.ulimits(u -> u.name("files"))),
                refused(
                        "softLimit 20 of ulimit nofile must not be above its hardLimit 10",
                        c -> c.ulimits(u -> u.name("nofile").softLimit(20).hardLimit(10))),
                refused(
                        "hostname has no meaning for image host",
                        c -> c.image("host").hostname("other")),
                dependency("(COMPLETE) of 'other', which is essential", "COMPLETE"),
                dependency("'other' being HEALTHY", "HEALTHY"),
                dependency("'SOMETIME'", "SOMETIME"),
                dependency("no condition", null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalNamesTheValue(String named, RegisterTaskDefinitionRequest request) {
        assertThatThrownBy(() -> TaskDefinitionRules.check(request))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining(named);
    }

    @Test
    void aCircleOfDependenciesIsRefusedWithItsMembers() {
        RegisterTaskDefinitionRequest request = definition(r -> r.containerDefinitions(
                container("free").build(),
                container("a")
                        .dependsOn(d -> d.containerName("b").condition("START"))
                        .build(),
                container("b")
                        .dependsOn(d -> d.containerName("c").condition("START"))
                        .build(),
                container("c")
                        .dependsOn(d -> d.containerName("a").condition("START"))
                        .build()));

        assertThatThrownBy(() -> TaskDefinitionRules.check(request))
                .hasMessageContaining("a, b, c")
                .hasMessageNotContaining("free");
    }

    @Test
    void aMountMustBeAbsolute() {
        RegisterTaskDefinitionRequest request = definition(r -> r.volumes(v -> v.name("data"))
                .containerDefinitions(container("c")
                        .mountPoints(m -> m.sourceVolume("data").containerPath("relative/path"))
                        .build()));

        assertThatThrownBy(() -> TaskDefinitionRules.check(request)).hasMessageContaining("'relative/path'");
    }

    private static Arguments family(String family, String named) {
        return request(named, r -> r.family(family));
    }

    private static Arguments request(String named, Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        return Arguments.of(named, definition(change));
    }

    private static Arguments refused(String named, Consumer<ContainerDefinition.Builder> change) {
        ContainerDefinition.Builder container = container("c");
        change.accept(container);
        return request(named, r -> r.containerDefinitions(container.build()));
    }

    private static Arguments dependency(String named, String condition) {
        return request(
                named,
                r -> r.containerDefinitions(
                        container("other").build(),
                        container("c")
                                .dependsOn(d -> d.containerName("other").condition(condition))
                                .build()));
    }

    private static void assertPasses(Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        assertThatCode(() -> TaskDefinitionRules.check(definition(change))).doesNotThrowAnyException();
    }

    private static RegisterTaskDefinitionRequest definition(Consumer<RegisterTaskDefinitionRequest.Builder> change) {
        RegisterTaskDefinitionRequest.Builder definition = RegisterTaskDefinitionRequest.builder()
                .family("etl")
                .containerDefinitions(container("c").build());
        change.accept(definition);
        return definition.build();
    }

    private static ContainerDefinition.Builder container(String name) {
        return ContainerDefinition.builder().name(name).image("busybox").memory(64);
    }
}

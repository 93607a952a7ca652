package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class TaskLauncherTest {
    private EcsFixture ecs;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    @Test
    void aTaskStartsPendingOnTheHostThatTookIt() {
        ContainerInstance host = ecs.connected("mi-1", 1_000, 1_000);
        String definition = ecs.define("etl", 100, 200);
        Task task = ecs.client()
                .runTask(r -> r.taskDefinition("etl").startedBy("airflow").group("g"))
                .tasks()
                .getFirst();

        assertThat(task.lastStatus()).isEqualTo("PENDING");
        assertThat(task.desiredStatus()).isEqualTo("RUNNING");
        assertThat(task.taskDefinitionArn()).isEqualTo(definition);
        assertThat(task.containerInstanceArn()).isEqualTo(host.containerInstanceArn());
        assertThat(task.cpu()).isEqualTo("100");
        assertThat(task.memory()).isEqualTo("200");
        assertThat(task.createdAt()).isEqualTo(EcsFixture.START);
        assertThat(task.group()).isEqualTo("g");
        assertThat(task.launchTypeAsString()).isEqualTo("EXTERNAL");
        assertThat(task.containers()).extracting(c -> c.lastStatus()).containsExactly("PENDING");
        assertThat(ecs.task(task.taskArn())).isEqualTo(task);
        ContainerInstance after = ecs.instance(host.containerInstanceArn());
        assertThat(EcsFixture.remaining(after, "CPU")).isEqualTo(900);
        assertThat(EcsFixture.remaining(after, "MEMORY")).isEqualTo(800);
        assertThat(after.pendingTasksCount()).isEqualTo(1);
    }

    @Test
    void asManyAsFitAreStartedAndTheRestHasReasons() {
        ContainerInstance host = ecs.connected("mi-1", 1_000, 500);
        ecs.define("etl", 100, 200);
        RunTaskResponse response =
                ecs.client().runTask(r -> r.taskDefinition("etl").count(5));

        assertThat(response.tasks()).hasSize(2);
        assertThat(response.tasks()).extracting(Task::taskArn).doesNotHaveDuplicates();
        assertThat(response.failures())
                .containsExactly(Failure.builder()
                        .arn(host.containerInstanceArn())
                        .reason("RESOURCE:MEMORY")
                        .build());
        assertThat(ecs.client().listTasks(r -> {}).taskArns()).hasSize(2);
    }

    @Test
    void aHostWhoseAgentIsAwayTakesNothing() {
        ecs.register("mi-1", 1_000, 1_000);
        ecs.define("etl", 100, 200);

        assertThat(ecs.client().runTask(r -> r.taskDefinition("etl")).failures())
                .extracting(Failure::reason)
                .containsExactly("AGENT");
    }

    @Test
    void distinctInstancesTakeOneEach() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.connected("mi-2", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        RunTaskResponse response = ecs.client()
                .runTask(r -> r.taskDefinition("etl").count(3).placementConstraints(c -> c.type("distinctInstance")));

        assertThat(response.tasks())
                .extracting(Task::containerInstanceArn)
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(response.failures()).hasSize(2);
    }

    @Test
    void theSameTokenGetsTheSameTasks() {
        ContainerInstance host = ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        List<Task> first = ecs.client()
                .runTask(r -> r.taskDefinition("etl").count(2).clientToken("t"))
                .tasks();
        ecs.report(first.getFirst().taskArn(), "RUNNING");
        List<Task> again = ecs.client()
                .runTask(r -> r.taskDefinition("etl").count(2).clientToken("t"))
                .tasks();

        assertThat(again)
                .extracting(Task::taskArn)
                .isEqualTo(first.stream().map(Task::taskArn).toList());
        assertThat(again.getFirst().lastStatus()).isEqualTo("RUNNING");
        assertThat(ecs.client().listTasks(r -> {}).taskArns()).hasSize(2);
        assertThat(EcsFixture.remaining(ecs.instance(host.containerInstanceArn()), "MEMORY"))
                .isEqualTo(980);
    }

    @Test
    void theSameTokenForSomethingElseIsAConflict() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        Task task = ecs.client()
                .runTask(r -> r.taskDefinition("etl").clientToken("t"))
                .tasks()
                .getFirst();

        assertThatThrownBy(() -> ecs.client()
                        .runTask(r -> r.taskDefinition("etl").count(2).clientToken("t")))
                .isInstanceOfSatisfying(ConflictException.class, e -> {
                    assertThat(e).hasMessageContaining("'t'");
                    assertThat(e.resourceIds()).containsExactly(task.taskArn());
                });
        assertThat(ecs.client()
                        .runTask(r -> r.taskDefinition("etl").count(2).clientToken("u"))
                        .tasks())
                .hasSize(2);
    }

    @Test
    void aTokenThatPlacedNothingMayBeUsedAgain() {
        ecs.register("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        assertThat(ecs.client()
                        .runTask(r -> r.taskDefinition("etl").clientToken("t"))
                        .tasks())
                .isEmpty();
        ecs.connected("mi-2", 1_000, 1_000);

        assertThat(ecs.client()
                        .runTask(r -> r.taskDefinition("etl").clientToken("t"))
                        .tasks())
                .hasSize(1);
    }

    @Test
    void overridesAreLaidOverTheDefinition() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 100, 200);
        Task task = ecs.client()
                .runTask(r -> r.taskDefinition("etl")
                        .overrides(o -> o.containerOverrides(
                                c -> c.name("main").memory(300).command("echo"))))
                .tasks()
                .getFirst();

        assertThat(task.memory()).isEqualTo("300");
        assertThat(task.cpu()).isEqualTo("100");
        assertThat(ecs.client()
                        .runTask(r -> r.taskDefinition("etl")
                                .overrides(o -> o.cpu("0.25 vCPU").memory("0.5 GB")))
                        .tasks())
                .extracting(Task::cpu, Task::memory)
                .containsExactly(tuple("256", "512"));
        assertThatThrownBy(() -> ecs.client()
                        .runTask(r -> r.taskDefinition("etl")
                                .overrides(o -> o.containerOverrides(
                                        c -> c.name("ghost").memory(300)))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("ghost");
    }

    @Test
    void aNegativeOverrideIsRefused() {
        ContainerInstance host = ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 100, 200);

        assertThatThrownBy(() -> ecs.client()
                        .runTask(r -> r.taskDefinition("etl")
                                .overrides(o ->
                                        o.containerOverrides(c -> c.name("main").memory(-5_000)))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("-5000");
        assertThat(EcsFixture.remaining(ecs.instance(host.containerInstanceArn()), "MEMORY"))
                .isEqualTo(1_000);
    }

    @Test
    void tagsComeFromTheCallAndTheDefinitionWhereAskedFor() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.client()
                .registerTaskDefinition(r -> r.family("etl")
                        .tags(tag("team", "risk"), tag("env", "dev"))
                        .containerDefinitions(c -> c.name("main").image("host").memory(10)));

        assertThat(tagsOf(ecs.client().runTask(r -> r.taskDefinition("etl").tags(tag("env", "prod")))))
                .containsExactlyInAnyOrder(tag("env", "prod"));
        assertThat(tagsOf(ecs.client()
                        .runTask(r -> r.taskDefinition("etl")
                                .tags(tag("env", "prod"))
                                .propagateTags(PropagateTags.TASK_DEFINITION))))
                .containsExactlyInAnyOrder(tag("env", "prod"), tag("team", "risk"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 11})
    void aCountOutOfRangeIsRefused(int count) {
        assertThatThrownBy(
                        () -> ecs.client().runTask(r -> r.taskDefinition("etl").count(count)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("found " + count);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(() -> ecs.client().runTask(r -> r.taskDefinition("etl")))
                .isInstanceOf(ClusterNotFoundException.class);
        ecs.client().createCluster(c -> c.clusterName("empty"));
        ecs.define("etl", 1, 10);
        assertThatThrownBy(() -> ecs.client().runTask(r -> r.cluster("empty").taskDefinition("etl")))
                .hasMessage("No Container Instances were found in your cluster.");
        ecs.connected("mi-1", 1_000, 1_000);
        assertThatThrownBy(() -> ecs.client().runTask(r -> r.taskDefinition("ghost")))
                .isInstanceOf(ClientException.class)
                .hasMessage("TaskDefinition not found.");
        ecs.client().deregisterTaskDefinition(r -> r.taskDefinition("etl:1"));
        assertThatThrownBy(() -> ecs.client().runTask(r -> r.taskDefinition("etl:1")))
                .hasMessage("TaskDefinition is inactive");
        assertThatThrownBy(
                        () -> ecs.client().runTask(r -> r.taskDefinition("etl").launchType("FARGATE")))
                .hasMessageContaining("FARGATE");
        assertThatThrownBy(
                        () -> ecs.client().runTask(r -> r.taskDefinition("etl").enableExecuteCommand(true)))
                .hasMessageContaining("enableExecuteCommand");
    }

    @Test
    void startTaskStartsOnTheInstancesItNames() {
        ContainerInstance one = ecs.connected("mi-1", 1_000, 1_000);
        ContainerInstance two = ecs.connected("mi-2", 1_000, 5);
        ecs.define("etl", 1, 10);
        String ghost = EcsFixture.SCOPE.arn("ecs", "container-instance/default/ghost");
        StartTaskResponse response = ecs.client()
                .startTask(r -> r.taskDefinition("etl")
                        .containerInstances(
                                one.containerInstanceArn(),
                                two.containerInstanceArn(),
                                "ghost",
                                one.containerInstanceArn()));

        assertThat(response.tasks())
                .extracting(Task::containerInstanceArn)
                .containsExactly(one.containerInstanceArn(), one.containerInstanceArn());
        assertThat(response.failures())
                .extracting(Failure::arn, Failure::reason)
                .containsExactly(tuple(two.containerInstanceArn(), "RESOURCE:MEMORY"), tuple(ghost, "MISSING"));
        assertThat(EcsFixture.remaining(ecs.instance(one.containerInstanceArn()), "MEMORY"))
                .isEqualTo(980);
        assertThatThrownBy(() -> ecs.client().startTask(r -> r.taskDefinition("etl")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void stoppingIsIdempotentAndKeepsTheFirstReason() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        String arn = ecs.run("etl").taskArn();
        Task stopping = ecs.client().stopTask(r -> r.task(arn).reason("enough")).task();
        ecs.pass(Duration.ofSeconds(5));

        assertThat(stopping.desiredStatus()).isEqualTo("STOPPED");
        assertThat(stopping.lastStatus()).isEqualTo("PENDING");
        assertThat(stopping.stopCodeAsString()).isEqualTo("UserInitiated");
        assertThat(stopping.stoppedReason()).isEqualTo("enough");
        assertThat(stopping.stoppingAt()).isEqualTo(EcsFixture.START);
        assertThat(ecs.client().stopTask(r -> r.task(arn).reason("other")).task())
                .isEqualTo(stopping);
        ecs.report(arn, "STOPPED");
        Task stopped = ecs.task(arn);
        assertThat(stopped.stoppedReason()).isEqualTo("enough");
        assertThat(ecs.client().stopTask(r -> r.task(arn)).task()).isEqualTo(stopped);
        assertThatThrownBy(() -> ecs.client().stopTask(r -> r.task("ghost")))
                .hasMessage("The referenced task was not found.");
        assertThatThrownBy(() -> ecs.client().stopTask(r -> {})).hasMessage("Task can not be blank.");
    }

    private static List<Tag> tagsOf(RunTaskResponse response) {
        return response.tasks().getFirst().tags();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void placementStrategiesAreFollowed() {
        ContainerInstance small = ecs.connected("mi-1", 1_000, 100);
        ecs.connected("mi-2", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        RunTaskResponse response = ecs.client()
                .runTask(r -> r.taskDefinition("etl")
                        .count(3)
                        .placementStrategy(s -> s.type("binpack").field("memory")));

        assertThat(response.tasks()).extracting(Task::containerInstanceArn).containsOnly(small.containerInstanceArn());
    }

    @Test
    void managedTagsNameTheCluster() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        Task task = ecs.client()
                .runTask(r -> r.taskDefinition("etl")
                        .enableECSManagedTags(true)
                        .referenceId("mine")
                        .tags(Tag.builder().key("a").value("b").build()))
                .tasks()
                .getFirst();

        assertThat(task.tags()).extracting(Tag::key).containsExactly("a", "aws:ecs:clusterName");
    }

    @Test
    void onlyServicesPropagateTheirTags() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);

        assertThatThrownBy(
                        () -> ecs.client().runTask(r -> r.taskDefinition("etl").propagateTags(PropagateTags.SERVICE)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("propagateTags");
    }
}

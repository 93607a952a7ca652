package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.identity.RolePassing.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.AccessDeniedException;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

@Timeout(60)
@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class TaskRolesTest {
    private EcsFixture ecs;
    private String instance;
    private FakeAgent agent;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        instance = ecs.register("mi-1", 10_000, 10_000).containerInstanceArn();
        agent = connect();
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    private FakeAgent connect() {
        FakeAgent connection = new FakeAgent();
        ecs.ecs.channel().opened(EcsFixture.SCOPE, instance, connection);
        return connection;
    }

    private TaskDefinition define(String taskRole, String executionRole) {
        return ecs.client()
                .registerTaskDefinition(RegisterTaskDefinitionRequest.builder()
                        .family("etl")
                        .taskRoleArn(taskRole)
                        .executionRoleArn(executionRole)
                        .containerDefinitions(c -> c.name("main").image("host").memory(10))
                        .build())
                .taskDefinition();
    }

    private static String id(Task task) {
        return EcsNames.taskId(task.taskArn());
    }

    @Test
    void aTasksPayloadCarriesTheCredentialsOfItsRoles() throws InterruptedException {
        define(ecs.roles.role("reader"), ecs.roles.role("puller"));
        Task task = ecs.run("etl");
        JsonNode sent = agent.payload().at("/tasks/0");

        assertThat(ecs.roles.assumed)
                .extracting(AssumeRoleRequest::roleArn, AssumeRoleRequest::roleSessionName)
                .containsExactly(tuple(FakeRoles.ARN + "reader", id(task)), tuple(FakeRoles.ARN + "puller", id(task)));
        assertThat(sent.path("roleCredentials").toString())
                .isEqualTo("{\"credentialsId\":\"id of TaskApplication " + task.taskArn() + "\",\"roleArn\":\""
                        + FakeRoles.ARN + "reader\",\"accessKeyId\":\"ASIA1\",\"secretAccessKey\":\"secret\","
                        + "\"sessionToken\":\"token\",\"expiration\":\"2026-01-15T13:00:00Z\"}");
        assertThat(sent.at("/executionRoleCredentials/accessKeyId").asText()).isEqualTo("ASIA2");
        assertThat(ecs.store.tasks().all().toString()).doesNotContain("ASIA", "token");
    }

    @Test
    void aTaskWithoutRolesCostsNothing() throws InterruptedException {
        define(null, "");
        ecs.run("etl");

        assertThat(agent.payload().at("/tasks/0").has("roleCredentials")).isFalse();
        assertThat(ecs.roles.assumed).isEmpty();
    }

    @Test
    void aRoleMayBeNamedAndOverridden() throws InterruptedException {
        ecs.roles.role("reader");
        String writer = ecs.roles.role("writer");
        TaskDefinition definition = define("reader", null);
        ecs.client().runTask(r -> r.taskDefinition("etl").overrides(o -> o.taskRoleArn(writer)));

        assertThat(definition.taskRoleArn()).isEqualTo(FakeRoles.ARN + "reader");
        assertThat(definition.requiresAttributes())
                .extracting(Attribute::name)
                .contains("com.amazonaws.ecs.capability.task-iam-role-network-host");
        assertThat(agent.payload().at("/tasks/0/roleCredentials/roleArn").asText())
                .isEqualTo(writer);
    }

    @Test
    void credentialsAreRenewedLongBeforeTheyEnd() throws InterruptedException {
        ecs.roles.life = Duration.ofMillis(200);
        define(ecs.roles.role("reader"), ecs.roles.role("puller"));
        Task task = ecs.run("etl");
        agent.payload();
        ecs.pass(Duration.ofMillis(150));
        List<JsonNode> renewals =
                List.of(agent.message("IAMRoleCredentialsMessage"), agent.message("IAMRoleCredentialsMessage"));

        assertThat(renewals)
                .allSatisfy(
                        renewal -> assertThat(renewal.path("taskArn").asText()).isEqualTo(task.taskArn()))
                .extracting(renewal -> renewal.path("roleType").asText() + " "
                        + renewal.at("/roleCredentials/accessKeyId").asText())
                .containsExactly("TaskApplication ASIA3", "TaskExecution ASIA4");
    }

    @Test
    void aStoppedTaskIsNotRenewed() throws InterruptedException {
        ecs.roles.life = Duration.ofMillis(200);
        define(ecs.roles.role("reader"), null);
        Task first = ecs.run("etl");
        agent.payload();
        ecs.report(first.taskArn(), "STOPPED");
        Task second = ecs.run("etl");
        agent.payload();
        ecs.pass(Duration.ofMillis(150));

        assertThat(agent.message("IAMRoleCredentialsMessage").path("taskArn").asText())
                .isEqualTo(second.taskArn());
        assertThat(ecs.roles.assumed)
                .filteredOn(r -> r.roleSessionName().equals(id(first)))
                .hasSize(1);
    }

    @Test
    void aNewConnectionGetsNewCredentialsUnderTheSameId() throws InterruptedException {
        define(ecs.roles.role("reader"), null);
        ecs.run("etl");
        JsonNode before = agent.payload().at("/tasks/0/roleCredentials");
        JsonNode after = connect().payload().at("/tasks/0/roleCredentials");

        assertThat(after.path("accessKeyId").asText()).isEqualTo("ASIA2");
        assertThat(after.path("credentialsId")).isEqualTo(before.path("credentialsId"));
    }

    @Test
    void aRoleThatIsTakenAwayLeavesRunningTasksWithoutCredentials() throws InterruptedException {
        String role = ecs.roles.role("reader");
        define(role, null);
        Task task = ecs.run("etl");
        JsonNode payload = agent.payload();
        ecs.ecs.channel().received(EcsFixture.SCOPE, instance, FakeAgent.ack(payload));
        ecs.flush();
        ecs.roles.takenAway.add(role);
        JsonNode again = connect().payload();

        assertThat(FakeAgent.wishes(again)).containsExactly(task.taskArn() + " RUNNING");
        assertThat(again.at("/tasks/0").has("roleCredentials")).isFalse();
    }

    @Test
    void aRoleThatIsTakenAwayBeforeDeliveryStopsTheTask() throws InterruptedException {
        String role = ecs.roles.role("reader");
        define(role, null);
        ecs.roles.takenAway.add(role);
        Task task = ecs.run("etl");

        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(task.taskArn() + " STOPPED");
        Task stopped = ecs.task(task.taskArn());
        assertThat(stopped.stopCodeAsString()).isEqualTo("TaskFailedToStart");
        assertThat(stopped.stoppedReason()).startsWith("ECS was unable to assume the role '" + role + "'");
    }

    @Test
    void onlyRolesThatAreThereCanBeNamed() {
        assertThatThrownBy(() -> define("ghost", null))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("Role is not valid");
        assertThatThrownBy(() -> define(null, FakeRoles.ARN + "ghost"))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("Role is not valid");
    }

    @Test
    void whoMayNotPassARoleCanNeitherNameItNorRunWithIt() {
        String role = ecs.roles.role("reader");
        define(role, null);
        ecs.roles.verdicts.put(role, Verdict.NOT_ALLOWED);
        String refused = "is not authorized to perform: iam:PassRole on resource: " + role;

        assertThatThrownBy(() -> define(role, null))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(refused);
        assertThatThrownBy(() -> ecs.run("etl"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(refused);
    }

    @Test
    void aRoleThatDoesNotTrustTasksStartsNone() {
        String role = ecs.roles.role("reader");
        define(role, null);
        ecs.roles.verdicts.put(role, Verdict.NOT_TRUSTED);

        assertThatThrownBy(() -> ecs.run("etl"))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining(
                        "ECS was unable to assume the role '" + role + "' that was provided for this task.");
        assertThatThrownBy(() ->
                        ecs.client().startTask(r -> r.taskDefinition("etl").containerInstances(instance)))
                .isInstanceOf(ClientException.class);
    }
}

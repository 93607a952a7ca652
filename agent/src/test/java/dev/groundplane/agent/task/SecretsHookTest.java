package dev.groundplane.agent.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import dev.groundplane.agent.driver.LaunchRequest.RegistryCredentials;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.secrets.AsmReference;
import dev.groundplane.agent.secrets.ObjectReference;
import dev.groundplane.agent.secrets.Retrieval;
import dev.groundplane.agent.secrets.SecretSource;
import dev.groundplane.agent.secrets.SecretStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class SecretsHookTest {
    private static final String ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:bank/db-AbCdEf";
    private static final String CREDENTIALS = """
            , "executionRoleCredentials": {"credentialsId": "c", "roleArn": "r", "accessKeyId": "AKID",
            "secretAccessKey": "key", "sessionToken": "token", "expiration": "2030-01-01T00:00:00Z"}""";

    private final Memory memory = new Memory();

    /** Secrets in memory, which is away as often as a test says. */
    private static final class Memory implements SecretSource {
        final Map<String, String> secrets = new HashMap<>();
        final Map<String, String> parameters = new HashMap<>();
        final List<String> asked = new ArrayList<>();
        volatile BooleanSupplier away = () -> false;
        final CountDownLatch refused = new CountDownLatch(1);

        private void ask(String what, AwsCredentials credentials) throws SourceFailure {
            asked.add(what + " as " + credentials.accessKeyId());
            if (away.getAsBoolean()) {
                refused.countDown();
                throw new SourceFailure(true, "ThrottlingException: Rate exceeded");
            }
        }

        @Override
        public String secret(String region, AsmReference reference, AwsCredentials credentials) throws SourceFailure {
            ask(region + " " + reference.secretId() + "@" + reference.versionStage(), credentials);
            var value = secrets.get(reference.secretId());
            if (value == null) {
                throw new SourceFailure(
                        false, "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
            }
            return value;
        }

        @Override
        public Map<String, String> parameters(String region, List<String> names, AwsCredentials credentials)
                throws SourceFailure {
            ask(region + " " + names, credentials);
            var found = new HashMap<>(parameters);
            found.keySet().retainAll(names);
            return found;
        }

        @Override
        public String object(String region, ObjectReference reference, AwsCredentials credentials) {
            throw new UnsupportedOperationException("no secret is an object");
        }
    }

    private static TaskSpec task(String container, String more) throws IOException {
        return Json.MAPPER.readValue(
                "{\"arn\": \"%s\", \"containers\": [{\"name\": \"main\", \"image\": \"host\" %s}] %s}"
                        .formatted(TaskScenario.ARN, container, more),
                TaskSpec.class);
    }

    private static String secrets(String... references) {
        return ", \"secrets\": [" + String.join(", ", references) + "]";
    }

    private static String secret(String name, String valueFrom, String provider, String region) {
        return "{\"name\": \"%s\", \"valueFrom\": \"%s\", \"provider\": \"%s\", \"region\": \"%s\"}"
                .formatted(name, valueFrom, provider, region);
    }

    private static Optional<AwsSessionCredentials> credentials(TaskSpec task) {
        return Optional.ofNullable(task.executionRoleCredentials())
                .map(role ->
                        AwsSessionCredentials.create(role.accessKeyId(), role.secretAccessKey(), role.sessionToken()));
    }

    private Retrieval retrieval(TaskSpec task) {
        var stores = new SecretStores(() -> memory, SecretsHookTest::credentials, "us-east-1");
        return new Retrieval(stores, task, task.containers().getFirst());
    }

    private LaunchRequest fetch(TaskSpec task) throws Exception {
        var container = task.containers().getFirst();
        var plain = LaunchRequest.of("t1", "main", new Image("host", null), Program.of(List.of("true")))
                .withEnvironment(Map.of("PLAIN", "p"));
        var request = new SecretsHook(container, retrieval(task)).beforeStart(plain);
        return new RegistryHook(container, retrieval(task)).beforeStart(request);
    }

    @Test
    void secretsBecomeVariables() throws Exception {
        memory.secrets.put(ARN, "{\"password\": \"s3cret\", \"port\": 5432}");
        memory.parameters.putAll(Map.of("/bank/limit", "7", "plain", "8"));

        var program = fetch(task(
                        secrets(
                                secret("ALL", ARN, "asm", "eu-west-1"),
                                secret("PASSWORD", ARN + ":password::", "asm", "eu-west-1"),
                                secret("PORT", ARN + ":port:AWSPREVIOUS:", "asm", "eu-west-1"),
                                secret("LIMIT", "/bank/limit", "ssm", ""),
                                secret("OTHER", "plain", "ssm", "")),
                        CREDENTIALS))
                .program();

        assertThat(program.environment())
                .isEqualTo(Map.of(
                        "PLAIN",
                        "p",
                        "ALL",
                        "{\"password\": \"s3cret\", \"port\": 5432}",
                        "PASSWORD",
                        "s3cret",
                        "PORT",
                        "5432",
                        "LIMIT",
                        "7",
                        "OTHER",
                        "8"));
        assertThat(program.secrets()).containsExactlyInAnyOrder("ALL", "PASSWORD", "PORT", "LIMIT", "OTHER");
        assertThat(program.toString()).doesNotContain("s3cret");
        assertThat(memory.asked)
                .containsExactly(
                        "eu-west-1 " + ARN + "@null as AKID",
                        "eu-west-1 " + ARN + "@AWSPREVIOUS as AKID",
                        "us-east-1 [/bank/limit, plain] as AKID");
    }

    @Test
    void withoutSecretsNothingIsAsked() throws Exception {
        assertThat(fetch(task("", "")).program().secrets()).isEmpty();
        assertThat(memory.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none::", "password:X"})
    void whatIsNotThereFailsTheStartByName(String rest) throws Exception {
        memory.secrets.put(ARN, "{\"password\": \"s3cret\"}");
        var task = task(secrets(secret("PASSWORD", ARN + ":" + rest, "asm", "eu-west-1")), CREDENTIALS);

        assertThatThrownBy(() -> fetch(task))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(ARN)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void failuresAreInEcssWords() throws Exception {
        memory.secrets.put(ARN, "s3cret");
        var noJson = task(secrets(secret("PASSWORD", ARN + ":password::", "asm", "eu-west-1")), CREDENTIALS);
        assertThatThrownBy(() -> fetch(noJson))
                .isInstanceOfSatisfying(
                        StartFailure.class,
                        e -> assertThat(e.reason())
                                .isEqualTo(
                                        "ResourceInitializationError: unable to pull secrets or registry auth: fetching secret"
                                                + " data from AWS Secrets Manager in region eu-west-1: secret " + ARN
                                                + ":password::: the secret's text is not a JSON object, so it has no key password"))
                .hasNoCause();
        var unknown = task(secrets(secret("PASSWORD", "other", "asm", "")), CREDENTIALS);
        assertThatThrownBy(() -> fetch(unknown))
                .hasMessageEndingWith(
                        "secret other: ResourceNotFoundException: Secrets Manager can't find the specified secret.");
        var parameter = task(secrets(secret("LIMIT", "/none", "ssm", "")), CREDENTIALS);
        assertThatThrownBy(() -> fetch(parameter))
                .hasMessageEndingWith(
                        "fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /none");
        assertThat(new StartFailure("plain").reason()).isEqualTo("CannotStartContainerError: plain");
    }

    @Test
    void whileTheControlPlaneIsAwayItAsksAgain() throws Exception {
        memory.parameters.put("/bank/limit", "7");
        var first = new AtomicBoolean(true);
        memory.away = () -> first.getAndSet(false);

        var program = fetch(task(secrets(secret("LIMIT", "/bank/limit", "ssm", "")), CREDENTIALS))
                .program();

        assertThat(program.environment()).containsEntry("LIMIT", "7");
        assertThat(memory.asked).hasSize(2);
    }

    @Test
    void itDoesNotAskForEver() throws Exception {
        memory.away = () -> true;
        var container = ", \"startTimeout\": 1" + secrets(secret("LIMIT", "/bank/limit", "ssm", ""));

        assertThatThrownBy(() -> fetch(task(container, CREDENTIALS)))
                .isInstanceOf(StartFailure.class)
                .hasMessageEndingWith("/bank/limit: ThrottlingException: Rate exceeded; tried for 1 s");
        var unsent = task(container, CREDENTIALS).withoutCredentials();
        assertThatThrownBy(() -> fetch(unsent))
                .hasMessageEndingWith("no credentials of the execution role r have come; tried for 1 s");
    }

    @Test
    void withoutAnExecutionRoleThereIsNothingToWaitFor() throws Exception {
        var task = task(secrets(secret("LIMIT", "/bank/limit", "ssm", "")), "");

        assertThatThrownBy(() -> fetch(task)).hasMessageContaining("executionRoleArn");
        assertThat(memory.asked).isEmpty();
    }

    @Test
    void aTaskThatIsStoppedWaitsForNoSecret(@TempDir Path directory) throws Exception {
        memory.away = () -> true;
        var spec = task(secrets(secret("LIMIT", "/bank/limit", "ssm", "")), CREDENTIALS);
        var agent = new TaskScenario(directory);
        agent.hook = new SecretsHook(spec.containers().getFirst(), retrieval(spec));
        agent.restart();
        agent.accept(TaskScenario.container("main", true, "wait"));
        memory.refused.await();

        agent.accept("", "STOPPED", "");

        assertThat(agent.report().containers().getFirst().reason())
                .endsWith("ThrottlingException: Rate exceeded; the task is stopped");
        agent.awaitNoTasks(); // it writes to the directory until then
    }

    @Test
    void aSecretHoldsTheRegistrysPassword() throws Exception {
        memory.secrets.put("registry", "{\"username\": \"u\", \"password\": \"s3cret\"}");
        var container =
                ", \"registryAuthentication\": {\"type\": \"asm\", \"asmAuthData\": {\"credentialsParameter\": \"registry\"}}";

        var image = fetch(task(container, CREDENTIALS)).image();

        assertThat(image.credentials()).isEqualTo(new RegistryCredentials("u", "s3cret"));
        assertThat(image.toString()).doesNotContain("s3cret");
        memory.secrets.put("registry", "{\"username\": \"u\"}");
        assertThatThrownBy(() -> fetch(task(container, CREDENTIALS)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("secret registry");
    }
}

package dev.groundplane.agent.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.secrets.AsmReference;
import dev.groundplane.agent.secrets.ObjectReference;
import dev.groundplane.agent.secrets.Retrieval;
import dev.groundplane.agent.secrets.SecretSource;
import dev.groundplane.agent.secrets.SecretStores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class EnvironmentFilesHookTest {
    private final Objects objects = new Objects();

    /** Objects in memory. */
    private static final class Objects implements SecretSource {
        final Map<ObjectReference, String> texts = new HashMap<>();

        @Override
        public String secret(String region, AsmReference reference, AwsCredentials credentials) {
            throw new UnsupportedOperationException("no environment file is a secret");
        }

        @Override
        public Map<String, String> parameters(String region, List<String> names, AwsCredentials credentials) {
            throw new UnsupportedOperationException("no environment file is a parameter");
        }

        @Override
        public String object(String region, ObjectReference reference, AwsCredentials credentials)
                throws SourceFailure {
            var text = texts.get(reference);
            if (text == null) {
                throw new SourceFailure(false, "NoSuchKey: The specified key does not exist.");
            }
            return text;
        }
    }

    private LaunchRequest fetch(String... files) throws Exception {
        var references = List.of(files).stream()
                .map(file -> "{\"value\": \"%s\", \"type\": \"s3\"}".formatted(file))
                .toList();
        var task = Json.MAPPER.readValue("""
                {"arn": "%s", "executionRoleCredentials": {"roleArn": "r"}, "containers": [{"name": "main",
                 "image": "host", "environment": {"DEFINED": "here"}, "environmentFiles": %s}]}
                """.formatted(TaskScenario.ARN, references), TaskSpec.class);
        var container = task.containers().getFirst();
        var role = Optional.of(AwsSessionCredentials.create("AKID", "key", "token"));
        var stores = new SecretStores(() -> objects, one -> role, "us-east-1");
        var plain = LaunchRequest.of("t1", "main", new Image("host", null), Program.of(List.of("true")))
                .withEnvironment(container.environment());
        return new EnvironmentFilesHook(container, new Retrieval(stores, task, container)).beforeStart(plain);
    }

    @Test
    void definedVariablesWinAndEarlierFilesOverLaterOnes() throws Exception {
        objects.texts.put(
                new ObjectReference("bank", "a/first.env"),
                "# the desk\nDESK=rates\r\nDEFINED=in a file\n\nQUOTED=\"it is\" = so \nbroken\n=none\nEMPTY=\n");
        objects.texts.put(new ObjectReference("bank", "second.env"), "DESK=credit\nLIMIT=7");
        var request = fetch("arn:aws:s3:::bank/a/first.env", "arn:aws:s3:::bank/second.env");
        assertThat(request.program().environment())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("DEFINED", "here", "DESK", "rates", "QUOTED", "\"it is\" = so ", "LIMIT", "7"));
    }

    @Test
    void aFileThatIsNotThereFailsTheStartByName() {
        assertThatThrownBy(() -> fetch("arn:aws:s3:::bank/missing.env"))
                .isInstanceOf(StartFailure.class)
                .hasMessage("ResourceInitializationError: failed to download env files: arn:aws:s3:::bank/missing.env:"
                        + " NoSuchKey: The specified key does not exist.");
    }

    @Test
    void whatIsNoObjectIsRefused() {
        assertThatThrownBy(() -> fetch("arn:aws:s3:::bank"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("arn:aws:s3:::bank is not the ARN of an S3 object");
    }
}

package dev.groundplane.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.metadata.RoleCredentialsStore.Use;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The endpoint as the AWS SDK for Java's own provider of container credentials sees it. */
@Timeout(60)
class SdkCredentialsTest {
    private static final String PROPERTY = SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property();

    @TempDir
    Path data;

    private EndpointScenario scenario;

    @BeforeEach
    void begin() throws IOException {
        scenario = new EndpointScenario(data);
        System.setProperty(PROPERTY, scenario.credentialsUri().toString());
    }

    @AfterEach
    void end() {
        System.clearProperty(PROPERTY);
        scenario.close();
    }

    private static AwsSessionCredentials resolve() {
        try (var provider = ContainerCredentialsProvider.create()) {
            return (AwsSessionCredentials) provider.resolveCredentials();
        }
    }

    @Test
    void theSdkFindsTheCredentialsAndTheirRenewal() throws Exception {
        scenario.runTaskWithRole();
        var credentials = resolve();
        assertThat(credentials.accessKeyId()).isEqualTo("ASIA1");
        assertThat(credentials.secretAccessKey()).isEqualTo("secret");
        assertThat(credentials.sessionToken()).isEqualTo("token");
        scenario.credentials.put(EndpointScenario.ARN, Use.TASK, EndpointScenario.credentials("ASIA2"));
        assertThat(resolve().accessKeyId()).isEqualTo("ASIA2");
    }

    @Test
    void theSdkTellsWhatIsWrong() throws Exception {
        assertThatThrownBy(SdkCredentialsTest::resolve)
                .isInstanceOf(SdkClientException.class)
                .hasStackTraceContaining("Credentials not found");
        scenario.runTaskWithRole();
        scenario.restart();
        assertThatThrownBy(SdkCredentialsTest::resolve)
                .isInstanceOf(SdkClientException.class)
                .hasStackTraceContaining("Credentials uninitialized");
    }
}

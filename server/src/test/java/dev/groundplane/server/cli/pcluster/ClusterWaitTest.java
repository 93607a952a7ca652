package dev.groundplane.server.cli.pcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is waited for, and until when. */
class ClusterWaitTest {
    private static final String PATH = "/v3/clusters/c1";

    private ApiServer server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void open() throws IOException {
        server = new ApiServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private ClusterWait waiting() {
        return new ClusterWait(
                new ApiClient(server.connection(), null),
                new Screen(new PrintWriter(out), new PrintWriter(err)),
                Duration.ofMillis(1));
    }

    private void becomes(String status) {
        server.tell("GET", PATH, 200, "{\"clusterStatus\":\"%s\"}".formatted(status));
    }

    @Test
    void progressIsSaidWhenItChanges() throws InterruptedException {
        becomes("CREATE_IN_PROGRESS");
        becomes("CREATE_IN_PROGRESS");
        server.tell(
                "GET", PATH, 200, "{\"clusterStatus\":\"CREATE_IN_PROGRESS\",\"headNode\":{\"state\":\"running\"}}");
        becomes("CREATE_COMPLETE");

        assertThat(waiting().untilCreated("c1")).isZero();

        assertThat(server.asked).hasSize(4);
        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                groundplane: cluster c1: CREATE_IN_PROGRESS
                groundplane: cluster c1: CREATE_IN_PROGRESS, head node running
                groundplane: cluster c1: CREATE_COMPLETE
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_COMPLETE, 0",
        "UPDATE_IN_PROGRESS, 0",
        "CREATE_FAILED, 1",
        "DELETE_IN_PROGRESS, 1",
        "DELETE_FAILED, 1"
    })
    void creationEnds(String status, int exit) throws InterruptedException {
        becomes("CREATE_IN_PROGRESS");
        becomes(status);

        assertThat(waiting().untilCreated("c1")).isEqualTo(exit);
        assertThat(out.toString()).contains(status);
    }

    @Test
    void aClusterThatWasRemovedInsteadIsAFailure() throws InterruptedException {
        becomes("CREATE_IN_PROGRESS");
        server.tell("GET", PATH, 404, "{\"message\":\"none\"}");

        assertThat(waiting().untilCreated("c1")).isEqualTo(1);
        assertThat(err.toString()).contains("cluster c1 is gone: it could not be made");
    }

    @Test
    void aRefusalEndsTheWaiting() throws InterruptedException {
        becomes("CREATE_IN_PROGRESS");
        server.tell("GET", PATH, 403, "{\"message\":\"not any more\"}");

        assertThat(waiting().untilCreated("c1")).isEqualTo(1);
        assertThat(err.toString()).contains("not any more");
    }

    @Test
    void deletionEndsWhenNothingIsFound() throws InterruptedException {
        becomes("DELETE_IN_PROGRESS");
        becomes("DELETE_IN_PROGRESS");
        server.tell("GET", PATH, 404, "{\"message\":\"none\"}");

        assertThat(waiting().untilDeleted("c1")).isEmpty();
        assertThat(server.asked).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"DELETE_FAILED", "CREATE_IN_PROGRESS"})
    void deletionFailsWhenTheClusterStays(String status) throws InterruptedException {
        becomes("DELETE_IN_PROGRESS");
        becomes(status);

        assertThat(waiting().untilDeleted("c1")).isPresent();
        assertThat(err.toString()).contains("cluster c1 is " + status);
    }
}

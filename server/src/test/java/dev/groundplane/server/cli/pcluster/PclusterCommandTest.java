package dev.groundplane.server.cli.pcluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.server.cli.pcluster.ApiServer.Asked;
import dev.groundplane.server.local.DataDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands against a server: what they send, what they print, and their exit status. */
class PclusterCommandTest {
    private static final String CONFIGURATION = "Image:\n  Os: alinux2\n# Größe\n";
    private static final String CREATED =
            "{\"cluster\":{\"clusterName\":\"c1\"},\"validationMessages\":[{\"id\":\"Image/Os\",\"type\":\"OsValidator\","
                    + "\"level\":\"WARNING\",\"message\":\"alinux2 is old\"}]}";
    private static final String EXISTS = "{\"message\":\"Bad Request: Cluster 'c1' already exists\"}";

    @TempDir
    private Path directory;

    private ApiServer server;
    private Path configuration;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void open() throws IOException {
        server = new ApiServer();
        DataDirectory data = new DataDirectory(directory);
        data.writePrivately(data.connection(), server.connection().encode());
        configuration = Files.writeString(directory.resolve("cluster.yaml"), CONFIGURATION);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void createSendsTheFileAndTheOptions() {
        server.tell("POST", "/v3/clusters", 202, CREATED);

        assertThat(create(
                        "--suppress-validators",
                        "type:A",
                        "type:B",
                        "--dryrun",
                        "false",
                        "--rollback-on-failure",
                        "false",
                        "--validation-failure-level",
                        "WARNING"))
                .isZero();

        assertThat(server.asked)
                .containsExactly(new Asked(
                        "POST",
                        "/v3/clusters?dryrun=false&rollbackOnFailure=false&suppressValidators=type%3AA"
                                + "&suppressValidators=type%3AB&validationFailureLevel=WARNING",
                        "{\"clusterName\":\"c1\",\"clusterConfiguration\":\"Image:\\n  Os: alinux2\\n# Größe\\n\"}"));
        assertThat(out.toString()).contains("\"clusterName\": \"c1\"");
        assertThat(err.toString()).isEqualToNormalizingNewlines("WARNING Image/Os: alinux2 is old (OsValidator)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Region: eu-west-1\n", "Image:\n  Os: x\nRegion: 'eu-west-1' # home\n"})
    void theConfigurationsRegionIsMeantUnlessAnotherIsNamed(String text) throws IOException {
        Files.writeString(configuration, text);
        server.tell("POST", "/v3/clusters", 202, CREATED);

        create();
        create("--region", "us-west-2");

        assertThat(server.asked)
                .extracting(Asked::target)
                .containsExactly("/v3/clusters?region=eu-west-1", "/v3/clusters?region=us-west-2");
    }

    @Test
    void problemsOfTheConfigurationAreShownOnePerLine() {
        server.tell("POST", "/v3/clusters", 400, """
                {"message":"Bad Request: Configuration is invalid","configurationValidationErrors":[
                {"id":"HeadNode","type":"A","level":"ERROR","message":"is missing"},
                {"type":"B","level":"WARNING","message":"is odd"}]}""");

        assertThat(create()).isEqualTo(1);

        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                ERROR HeadNode: is missing (A)
                WARNING is odd (B)
                groundplane: Bad Request: Configuration is invalid
                """);
        assertThat(out.toString()).contains("\"message\": \"Bad Request: Configuration is invalid\"");
    }

    @Test
    void aDryRunThatFindsNothingIsASuccess() {
        server.tell("POST", "/v3/clusters", 412, "{\"message\":\"Request would have succeeded\"}");

        assertThat(create("--dryrun", "true", "--wait")).isZero();

        assertThat(server.asked).extracting(Asked::target).containsExactly("/v3/clusters?dryrun=true");
        assertThat(out.toString()).contains("Request would have succeeded");
    }

    @Test
    void aConfigurationThatIsNotThereIsNamed() throws IOException {
        Files.delete(configuration);

        assertThat(create()).isEqualTo(1);

        assertThat(err.toString()).contains("cannot read the configuration " + configuration);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void createCanWait() {
        server.tell("POST", "/v3/clusters", 202, CREATED)
                .tell("GET", "/v3/clusters/c1", 200, "{\"clusterStatus\":\"CREATE_COMPLETE\"}");

        assertThat(create("--wait")).isZero();

        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                {
                  "clusterStatus": "CREATE_COMPLETE"
                }
                """);
        assertThat(err.toString()).contains("alinux2 is old", "cluster c1: CREATE_COMPLETE");
    }

    @Test
    void createSaysWhyAClusterCouldNotBeMade() {
        server.tell("POST", "/v3/clusters", 202, CREATED).tell("GET", "/v3/clusters/c1", 200, """
                {"clusterStatus":"CREATE_FAILED","failures":[{"failureCode":"HeadNodeSetupFailure",\
                "failureReason":"Failed to set up the head node."}]}""");

        assertThat(create("--wait")).isEqualTo(1);

        assertThat(err.toString())
                .contains("cluster c1 is CREATE_FAILED")
                .contains("HeadNodeSetupFailure: Failed to set up the head node.");
        assertThat(out.toString()).contains("\"clusterStatus\": \"CREATE_FAILED\"");
    }

    @Test
    void createCanBeInterruptedAndRunAgain() {
        for (String url : List.of(
                "data:text/yaml;base64,"
                        + Base64.getEncoder().encodeToString(CONFIGURATION.getBytes(StandardCharsets.UTF_8)),
                "data:,"
                        + URLEncoder.encode(CONFIGURATION, StandardCharsets.UTF_8)
                                .replace("+", "%20"))) {
            try (ApiServer again = anotherServer()) {
                again.tell("POST", "/v3/clusters", 400, EXISTS)
                        .tell(
                                "GET",
                                "/v3/clusters/c1",
                                200,
                                "{\"clusterStatus\":\"CREATE_COMPLETE\",\"clusterConfiguration\":{\"url\":\"%s\"}}"
                                        .formatted(url));

                assertThat(create("--wait")).as(url).isZero();
            }
        }
    }

    @Test
    void aClusterWithAnotherConfigurationIsInTheWay() {
        server.tell("POST", "/v3/clusters", 400, EXISTS)
                .tell(
                        "GET",
                        "/v3/clusters/c1",
                        200,
                        "{\"clusterStatus\":\"CREATE_COMPLETE\",\"clusterConfiguration\":{\"url\":\"data:,other\"}}");

        assertThat(create("--wait")).isEqualTo(1);
        assertThat(err.toString()).contains("already exists");
    }

    @Test
    void deleteCanWait() {
        server.tell("DELETE", "/v3/clusters/c1", 202, "{\"cluster\":{\"clusterName\":\"c1\"}}")
                .tell("GET", "/v3/clusters/c1", 404, "{\"message\":\"none\"}");

        assertThat(run("delete-cluster", "-n", "c1", "--wait")).isZero();

        assertThat(out.toString()).contains("\"clusterName\": \"c1\"");
        assertThat(err.toString()).isEqualToNormalizingNewlines("groundplane: cluster c1 is gone\n");
    }

    @Test
    void aClusterThatCannotBeDeletedIsAFailure() {
        server.tell("DELETE", "/v3/clusters/c1", 202, "{\"cluster\":{\"clusterName\":\"c1\"}}")
                .tell("GET", "/v3/clusters/c1", 200, "{\"clusterStatus\":\"DELETE_FAILED\"}");

        assertThat(run("delete-cluster", "-n", "c1", "--wait")).isEqualTo(1);

        assertThat(out.toString()).contains("\"clusterStatus\": \"DELETE_FAILED\"");
        assertThat(err.toString()).contains("cluster c1 is DELETE_FAILED");
    }

    @Test
    void aClusterThatIsNotThereCannotBeDeleted() {
        server.tell("DELETE", "/v3/clusters/c1", 404, "{\"message\":\"Cluster 'c1' does not exist\"}");

        assertThat(run("delete-cluster", "-n", "c1", "--wait")).isEqualTo(1);
        assertThat(err.toString()).contains("Cluster 'c1' does not exist");
    }

    @Test
    void listPrintsJsonAsAwsDoes() {
        server.tell(
                "GET",
                "/v3/clusters",
                200,
                "{\"clusters\":[{\"clusterName\":\"c1\",\"tags\":[]}],\"nextToken\":\"t\"}");

        assertThat(run("list-clusters", "--cluster-status", "CREATE_COMPLETE", "CREATE_FAILED", "--next-token", "a b"))
                .isZero();

        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                {
                  "clusters": [
                    {
                      "clusterName": "c1",
                      "tags": []
                    }
                  ],
                  "nextToken": "t"
                }
                """);
        assertThat(err.toString()).isEmpty();
        assertThat(server.asked)
                .containsExactly(new Asked(
                        "GET",
                        "/v3/clusters?clusterStatus=CREATE_COMPLETE&clusterStatus=CREATE_FAILED&nextToken=a%20b",
                        ""));
    }

    @Test
    void listHasATableForPeople() {
        server.tell("GET", "/v3/clusters", 200, """
                {"clusters":[{"clusterName":"a-long-name","clusterStatus":"CREATE_COMPLETE","region":"us-east-1"},
                {"clusterName":"b","clusterStatus":"CREATE_FAILED","region":"us-east-1","version":"3.12.0"}],
                "nextToken":"t"}""");

        assertThat(run("list-clusters", "--table")).isZero();

        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                clusterName  clusterStatus    region     version
                a-long-name  CREATE_COMPLETE  us-east-1  -
                b            CREATE_FAILED    us-east-1  3.12.0
                """);
        assertThat(err.toString()).contains("there are more: --next-token t");
    }

    @Test
    void theFleetIsShownAndChanged() {
        server.tell("GET", "/v3/clusters/c1/computefleet", 200, "{\"status\":\"RUNNING\"}")
                .tell("PATCH", "/v3/clusters/c1/computefleet", 200, "{\"status\":\"STOP_REQUESTED\"}");

        assertThat(run("describe-compute-fleet", "-n", "c1")).isZero();
        assertThat(run("update-compute-fleet", "--cluster-name", "c1", "--status", "STOP_REQUESTED"))
                .isZero();

        assertThat(out.toString()).contains("\"status\": \"RUNNING\"", "\"status\": \"STOP_REQUESTED\"");
        assertThat(server.asked.getLast())
                .isEqualTo(new Asked("PATCH", "/v3/clusters/c1/computefleet", "{\"status\":\"STOP_REQUESTED\"}"));
    }

    @Test
    void instancesAreAskedForByTypeAndQueue() {
        server.tell("GET", "/v3/clusters/c1/instances", 200, "{\"instances\":[]}");

        assertThat(run("describe-cluster-instances", "-n", "c1", "--node-type", "ComputeNode", "--queue-name", "q1"))
                .isZero();

        assertThat(server.asked.getLast().target())
                .isEqualTo("/v3/clusters/c1/instances?nodeType=ComputeNode&queueName=q1");
    }

    @Test
    void aRefusalEndsWithStatusOne() {
        server.tell("GET", "/v3/clusters/c1", 403, "{\"message\":\"User: x is not authorized\"}");

        assertThat(run("describe-cluster", "-n", "c1")).isEqualTo(1);

        assertThat(out.toString()).contains("\"message\": \"User: x is not authorized\"");
        assertThat(err.toString()).isEqualToNormalizingNewlines("groundplane: User: x is not authorized\n");
    }

    @Test
    void whoeverDoesNotAnswerIsNamed() {
        server.close();

        assertThat(run("list-clusters")).isEqualTo(1);
        assertThat(err.toString())
                .contains("no answer from " + server.connection().endpoint());
    }

    @Test
    void whatIsNoAnswerOfTheApiIsSaidToBeNone() {
        server.tell("GET", "/v3/clusters", 502, "<html>");

        assertThat(run("list-clusters")).isEqualTo(1);
        assertThat(err.toString()).contains("what came, with status 502, is no answer of the API");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "describe-cluster",
                "create-cluster -n c1",
                "create-cluster -n c1 -c cluster.yaml --dryrun perhaps",
                "update-compute-fleet -n c1",
                "update-compute-fleet -n c1 --status RUNNING",
                "describe-cluster-instances -n c1 --node-type Head",
                "list-clusters --cluster-status GOOD"
            })
    void wrongUsageEndsWithStatusTwo(String words) {
        assertThat(run(words.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains("Usage:");
        assertThat(server.asked).isEmpty();
    }

    private ApiServer anotherServer() {
        try {
            ApiServer another = new ApiServer();
            DataDirectory data = new DataDirectory(directory);
            data.writePrivately(data.connection(), another.connection().encode());
            return another;
        } catch (IOException e) {
            throw new IllegalStateException("no port on loopback", e);
        }
    }

    private int create(String... more) {
        List<String> words = new ArrayList<>(List.of("create-cluster", "-n", "c1", "-c", configuration.toString()));
        words.addAll(List.of(more));
        return run(words.toArray(String[]::new));
    }

    private int run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(1, "--data=" + directory);
        return new CommandLine(new PclusterCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}

package dev.groundplane.services.parallelcluster;

import static dev.groundplane.services.parallelcluster.SlurmFixture.CONFIGURATION;
import static dev.groundplane.services.parallelcluster.SlurmFixture.refused;
import static dev.groundplane.services.parallelcluster.SlurmFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.Events;
import dev.groundplane.services.LateCall;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.parallelcluster.model.ClusterInfoSummary;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.ListClustersRequest;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request is refused, and with what a cluster begins. */
class ClusterCreationTest {
    private static final String UNKNOWN_KEY = CONFIGURATION + "Colour: red\n";
    /** One that is remarked upon. */
    private static final String SPOT =
            CONFIGURATION.replace("- Name: rare\n", "- Name: rare\n      CapacityType: SPOT\n");

    @TempDir
    private Path directory;

    private SlurmFixture fixture;

    @BeforeEach
    void open() {
        fixture = new SlurmFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void create(CreateClusterRequest request) {
        fixture.client().createCluster(request);
    }

    private static CreateClusterRequest failing(ValidationLevel level, String configuration, String... suppressed) {
        return new CreateClusterRequest("risk", configuration, Set.of(suppressed), level, false, true);
    }

    private List<String> names() {
        return fixture.client().listClusters(new ListClustersRequest(Set.of(), null)).clusters().stream()
                .map(ClusterInfoSummary::clusterName)
                .toList();
    }

    @Test
    void aClusterBeginsWithoutAnythingBeingThere() {
        var response = fixture.create("risk");
        assertThat(response.cluster().clusterName()).isEqualTo("risk");
        assertThat(response.cluster().region()).isEqualTo("us-east-1");
        assertThat(response.cluster().clusterStatus()).isEqualTo(ClusterStatus.CREATE_IN_PROGRESS);
        assertThat(response.cluster().cloudformationStackArn())
                .startsWith("arn:aws:cloudformation:us-east-1:123456789012:stack/risk/"
                        + fixture.stored("risk").id());
        assertThat(response.validationMessages())
                .isNotEmpty()
                .extracting(ConfigValidationMessage::level)
                .containsOnly(ValidationLevel.INFO);

        var described = fixture.describe("risk");
        assertThat(described.clusterStatus()).isEqualTo(ClusterStatus.CREATE_IN_PROGRESS);
        assertThat(described.computeFleetStatus()).isEqualTo(ComputeFleetStatus.START_REQUESTED);
        assertThat(described.creationTime()).isEqualTo(fixture.now);
        assertThat(described.headNode()).isNull();
        assertThat(described.failures()).isNull();
        String prefix = "data:application/yaml;base64,";
        String url = described.clusterConfiguration().url();
        assertThat(url).startsWith(prefix);
        assertThat(Base64.getDecoder().decode(url.substring(prefix.length())))
                .isEqualTo(CONFIGURATION.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"1risk", "-risk", "ri_sk", "ri sk", "../risk", "risk\n", "ri/sk", "rísk"})
    void aNameIsALetterAndLettersDigitsAndHyphens(String name) {
        refused(400, "is not a clusterName", () -> create(request(name, CONFIGURATION)));
        assertThat(names()).isEmpty();
    }

    @Test
    void aNameHasSixtyCharactersAtMost() {
        String longest = "A" + "b-9".repeat(19) + "zz";
        assertThat(longest).hasSize(60);
        refused(400, "is not a clusterName", () -> create(request(longest + "z", CONFIGURATION)));
        create(request(longest, CONFIGURATION));
        assertThat(names()).containsExactly(longest);
    }

    @Test
    void aConfigurationIsNeeded() {
        var nothing = new CreateClusterRequest("risk", null, Set.of(), ValidationLevel.ERROR, false, true);
        refused(400, "clusterConfiguration is missing", () -> create(nothing));
    }

    @Test
    void allErrorsOfAConfigurationAreToldAtOnce() {
        String wrong = UNKNOWN_KEY.replace("t3.micro", "t3.planetary").replace("MaxCount: 4", "MaxCount: 1");
        var refusal = refused(400, "Configuration is invalid", () -> create(request("risk", wrong)));
        assertThat(refusal.validationErrors())
                .filteredOn(message -> message.level() == ValidationLevel.ERROR)
                .extracting(ConfigValidationMessage::id)
                .containsExactlyInAnyOrder(
                        "Colour", "HeadNode/InstanceType", "Scheduling/SlurmQueues[0]/ComputeResources[0]/MaxCount");
        assertThat(names()).isEmpty();
    }

    @Test
    void fromWhichLevelOnAProblemIsAReasonTheCallerSays() {
        var refusal = refused(400, "Configuration is invalid", () -> create(failing(ValidationLevel.WARNING, SPOT)));
        assertThat(refusal.validationErrors())
                .extracting(ConfigValidationMessage::id)
                .contains("Scheduling/SlurmQueues[1]/CapacityType");
        refused(400, "Configuration is invalid", () -> create(failing(ValidationLevel.INFO, CONFIGURATION)));
        create(failing(ValidationLevel.ERROR, SPOT));
        assertThat(names()).containsExactly("risk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALL", "type:ChoosesNothingValidator"})
    void validatorsThatAreNotAskedSayNothing(String suppressed) {
        refused(400, "invalid", () -> create(failing(ValidationLevel.INFO, SPOT, "type:NameValidator")));
        var response = fixture.client().createCluster(failing(ValidationLevel.INFO, SPOT, suppressed));
        assertThat(response.validationMessages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALL", "type:ConfigSchemaValidator"})
    void errorsAreToldWhetherAskedForOrNot(String suppressed) {
        var refusal = refused(400, "invalid", () -> create(failing(ValidationLevel.ERROR, UNKNOWN_KEY, suppressed)));
        assertThat(refusal.validationErrors())
                .extracting(ConfigValidationMessage::id)
                .contains("Colour");
    }

    @Test
    void theRegionIsTheOneThatIsCalled() {
        refused(
                400,
                "Region eu-west-1 of the configuration is not us-east-1",
                () -> create(request("risk", "Region: eu-west-1\n" + CONFIGURATION)));
        create(request("risk", "Region: us-east-1\n" + CONFIGURATION));
        assertThat(names()).containsExactly("risk");
    }

    @Test
    void whatTheMachineLacksIsSaid() {
        fixture.slurm.missing = List.of("There is no slurmctld.", "There is no munge.");
        refused(400, "There is no slurmctld. There is no munge.", () -> fixture.create("risk"));
        assertThat(names()).isEmpty();
    }

    @Test
    void aNameIsTakenOnce() {
        fixture.create("risk");
        refused(400, "Cluster risk already exists", () -> fixture.create("risk"));
        fixture.create("Risk");
        assertThat(names()).containsExactly("Risk", "risk");
    }

    @Test
    void ofTwoThatCreateAtOnceOneIsRefusedAndHoldsNoUserIds() {
        var late =
                new LateCall(StoredCall.ofRoot(fixture.database, SlurmFixture.ACCOUNT), () -> fixture.create("risk"));
        refused(
                400,
                "Cluster risk already exists",
                () -> fixture.parallelCluster.client(late).createCluster(request("risk", CONFIGURATION)));
        fixture.create("other");
        assertThat(fixture.stored("risk").firstUser()).isEqualTo(700_000);
        assertThat(fixture.stored("other").firstUser()).isEqualTo(701_000);
    }

    @Test
    void aDryRunOnlyLooks() {
        var dry = new CreateClusterRequest("risk", SPOT, Set.of(), ValidationLevel.ERROR, true, true);
        var refusal = refused(412, "Request would have succeeded", () -> create(dry));
        assertThat(refusal.validationErrors())
                .extracting(ConfigValidationMessage::level)
                .contains(ValidationLevel.WARNING)
                .doesNotContain(ValidationLevel.ERROR);
        assertThat(names()).isEmpty();

        fixture.create("risk");
        refused(400, "already exists", () -> create(dry));
        var wrong = new CreateClusterRequest("other", UNKNOWN_KEY, Set.of(), ValidationLevel.ERROR, true, true);
        refused(400, "Configuration is invalid", () -> create(wrong));
    }

    @Test
    void controlPlanesThatShareADatabaseHaveNoClusters() {
        try (var shared = new ParallelCluster(
                new SharedDatabase(fixture.database), new Events(), fixture.slurm, () -> fixture.now)) {
            var client = shared.client(StoredCall.ofRoot(fixture.database, SlurmFixture.ACCOUNT));
            refused(400, "several share a database", () -> client.createCluster(request("risk", CONFIGURATION)));
        }
        assertThat(names()).isEmpty();
    }
}

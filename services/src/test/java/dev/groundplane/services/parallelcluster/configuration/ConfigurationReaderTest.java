package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
    private static final String FULL = """
            Region: eu-west-1
            Image:
              Os: ubuntu2204
            HeadNode:
              InstanceType: m5.xlarge
              DisableSimultaneousMultithreading: true
              Networking:
                SubnetId: subnet-12345678
              Ssh:
                KeyName: mine
            Scheduling:
              Scheduler: slurm
              SlurmSettings:
                ScaledownIdletime: 3
                EnableMemoryBasedScheduling: yes
                CustomSlurmSettings:
                  - MessageTimeout: 30
                  - Licenses: '"a b"'
              SlurmQueues:
                - Name: main
                  JobExclusiveAllocation: true
                  CapacityType: SPOT
                  CustomSlurmSettings:
                    MaxTime: "60"
                    RootOnly: No
                  Networking:
                    SubnetIds: [subnet-12345678, subnet-87654321]
                  ComputeResources:
                    - Name: small
                      InstanceType: c5.large
                      MinCount: 1
                      MaxCount: 4
                      CustomSlurmSettings: {TmpDisk: 1000}
                    - Name: own
                      InstanceType: groundplane.1x256
                - Name: second
                  Networking:
                    SubnetIds: [subnet-12345678]
                  ComputeResources:
                    - Name: several
                      Instances:
                        - InstanceType: r6i.2xlarge
                        - InstanceType: r5.2xlarge
                      DisableSimultaneousMultithreading: true
                      MaxCount: 2
            DevSettings:
              Timeouts:
                ComputeNodeBootstrapTimeout: 120
            Tags:
              - {Key: team, Value: risk}
              - {Key: empty, Value: ""}
            """;

    @Test
    void aFullFileIsWhatItSays() {
        Reading reading = ConfigurationReader.read(FULL);

        ComputeResource small = new ComputeResource(
                "small", new InstanceType("c5.large", 2, 4096), 1, 4, List.of(new Setting("TmpDisk", "1000")));
        ComputeResource own =
                new ComputeResource("own", new InstanceType("groundplane.1x256", 1, 256), 0, 10, List.of());
        ComputeResource several =
                new ComputeResource("several", new InstanceType("r6i.2xlarge", 4, 65_536), 0, 2, List.of());
        Slurm slurm = new Slurm(
                Optional.of(Duration.ofMinutes(3)),
                true,
                Duration.ofMinutes(2),
                List.of(new Setting("MessageTimeout", "30"), new Setting("Licenses", "\"a b\"")),
                List.of(
                        new Queue(
                                "main",
                                true,
                                List.of(new Setting("MaxTime", "60"), new Setting("RootOnly", "No")),
                                CustomActions.NONE,
                                List.of(small, own)),
                        new Queue("second", false, List.of(), CustomActions.NONE, List.of(several))));
        assertThat(reading.configuration())
                .contains(new ClusterConfiguration(
                        Optional.of("eu-west-1"),
                        "ubuntu2204",
                        new HeadNode(new InstanceType("m5.xlarge", 2, 16_384), CustomActions.NONE),
                        slurm,
                        List.of(),
                        Map.of("team", "risk", "empty", "")));
        assertThat(reading.messages())
                .extracting(ConfigValidationMessage::level, ConfigValidationMessage::id)
                .containsExactly(
                        tuple(ValidationLevel.INFO, "Image/Os"),
                        tuple(ValidationLevel.INFO, "HeadNode/Networking/SubnetId"),
                        tuple(ValidationLevel.WARNING, "HeadNode/Ssh"),
                        tuple(ValidationLevel.WARNING, "Scheduling/SlurmQueues[0]/CapacityType"),
                        tuple(ValidationLevel.INFO, "Scheduling/SlurmQueues[0]/Networking/SubnetIds"),
                        tuple(ValidationLevel.INFO, "Scheduling/SlurmQueues[1]/Networking/SubnetIds"),
                        tuple(ValidationLevel.WARNING, "Scheduling/SlurmQueues[1]/ComputeResources[0]/Instances"));
    }

    @Test
    void whatIsNotSaidIsAsParallelClusterDocuments() {
        ClusterConfiguration cluster =
                ConfigurationReader.read(Files.SMALLEST).configuration().orElseThrow();

        assertThat(cluster.region()).isEmpty();
        assertThat(cluster.tags()).isEmpty();
        assertThat(cluster.slurm().scaledownIdletime()).contains(Duration.ofMinutes(10));
        assertThat(cluster.slurm().memoryBasedScheduling()).isFalse();
        assertThat(cluster.slurm().computeBootstrapTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(cluster.slurm().queues().getFirst().exclusive()).isFalse();
        assertThat(cluster.slurm().queues().getFirst().computeResources())
                .containsExactly(new ComputeResource("small", new InstanceType("c5.large", 2, 4096), 0, 10, List.of()));
    }

    @Test
    void minusOneMeansThatNodesNeverGo() {
        assertThat(ConfigurationReader.read(Files.withSlurm("ScaledownIdletime: -1"))
                        .configuration()
                        .orElseThrow()
                        .slurm()
                        .scaledownIdletime())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "alinux2, ec2-user",
        "alinux2023, ec2-user",
        "rhel8, ec2-user",
        "rhel9, ec2-user",
        "ubuntu2004, ubuntu",
        "ubuntu2204, ubuntu",
        "ubuntu2404, ubuntu",
        "rocky8, rocky",
        "rocky9, rocky"
    })
    void theDefaultUserFollowsFromTheSystem(String os, String user) {
        assertThat(ConfigurationReader.read(Files.with("alinux2023", os))
                        .configuration()
                        .orElseThrow()
                        .defaultUser())
                .isEqualTo(user);
    }

    @Test
    void allProblemsComeAtOnce() {
        Reading reading = ConfigurationReader.read("""
                Image: {Os: windows}
                HeadNode:
                  InstanceType: p5.48xlarge
                  Networking: {}
                  Colour: red
                Scheduling:
                  Scheduler: awsbatch
                  SlurmSettings:
                    ScaledownIdletime: soon
                    CustomSlurmSettings:
                      - ResumeProgram: /tmp/x
                      - SlurmdUser: root
                    Database: {Uri: db}
                  SlurmQueues:
                    - Name: Big
                      ComputeResources:
                        - Name: a
                          InstanceType: c5.large
                          MinCount: 5
                          MaxCount: 4
                        - Name: a
                          MaxCount: 0
                      Networking: {SubnetIds: []}
                    - Name: Big
                      ComputeResources: []
                      Networking: subnet-1
                      CustomActions: {OnNodeStart: {Script: s3://bucket/key}}
                LoginNodes: {}
                SharedStorage:
                  - {Name: data, MountDir: /data, StorageType: Efs}
                Tags:
                  - {Key: "parallelcluster:x", Value: 1}
                """);

        assertThat(reading.configuration()).isEmpty();
        String first = "Scheduling/SlurmQueues[0]/";
        assertThat(reading.messages())
                .filteredOn(message -> message.level() == ValidationLevel.ERROR)
                .extracting(message -> message.id() + " " + message.type())
                .containsExactlyInAnyOrder(
                        "Image/Os ConfigSchemaValidator",
                        "HeadNode/InstanceType InstanceTypeValidator",
                        "HeadNode/Networking/SubnetId ConfigSchemaValidator",
                        "HeadNode/Colour ConfigSchemaValidator",
                        "Scheduling/Scheduler NotImplementedValidator",
                        "Scheduling/SlurmSettings/ScaledownIdletime ConfigSchemaValidator",
                        "Scheduling/SlurmSettings/CustomSlurmSettings[0]/ResumeProgram CustomSlurmSettingsValidator",
                        "Scheduling/SlurmSettings/CustomSlurmSettings[1]/SlurmdUser CustomSlurmSettingsValidator",
                        "Scheduling/SlurmSettings/Database NotImplementedValidator",
                        first + "Name NameValidator",
                        first + "ComputeResources[0]/MaxCount ComputeResourceSizeValidator",
                        first + "ComputeResources[1] ConfigSchemaValidator",
                        first + "ComputeResources[1]/MaxCount ConfigSchemaValidator",
                        first + "ComputeResources[1]/Name DuplicateNameValidator",
                        first + "Networking/SubnetIds ConfigSchemaValidator",
                        "Scheduling/SlurmQueues[1]/Name NameValidator",
                        "Scheduling/SlurmQueues[1]/Name DuplicateNameValidator",
                        "Scheduling/SlurmQueues[1]/ComputeResources ConfigSchemaValidator",
                        "Scheduling/SlurmQueues[1]/Networking ConfigSchemaValidator",
                        "Scheduling/SlurmQueues[1]/CustomActions/OnNodeStart NotImplementedValidator",
                        "LoginNodes NotImplementedValidator",
                        "SharedStorage[0]/StorageType NotImplementedValidator",
                        "Tags[0]/Key TagKeyValidator",
                        "Tags[0]/Value ConfigSchemaValidator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "---", "{}"})
    void anEmptyFileLacksWhatIsRequired(String yaml) {
        assertThat(Files.errors(yaml))
                .containsExactly(
                        "Image ConfigSchemaValidator",
                        "HeadNode ConfigSchemaValidator",
                        "Scheduling ConfigSchemaValidator");
    }

    @Test
    void messagesNameTheValueAndWhatWouldBeRight() {
        assertThat(Files.messages(Files.with("t3.micro", "p5.48xlarge"), ValidationLevel.ERROR))
                .singleElement()
                .extracting(ConfigValidationMessage::message)
                .asString()
                .contains("'p5.48xlarge'", "t3, t3a, m5", "groundplane.<vCPUs>x<MiB>");
        assertThat(Files.messages(Files.withHeadNode("Instancetype: x"), ValidationLevel.ERROR))
                .singleElement()
                .extracting(ConfigValidationMessage::message)
                .asString()
                .startsWith("Unknown key 'Instancetype'; known here: InstanceType, Networking, ");
    }

    @Test
    void anAnswerHasABound() {
        StringBuilder yaml = new StringBuilder(Files.SMALLEST);
        for (int i = 0; i < 1000; i++) {
            yaml.append("Key").append(i).append(": 1\n");
        }
        Reading reading = ConfigurationReader.read(yaml.toString());

        assertThat(reading.configuration()).isEmpty();
        assertThat(reading.messages()).hasSize(Problems.MOST + 1);
        assertThat(reading.messages().getLast())
                .isEqualTo(new ConfigValidationMessage(
                        null,
                        "ConfigSchemaValidator",
                        ValidationLevel.ERROR,
                        "There are 503 more messages, which are not listed."));
    }

    @Test
    void longAndStrangeValuesAreNotPassedOn() {
        String name = "x".repeat(1000) + "\\n";
        assertThat(Files.messages(Files.and("\"" + name + "\": 1"), ValidationLevel.ERROR))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.id()).hasSize(83);
                    assertThat(message.message()).hasSizeLessThan(500);
                });
    }
}

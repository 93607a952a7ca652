package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single keys: what may be there, what must, and what becomes of it. */
class KeysTest {
    private static final String QUEUE = "Scheduling/SlurmQueues[0]";
    private static final String RESOURCE = QUEUE + "/ComputeResources[0]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Image: {Os: alinux2023}                    | Image
            Os: alinux2023                             | Image/Os
            InstanceType: t3.micro                     | HeadNode/InstanceType
            Networking: {SubnetId: subnet-12345678}    | HeadNode/Networking
            SubnetId: subnet-12345678                  | HeadNode/Networking/SubnetId
            Scheduler: slurm                           | Scheduling/Scheduler
            Networking: {SubnetIds: [subnet-12345678]} | Scheduling/SlurmQueues[0]/Networking
            SubnetIds: [subnet-12345678]               | Scheduling/SlurmQueues[0]/Networking/SubnetIds
            """)
    void whatIsRequiredIsMissed(String line, String path) {
        assertThat(Files.errors(Files.with(line, ""))).containsExactly(path + " ConfigSchemaValidator");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Region: 5                          | Region
            Region: ''                         | Region
            Region: [a]                        | Region
            Region: ~                          | Region
            Tags: {a: b}                       | Tags
            Tags: [a]                          | Tags[0]
            'Tags: [{Key: 1, Value: a}]'       | Tags[0]/Key
            'Tags: [{Key: a, Value: true}]'    | Tags[0]/Value
            'Tags: [{Key: a}]'                 | Tags[0]/Value
            DevSettings: text                  | DevSettings
            DevSettings: {Timeouts: 7}         | DevSettings/Timeouts
            'DevSettings: {Timeouts: {ComputeNodeBootstrapTimeout: 0}}'    | DevSettings/Timeouts/ComputeNodeBootstrapTimeout
            'DevSettings: {Timeouts: {ComputeNodeBootstrapTimeout: 1.5}}'  | DevSettings/Timeouts/ComputeNodeBootstrapTimeout
            'DevSettings: {Timeouts: {ComputeNodeBootstrapTimeout: 0x10}}' | DevSettings/Timeouts/ComputeNodeBootstrapTimeout
            Nothing: here                      | Nothing
            '<<: {a: b}'                       | <<
            """)
    void wrongTypesOfTheFirstLevel(String lines, String path) {
        assertThat(Files.errors(Files.and(lines))).containsExactly(path + " ConfigSchemaValidator");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Image: {Os: alinux2023}                       | Image: alinux2023        | Image
            Os: alinux2023                                | Os: [alinux2023]         | Image/Os
            Os: alinux2023                                | Os: centos7              | Image/Os
            Os: alinux2023                                | Os: 8                    | Image/Os
            InstanceType: t3.micro                        | InstanceType: 3          | HeadNode/InstanceType
            Networking: {SubnetId: subnet-12345678}       | Networking: [1]          | HeadNode/Networking
            SubnetId: subnet-12345678                     | SubnetId: [subnet-1]     | HeadNode/Networking/SubnetId
            Scheduler: slurm                              | Scheduler: pbs           | Scheduling/Scheduler
            Scheduler: slurm                              | Scheduler: true          | Scheduling/Scheduler
            SubnetIds: [subnet-12345678]                  | SubnetIds: subnet-1      | Scheduling/SlurmQueues[0]/Networking/SubnetIds
            SubnetIds: [subnet-12345678]                  | SubnetIds: [1]           | Scheduling/SlurmQueues[0]/Networking/SubnetIds[0]
            Name: main                                    | Name: 5                  | Scheduling/SlurmQueues[0]/Name
            Name: small                                   | Name: {a: b}             | Scheduling/SlurmQueues[0]/ComputeResources[0]/Name
            InstanceType: c5.large                        | InstanceType: [c5.large] | Scheduling/SlurmQueues[0]/ComputeResources[0]/InstanceType
            """)
    void wrongTypesOfWhatIsRequired(String part, String other, String path) {
        assertThat(Files.errors(Files.with(part, other))).containsExactly(path + " ConfigSchemaValidator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MinCount: one", "MinCount: -1", "MinCount: [1]", "MinCount: ~", "MinCount: 99999999999"})
    void wrongCounts(String line) {
        assertThat(Files.errors(Files.withResource(line)))
                .containsExactly(RESOURCE + "/MinCount ConfigSchemaValidator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "yes", "on", "'true'", "false", "no", "off"})
    void booleansAreThoseThatParallelClusterTakes(String value) {
        Reading reading = ConfigurationReader.read(Files.withQueue("JobExclusiveAllocation: " + value));

        boolean expected = !value.equals("false") && !value.startsWith("no") && !value.equals("off");
        assertThat(reading.configuration()
                        .orElseThrow()
                        .slurm()
                        .queues()
                        .getFirst()
                        .exclusive())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "maybe", "[true]", "~", "''"})
    void otherBooleansAreNone(String value) {
        assertThat(Files.errors(Files.withQueue("JobExclusiveAllocation: " + value)))
                .containsExactly(QUEUE + "/JobExclusiveAllocation ConfigSchemaValidator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "Main", "1st", "a_b", "-a", "a.b", "abcdefghijklmnopqrstuvwxyz", "''", "ä"})
    void namesThatAreNone(String name) {
        assertThat(Files.errors(Files.with("Name: main", "Name: " + name)))
                .containsExactly(QUEUE + "/Name NameValidator");
        assertThat(Files.errors(Files.with("Name: small", "Name: " + name)))
                .containsExactly(RESOURCE + "/Name NameValidator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-1", "abcdefghijklmnopqrstuvwxy", "default1"})
    void namesThatAreSome(String name) {
        assertThat(Files.errors(Files.with("Name: main", "Name: " + name))).isEmpty();
    }

    @Test
    void aCountThatIsNotThereCountsToo() {
        assertThat(Files.errors(Files.withResource("MinCount: 11")))
                .containsExactly(RESOURCE + "/MinCount ComputeResourceSizeValidator");
        assertThat(Files.errors(Files.withResource("MinCount: 10"))).isEmpty();
        assertThat(Files.errors(Files.withResource("MaxCount: 1000"))).isEmpty();
        assertThat(Files.errors(Files.withResource("MaxCount: 1001")))
                .containsExactly("Scheduling/SlurmQueues MaxCountValidator");
    }

    @Test
    void queuesHaveABound() {
        assertThat(Files.errors(queues(50, 1))).isEmpty();
        assertThat(Files.errors(queues(51, 1)))
                .containsExactly(
                        "Scheduling/SlurmQueues MaxCountValidator", "Scheduling/SlurmQueues MaxCountValidator");
        assertThat(Files.errors(queues(10, 5))).isEmpty();
        assertThat(Files.errors(queues(17, 3))).containsExactly("Scheduling/SlurmQueues MaxCountValidator");
        assertThat(Files.errors(queues(0, 0))).containsExactly("Scheduling/SlurmQueues ConfigSchemaValidator");
    }

    private static String queues(int queues, int resources) {
        String all = IntStream.range(0, queues)
                .mapToObj(q -> "{Name: q%d, Networking: {SubnetIds: [s]}, ComputeResources: [%s]}"
                        .formatted(
                                q,
                                IntStream.range(0, resources)
                                        .mapToObj("{Name: r%d, InstanceType: c5.large, MaxCount: 1}"::formatted)
                                        .collect(Collectors.joining(","))))
                .collect(Collectors.joining(","));
        return Files.SMALLEST.substring(0, Files.SMALLEST.indexOf("  SlurmQueues:")) + "  SlurmQueues: [" + all + "]\n";
    }

    @Test
    void oneOfTheTwoWaysToNameATypeIsNeeded() {
        String both = Files.withResource("Instances: [{InstanceType: c5.large}]");
        assertThat(Files.errors(both)).containsExactly(RESOURCE + " ConfigSchemaValidator");
        assertThat(Files.errors(Files.with("InstanceType: c5.large", "Instances: [{InstanceType: c5.large}]")))
                .isEmpty();
        assertThat(Files.errors(Files.with("InstanceType: c5.large", "Instances: []")))
                .containsExactly(RESOURCE + "/Instances ConfigSchemaValidator");
        assertThat(Files.errors(Files.with("InstanceType: c5.large", "Instances: [{InstanceType: x}]")))
                .containsExactly(RESOURCE + "/Instances[0]/InstanceType InstanceTypeValidator");
        assertThat(Files.errors(Files.with("InstanceType: c5.large", "MaxCount: 3")))
                .containsExactly(RESOURCE + " ConfigSchemaValidator");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Monitoring: {DetailedMonitoring: true, Logs: {CloudWatch: {Enabled: false}}}",
                "Iam: {ResourcePrefix: x}",
                "Imds: {ImdsSupport: v2.0}",
                "DevSettings: {NodePackage: x}",
                "DevSettings: {Timeouts: {HeadNodeBootstrapTimeout: 100}}"
            })
    void whatChoosesNothingIsAWarning(String lines) {
        oneWarning(Files.and(lines));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ssh: {KeyName: a, AllowedIps: b}",
                "LocalStorage: {}",
                "Iam: {}",
                "Imds: {Secured: true}",
                "Image: {CustomAmi: ami-1}",
                "Dcv: {Enabled: false}",
                "SharedStorageType: Efs"
            })
    void whatChoosesNothingInTheHeadNodeIsAWarning(String line) {
        oneWarning(Files.withHeadNode(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CapacityType: SPOT",
                "AllocationStrategy: lowest-price",
                "Image: {CustomAmi: ami-1}",
                "Iam: {}",
                "ComputeSettings: {LocalStorage: {}}",
                "Tags: []"
            })
    void whatChoosesNothingInAQueueIsAWarning(String line) {
        oneWarning(Files.withQueue(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Efa: {Enabled: true}",
                "SpotPrice: 0.5",
                "SchedulableMemory: 1000",
                "StaticNodePriority: 1",
                "Networking: {PlacementGroup: {Enabled: true}}"
            })
    void whatChoosesNothingInAComputeResourceIsAWarning(String line) {
        oneWarning(Files.withResource(line));
    }

    private static void oneWarning(String yaml) {
        Reading reading = ConfigurationReader.read(yaml);
        assertThat(reading.configuration()).isPresent();
        assertThat(reading.messages())
                .filteredOn(message -> message.level() == ValidationLevel.WARNING)
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.type()).isEqualTo("ChoosesNothingValidator");
                    assertThat(message.message()).contains("chooses nothing here: ");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LoginNodes: {}",
                "DirectoryService: {DomainName: x}",
                "AdditionalPackages: {}",
                "AdditionalResources: x",
                "SharedStorage: [{Name: a, MountDir: /a, StorageType: FsxLustre}]"
            })
    void whatWouldMisleadIsRefusedByName(String lines) {
        refused(Files.and(lines));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Database: {}",
                "ExternalSlurmdbd: {}",
                "MungeKeySecretArn: x",
                "CustomSlurmSettingsIncludeFile: x"
            })
    void whatWouldMisleadInSlurmIsRefusedByName(String line) {
        refused(Files.withSlurm(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OnNodeStart: {Script: s3://b/k}",
                "OnNodeConfigured: {Script: 'https://h/k', Args: [a]}",
                "OnNodeUpdated: {Sequence: [{Script: 's3://b/k'}, {Script: 's3://b/l'}]}"
            })
    void scriptsAreRefusedByName(String action) {
        refused(Files.withHeadNode("CustomActions: {" + action + "}"));
    }

    @Test
    void reservationsAreRefusedByName() {
        refused(Files.withQueue("CapacityType: CAPACITY_BLOCK"));
    }

    private static void refused(String yaml) {
        assertThat(Files.messages(yaml, ValidationLevel.ERROR)).singleElement().satisfies(message -> {
            assertThat(message.type()).isEqualTo("NotImplementedValidator");
            assertThat(message.message()).contains(" is not implemented: ");
        });
    }

    @Test
    void theSubnetIsOnlyAnInformation() {
        assertThat(ConfigurationReader.read(Files.SMALLEST).messages())
                .extracting(ConfigValidationMessage::level)
                .containsExactly(ValidationLevel.INFO, ValidationLevel.INFO, ValidationLevel.INFO);
    }
}

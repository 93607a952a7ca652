package dev.groundplane.services.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.services.warehouse.NamespaceRoles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ClusterAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.ClusterNotFoundException;
import software.amazon.awssdk.services.redshift.model.CreateClusterRequest;
import software.amazon.awssdk.services.redshift.model.InvalidClusterStateException;
import software.amazon.awssdk.services.redshift.model.RedshiftException;
import software.amazon.awssdk.services.redshift.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshift.model.Tag;
import software.amazon.awssdk.services.redshift.model.UnauthorizedOperationException;

class RedshiftServiceTest {
    @TempDir
    private Path directory;

    private Provisioned clusters;

    @BeforeEach
    void open() {
        clusters = new Provisioned(directory);
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    private void refused(String code, Consumer<CreateClusterRequest.Builder> with, String message) {
        CreateClusterRequest.Builder request = Provisioned.request("risk");
        with.accept(request);
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client().createCluster(request.build()))
                .satisfies(failure ->
                        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo(code))
                .satisfies(failure ->
                        assertThat(failure.awsErrorDetails().errorMessage()).contains(message));
    }

    @Test
    void aClusterIsAvailableWhenItIsServed() {
        var made = clusters.client()
                .createCluster(Provisioned.request("Risk").build())
                .cluster();
        assertThat(made.clusterIdentifier()).isEqualTo("risk");
        assertThat(made.clusterStatus()).isEqualTo("creating");
        assertThat(made.endpoint().address()).isEqualTo("warehouse.example");
        assertThat(made.endpoint().port()).isEqualTo(5439);
        assertThat(made.clusterNodes()).extracting("nodeRole").containsExactly("LEADER", "COMPUTE-0", "COMPUTE-1");
        clusters.warehouses.served(List.of());
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("creating");

        clusters.serve();

        assertThat(clusters.described("risk")).satisfies(cluster -> {
            assertThat(cluster.clusterStatus()).isEqualTo("available");
            assertThat(cluster.clusterAvailabilityStatus()).isEqualTo("Available");
        });
        assertThat(clusters.warehouse("risk").capacity()).isEqualTo(4);
        assertThat(clusters.warehouse("risk").run().paused()).isFalse();
    }

    @Test
    void redshiftsOwnPortMeansAnyAndAnotherOneThatOne() {
        clusters.create("one");
        assertThat(clusters.client()
                        .createCluster(Provisioned.request("two").port(5439).build())
                        .cluster()
                        .endpoint()
                        .port())
                .isEqualTo(5440);
        refused("InvalidParameterValue", r -> r.port(5440), "Port 5440");
    }

    @Test
    void aPortOfAnotherProgramIsNoClusters() {
        clusters.taken.add(5439);
        clusters.create("risk");
        assertThat(clusters.described("risk").endpoint().port()).isEqualTo(5440);

        clusters.taken.add(6000);
        refused(
                "InvalidParameterValue",
                r -> r.clusterIdentifier("desk").port(6000),
                "Port 6000 is in use by another program");
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("risk").port(6000)))
                .withMessageContaining("Port 6000 is in use by another program");
    }

    @Test
    void aRunBeginsUntilItIsServed() {
        clusters.create("risk");
        assertThat(clusters.warehouse("risk").run().begins()).isFalse();

        clusters.client().rebootCluster(r -> r.clusterIdentifier("risk"));
        var rebooted = clusters.warehouse("risk").run();
        assertThat(rebooted.begins()).isTrue();
        clusters.serve();
        assertThat(clusters.warehouse("risk").run())
                .satisfies(run -> assertThat(run.begins()).isFalse())
                .satisfies(run -> assertThat(run.isSame(rebooted)).isTrue());
    }

    @Test
    void aModifiedClusterGetsThePortThatIsNamedOrNone() {
        clusters.create("one");
        clusters.create("two");
        var run = clusters.warehouse("one").run();

        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("two").port(5439)))
                .withMessageContaining("Port 5439");
        assertThat(clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("one").port(5439))
                        .cluster()
                        .clusterStatus())
                .as("it has it already")
                .isEqualTo("available");
        assertThat(clusters.warehouse("one").run()).isEqualTo(run);
        clusters.client().modifyCluster(r -> r.clusterIdentifier("one").port(6000));
        assertThat(clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("two").port(5439))
                        .cluster()
                        .endpoint()
                        .port())
                .isEqualTo(5439);
    }

    @Test
    void identifiersAreTakenOnce() {
        clusters.create("risk");
        assertThatExceptionOfType(ClusterAlreadyExistsException.class)
                .isThrownBy(() -> clusters.client()
                        .createCluster(Provisioned.request("RISK").build()));
        assertThatExceptionOfType(ClusterNotFoundException.class).isThrownBy(() -> clusters.described("other"));
    }

    @Test
    void whatCannotBeHonouredIsRefusedByName() {
        refused("InvalidParameterValue", r -> r.encrypted(true), "Encrypted");
        refused("InvalidParameterValue", r -> r.kmsKeyId("alias/mine"), "KmsKeyId");
        refused("InvalidParameterValue", r -> r.vpcSecurityGroupIds("sg-1"), "VpcSecurityGroupIds");
        refused("InvalidParameterValue", r -> r.clusterParameterGroupName("mine"), "default.redshift-1.0");
        refused(
                "InvalidParameterValue",
                r -> r.automatedSnapshotRetentionPeriod(7),
                "AutomatedSnapshotRetentionPeriod 7");
        refused("InvalidParameterValue", r -> r.nodeType("dc1.large"), "Invalid node type: dc1.large");
        refused("InvalidParameterValue", r -> r.nodeType("ra3.16xlarge").numberOfNodes(1), "from 2 to 128");
        refused("InvalidParameterCombination", r -> r.clusterType("multi-node").numberOfNodes(1), "multi-node");
        refused("InvalidParameterCombination", r -> r.clusterType("single-node"), "must be 1, not 2");
        refused("InvalidParameterCombination", r -> r.masterUserPassword(null), "ManageMasterPassword");
        refused("InvalidParameterCombination", r -> r.manageMasterPassword(true), "ManageMasterPassword");
        refused("InvalidParameterValue", r -> r.masterUsername("Boss"), "MasterUsername 'Boss'");
        refused("InvalidParameterValue", r -> r.dbName("sys"), "DBName sys is reserved");
        refused("InvalidParameterValue", r -> r.defaultIamRoleArn("arn:aws:iam::1:role/r"), "DefaultIamRoleArn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1risk", "risk-", "ri--sk", "ri_sk"})
    void anIdentifierIsWhatAwsTakes(String identifier) {
        refused(
                "InvalidParameterValue",
                r -> r.clusterIdentifier(identifier),
                "ClusterIdentifier '%s'".formatted(identifier));
    }

    @Test
    void aManagedPasswordIsInSecretsManagerAsLongAsTheCluster() {
        clusters.client()
                .createCluster(Provisioned.request("risk")
                        .masterUserPassword(null)
                        .manageMasterPassword(true)
                        .build());
        clusters.serve();

        assertThat(clusters.described("risk").masterPasswordSecretArn()).isEqualTo("redshift!risk-boss");
        var password = clusters.secrets.get("redshift!risk-boss").replaceAll(".*\"password\":\"([^\"]*)\".*", "$1");
        assertThat(clusters.warehouses.verifiers(clusters.warehouse("risk"), "boss"))
                .singleElement()
                .satisfies(verifier -> assertThat(verifier.accepts(password)).isTrue());
        assertThatExceptionOfType(ClusterAlreadyExistsException.class)
                .isThrownBy(() -> clusters.client()
                        .createCluster(Provisioned.request("risk")
                                .masterUserPassword(null)
                                .manageMasterPassword(true)
                                .build()));
        assertThat(clusters.secrets).containsOnlyKeys("redshift!risk-boss");
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("risk").masterUserPassword("Another123")));

        clusters.client().deleteCluster(r -> r.clusterIdentifier("risk").skipFinalClusterSnapshot(true));
        clusters.serve();
        assertThat(clusters.secrets).isEmpty();
    }

    @Test
    void clustersAreDescribedByTagsAndInPages() {
        for (int i = 0; i < 25; i++) {
            clusters.client()
                    .createCluster(Provisioned.request("c%02d".formatted(i))
                            .tags(Tag.builder()
                                    .key(i % 2 == 0 ? "even" : "odd")
                                    .value("yes")
                                    .build())
                            .build());
        }
        var first = clusters.client().describeClusters(r -> r.maxRecords(20));
        assertThat(first.clusters()).hasSize(20);
        assertThat(clusters.client()
                        .describeClusters(r -> r.maxRecords(20).marker(first.marker()))
                        .clusters())
                .extracting(Cluster::clusterIdentifier)
                .containsExactly("c20", "c21", "c22", "c23", "c24");
        assertThat(clusters.client().describeClusters(r -> r.tagKeys("odd")).clusters())
                .hasSize(12);
        assertThat(clusters.client()
                        .describeClusters(r -> r.tagKeys("odd").tagValues("no"))
                        .clusters())
                .isEmpty();
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client().describeClusters(r -> r.maxRecords(5)));
    }

    @Test
    void aPausedClusterServesNobodyUntilItIsResumed() {
        clusters.create("risk");
        var run = clusters.warehouse("risk").run();
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client().resumeCluster(r -> r.clusterIdentifier("risk")));

        assertThat(clusters.client()
                        .pauseCluster(r -> r.clusterIdentifier("risk"))
                        .cluster()
                        .clusterStatus())
                .isEqualTo("pausing");
        assertThat(clusters.warehouse("risk").run().paused()).isTrue();
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client().rebootCluster(r -> r.clusterIdentifier("risk")));
        clusters.serve();
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("paused");

        clusters.client().resumeCluster(r -> r.clusterIdentifier("risk"));
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("resuming");
        clusters.serve();
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("available");
        assertThat(clusters.warehouse("risk").run().number()).isEqualTo(run.number() + 2);
    }

    @Test
    void whatIsServedAsItWasBeforeIsNotYetWhatIsWanted() {
        clusters.create("risk");
        var before = clusters.redshift.warehouses();
        clusters.client().rebootCluster(r -> r.clusterIdentifier("risk"));

        clusters.warehouses.served(before);
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("rebooting");
        clusters.serve();
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("available");
    }

    @Test
    void aResizedClusterHasAnotherCapacity() {
        clusters.create("risk");
        assertThat(clusters.client()
                        .resizeCluster(r -> r.clusterIdentifier("risk").numberOfNodes(4))
                        .cluster()
                        .clusterStatus())
                .isEqualTo("resizing");
        clusters.serve();
        assertThat(clusters.warehouse("risk").capacity()).isEqualTo(8);
        clusters.client()
                .modifyCluster(
                        r -> r.clusterIdentifier("risk").nodeType("ra3.large").clusterType("single-node"));
        clusters.serve();
        assertThat(clusters.described("risk").numberOfNodes()).isEqualTo(1);
        assertThat(clusters.warehouse("risk").capacity()).isEqualTo(1);
    }

    @Test
    void anotherPasswordHoldsAtOnceAndBreaksNothing() {
        clusters.create("risk");
        var run = clusters.warehouse("risk").run();

        assertThat(clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("risk").masterUserPassword("Another123"))
                        .cluster()
                        .clusterStatus())
                .isEqualTo("available");
        assertThat(clusters.warehouses.verifiers(clusters.warehouse("risk"), "boss"))
                .singleElement()
                .satisfies(
                        verifier -> assertThat(verifier.accepts("Another123")).isTrue());
        assertThat(clusters.warehouse("risk").run()).isEqualTo(run);
    }

    @Test
    void aRenamedClusterKeepsItsDatabases() {
        clusters.create("risk");
        clusters.create("taken");
        var before = clusters.warehouse("risk");

        assertThatExceptionOfType(ClusterAlreadyExistsException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("risk").newClusterIdentifier("taken")));
        clusters.client()
                .modifyCluster(r -> r.clusterIdentifier("risk")
                        .newClusterIdentifier("other")
                        .port(6000));
        clusters.serve();

        assertThat(clusters.described("other").clusterStatus()).isEqualTo("available");
        assertThat(clusters.warehouse("other").namespaceId()).isEqualTo(before.namespaceId());
        assertThat(clusters.warehouse("other").port()).isEqualTo(6000);
        assertThat(clusters.warehouses.verifiers(clusters.warehouse("other"), "boss"))
                .hasSize(1);
        assertThatExceptionOfType(ClusterNotFoundException.class).isThrownBy(() -> clusters.described("risk"));
    }

    @Test
    void aDeletedClusterIsGoneWhenNobodyIsServedAnyMore() {
        clusters.create("risk");
        var served = clusters.redshift.warehouses();
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client().deleteCluster(r -> r.clusterIdentifier("risk")))
                .withMessageContaining("FinalClusterSnapshotIdentifier is required");
        assertThatExceptionOfType(RedshiftException.class)
                .isThrownBy(() -> clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("risk")
                                .skipFinalClusterSnapshot(true)
                                .finalClusterSnapshotIdentifier("last")))
                .withMessageContaining("cannot be specified when SkipFinalClusterSnapshot is true");

        clusters.client()
                .deleteCluster(r -> r.clusterIdentifier("risk")
                        .skipFinalClusterSnapshot(true)
                        .finalClusterSnapshotIdentifier(""));
        clusters.warehouses.served(served);
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("deleting");
        clusters.serve();
        assertThatExceptionOfType(ClusterNotFoundException.class).isThrownBy(() -> clusters.described("risk"));
        clusters.create("again");
        assertThat(clusters.warehouse("again").port()).isEqualTo(5439);
    }

    @Test
    void aClusterThatIsNeverServedIsDeletedOnce() {
        clusters.client().createCluster(Provisioned.request("risk").build());

        assertThat(clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("risk").skipFinalClusterSnapshot(true))
                        .cluster()
                        .clusterStatus())
                .isEqualTo("deleting");
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client()
                        .deleteCluster(r -> r.clusterIdentifier("risk").skipFinalClusterSnapshot(true)))
                .withMessageContaining("risk is deleting");
        clusters.warehouses.served(List.of());
        assertThatExceptionOfType(ClusterNotFoundException.class).isThrownBy(() -> clusters.described("risk"));
    }

    @Test
    void aClusterThatIsNeverServedMayGetAnotherPort() {
        clusters.client().createCluster(Provisioned.request("risk").build());
        var before = clusters.redshift.warehouses();

        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyCluster(
                                r -> r.clusterIdentifier("risk").port(6000).numberOfNodes(4)))
                .withMessageContaining("risk is creating");
        assertThat(clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("risk").port(6000))
                        .cluster()
                        .clusterStatus())
                .isEqualTo("creating");
        clusters.warehouses.served(before);
        assertThat(clusters.described("risk").clusterStatus()).isEqualTo("creating");
        clusters.serve();
        assertThat(clusters.described("risk")).satisfies(cluster -> {
            assertThat(cluster.clusterStatus()).isEqualTo("available");
            assertThat(cluster.endpoint().port()).isEqualTo(6000);
        });

        clusters.client().pauseCluster(r -> r.clusterIdentifier("risk"));
        assertThatExceptionOfType(InvalidClusterStateException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyCluster(r -> r.clusterIdentifier("risk").port(6001)))
                .withMessageContaining("risk is pausing");
    }

    @Test
    void aClusterHasTheRolesThatItsOwnerMayPass() {
        var loader = "arn:aws:iam::123456789012:role/loader";
        var auditor = "arn:aws:iam::123456789012:role/auditor";
        clusters.verdicts.put(loader, RolePassing.Verdict.PASSED);
        clusters.verdicts.put(auditor, RolePassing.Verdict.NOT_ALLOWED);
        clusters.client()
                .createCluster(Provisioned.request("risk").iamRoles(loader).build());
        clusters.serve();

        clusters.client().modifyClusterIamRoles(r -> r.clusterIdentifier("risk").defaultIamRoleArn(loader));
        assertThat(clusters.warehouses.roles(clusters.warehouse("risk")))
                .isEqualTo(new NamespaceRoles(List.of(loader), Optional.of(loader)));
        assertThat(clusters.described("risk").iamRoles().getFirst().applyStatus())
                .isEqualTo("in-sync");
        assertThatExceptionOfType(UnauthorizedOperationException.class)
                .isThrownBy(() -> clusters.client()
                        .modifyClusterIamRoles(r -> r.clusterIdentifier("risk").addIamRoles(auditor)))
                .withMessageContaining("iam:PassRole");
        clusters.client()
                .modifyClusterIamRoles(
                        r -> r.clusterIdentifier("risk").removeIamRoles(loader).defaultIamRoleArn(""));
        assertThat(clusters.warehouses.roles(clusters.warehouse("risk")).all()).isEmpty();
    }

    @Test
    void tagsAreKept() {
        clusters.create("risk");
        var arn = "arn:aws:redshift:us-east-1:123456789012:cluster:risk";
        var team = Tag.builder().key("team").value("risk").build();

        clusters.client().createTags(r -> r.resourceName(arn).tags(team));
        assertThat(clusters.described("risk").tags()).containsExactly(team);
        assertThat(clusters.client()
                        .describeTags(r -> r.resourceType("cluster").tagKeys("team"))
                        .taggedResources())
                .singleElement()
                .satisfies(one -> assertThat(one.resourceName()).isEqualTo(arn));
        clusters.client().deleteTags(r -> r.resourceName(arn).tagKeys("team"));
        assertThat(clusters.client().describeTags(r -> r.resourceName(arn)).taggedResources())
                .isEmpty();
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> clusters.client()
                        .createTags(r -> r.resourceName(arn + "y").tags(team)));
    }

    @Test
    void theCatalogSaysWhatCanBeMade() {
        assertThat(clusters.client()
                        .describeOrderableClusterOptions(r -> r.nodeType("ra3.4xlarge"))
                        .orderableClusterOptions())
                .singleElement()
                .satisfies(option -> assertThat(option.clusterType()).isEqualTo("multi-node"));
        assertThat(clusters.client()
                        .describeClusterParameters(r -> r.parameterGroupName("default.redshift-1.0"))
                        .parameters())
                .extracting("parameterName")
                .contains("search_path", "statement_timeout");
        clusters.create("risk");
        assertThat(clusters.client()
                        .describeLoggingStatus(r -> r.clusterIdentifier("risk"))
                        .loggingEnabled())
                .isFalse();
    }
}

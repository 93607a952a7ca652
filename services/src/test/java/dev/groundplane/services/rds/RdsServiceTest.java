package dev.groundplane.services.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.pgwire.ScramVerifier;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DbClusterAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterStateException;
import software.amazon.awssdk.services.rds.model.RdsException;

class RdsServiceTest {
    @TempDir
    private Path directory;

    private Aurora aurora;

    @BeforeEach
    void open() {
        aurora = new Aurora(directory);
    }

    @AfterEach
    void close() {
        aurora.close();
    }

    private static void refused(String code, String message, Runnable call) {
        assertThatExceptionOfType(RdsException.class)
                .isThrownBy(call::run)
                .satisfies(failure ->
                        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo(code))
                .satisfies(failure ->
                        assertThat(failure.awsErrorDetails().errorMessage()).contains(message));
    }

    private void clusterRefused(String code, Consumer<CreateDbClusterRequest.Builder> with, String message) {
        CreateDbClusterRequest.Builder request = Aurora.request("bank");
        with.accept(request);
        refused(code, message, () -> aurora.client().createDBCluster(request.build()));
    }

    private void instanceRefused(String code, Consumer<CreateDbInstanceRequest.Builder> with, String message) {
        CreateDbInstanceRequest.Builder request = CreateDbInstanceRequest.builder()
                .dbInstanceIdentifier("bank-1")
                .dbClusterIdentifier("bank")
                .engine("aurora-postgresql")
                .dbInstanceClass("db.t4g.medium");
        with.accept(request);
        refused(code, message, () -> aurora.client().createDBInstance(request.build()));
    }

    @Test
    void anInstanceIsAvailableWhenItsServerAnswers() {
        var made = aurora.client()
                .createDBCluster(Aurora.request("Bank").databaseName("trades").build())
                .dbCluster();
        assertThat(made.dbClusterIdentifier()).isEqualTo("bank");
        assertThat(made.status()).isEqualTo("creating");
        assertThat(made.endpoint()).isEqualTo("db.example");
        assertThat(made.port()).isEqualTo(5432);
        assertThat(made.engineVersion()).isEqualTo("17.11");
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("available");
        assertThat(aurora.servers.wanted).isEmpty();

        aurora.servers.done = false;
        aurora.addInstance("bank");
        aurora.settle();
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("creating");
        assertThat(aurora.instance("bank-1").endpoint()).isNull();
        assertThat(aurora.server("bank")).satisfies(server -> {
            assertThat(server.database()).isEqualTo("trades");
            assertThat(server.masterUser()).isEqualTo("boss");
            assertThat(server.memoryMib()).isEqualTo(4096);
            assertThat(ScramVerifier.parse(server.masterVerifier()).accepts("Secret1234"))
                    .isTrue();
        });

        aurora.servers.done = true;
        aurora.settle();
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("available");
        assertThat(aurora.instance("bank-1").endpoint().port()).isEqualTo(5432);
        assertThat(aurora.cluster("bank").dbClusterMembers())
                .singleElement()
                .satisfies(member -> assertThat(member.isClusterWriter()).isTrue())
                .extracting(DBClusterMember::dbInstanceIdentifier)
                .isEqualTo("bank-1");
    }

    @Test
    void portsAreTheMachines() {
        aurora.taken.add(5433);
        aurora.create("one");
        assertThat(aurora.client()
                        .createDBCluster(Aurora.request("two").port(5432).build())
                        .dbCluster()
                        .port())
                .isEqualTo(5434);
        clusterRefused("InvalidParameterValue", r -> r.port(5433), "Port 5433");
        clusterRefused("InvalidParameterValue", r -> r.port(5434), "Port 5434");
        clusterRefused("InvalidParameterValue", r -> r.port(80), "Port 80");
    }

    @Test
    void whatCannotBeHonouredIsRefusedByName() {
        clusterRefused("InvalidParameterValue", r -> r.engine("aurora-mysql"), "Engine 'aurora-mysql'");
        clusterRefused("InvalidParameterValue", r -> r.engine(null), "Engine");
        clusterRefused("InvalidParameterCombination", r -> r.engineVersion("11.9"), "16.15, 17.11");
        clusterRefused("InvalidParameterValue", r -> r.storageEncrypted(true), "StorageEncrypted");
        clusterRefused("InvalidParameterValue", r -> r.vpcSecurityGroupIds("sg-1"), "VpcSecurityGroupIds");
        clusterRefused("InvalidParameterValue", r -> r.engineMode("serverless"), "EngineMode serverless");
        clusterRefused("InvalidParameterValue", r -> r.backupRetentionPeriod(7), "BackupRetentionPeriod 7");
        clusterRefused("InvalidParameterCombination", r -> r.masterUserPassword(null), "ManageMasterUserPassword");
        clusterRefused(
                "InvalidParameterCombination", r -> r.manageMasterUserPassword(true), "ManageMasterUserPassword");
        clusterRefused("InvalidParameterValue", r -> r.masterUserPassword("short"), "8 to 128");
        clusterRefused("InvalidParameterValue", r -> r.masterUserPassword("with a space"), "8 to 128");
        clusterRefused("InvalidParameterValue", r -> r.masterUsername("rdsadmin"), "reserved word");
        clusterRefused("InvalidParameterValue", r -> r.masterUsername("1boss"), "MasterUsername '1boss'");
        clusterRefused("InvalidParameterValue", r -> r.databaseName("rdsadmin"), "DatabaseName rdsadmin");
        clusterRefused("InvalidParameterValue", r -> r.databaseName("a-b"), "DatabaseName 'a-b'");
        clusterRefused(
                "InvalidParameterValue",
                r -> r.serverlessV2ScalingConfiguration(s -> s.minCapacity(4.0).maxCapacity(2.0)),
                "MinCapacity 4.0");
        aurora.client().createDBCluster(Aurora.request("bank").build());
        instanceRefused("InvalidParameterValue", r -> r.engine("postgres"), "Engine 'postgres'");
        instanceRefused("InvalidParameterCombination", r -> r.dbClusterIdentifier(null), "DBClusterIdentifier");
        instanceRefused("InvalidParameterCombination", r -> r.masterUsername("boss"), "Set MasterUsername for");
        instanceRefused("InvalidParameterValue", r -> r.dbInstanceClass("db.m1.small"), "db.m1.small");
        instanceRefused(
                "InvalidParameterCombination",
                r -> r.dbInstanceClass("db.serverless"),
                "ServerlessV2ScalingConfiguration");
        instanceRefused("InvalidParameterValue", r -> r.engineVersion("16.15"), "EngineVersion 16.15");
        instanceRefused("InvalidParameterValue", r -> r.multiAZ(true), "MultiAZ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1bank", "bank-", "ba--nk", "ba_nk"})
    void anIdentifierIsWhatAwsTakes(String identifier) {
        clusterRefused(
                "InvalidParameterValue",
                r -> r.dbClusterIdentifier(identifier),
                "DBClusterIdentifier '%s'".formatted(identifier));
    }

    @Test
    void identifiersAreTakenOnceAndAClusterHasOneInstance() {
        aurora.create("bank");
        assertThatExceptionOfType(DbClusterAlreadyExistsException.class)
                .isThrownBy(() ->
                        aurora.client().createDBCluster(Aurora.request("BANK").build()));
        assertThatExceptionOfType(DbInstanceAlreadyExistsException.class).isThrownBy(() -> aurora.addInstance("bank"));
        instanceRefused("InvalidParameterCombination", r -> r.dbInstanceIdentifier("bank-2"), "readers");
        assertThatExceptionOfType(DbClusterNotFoundException.class).isThrownBy(() -> aurora.cluster("other"));
        assertThatExceptionOfType(DbInstanceNotFoundException.class).isThrownBy(() -> aurora.instance("other"));
        assertThatExceptionOfType(DbClusterNotFoundException.class).isThrownBy(() -> aurora.addInstance("other"));
    }

    @Test
    void aManagedPasswordIsInSecretsManagerAsLongAsTheCluster() {
        aurora.client()
                .createDBCluster(Aurora.request("bank")
                        .masterUserPassword(null)
                        .manageMasterUserPassword(true)
                        .build());
        aurora.addInstance("bank");
        aurora.settle();

        var arn = aurora.cluster("bank").masterUserSecret().secretArn();
        assertThat(arn).startsWith("rds!cluster-");
        var password = aurora.secrets.get(arn).replaceAll(".*\"password\":\"([^\"]*)\".*", "$1");
        assertThat(ScramVerifier.parse(aurora.server("bank").masterVerifier()).accepts(password))
                .isTrue();
        assertThatExceptionOfType(DbClusterAlreadyExistsException.class)
                .isThrownBy(() -> aurora.client()
                        .createDBCluster(Aurora.request("bank")
                                .masterUserPassword(null)
                                .manageMasterUserPassword(true)
                                .build()));
        assertThat(aurora.secrets).containsOnlyKeys(arn);

        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        aurora.client().deleteDBCluster(r -> r.dbClusterIdentifier("bank").skipFinalSnapshot(true));
        aurora.settle();
        assertThat(aurora.secrets).isEmpty();
    }

    @Test
    void aClusterIsDeletedAfterItsInstance() {
        aurora.client()
                .createDBCluster(Aurora.request("bank").deletionProtection(true).build());
        aurora.addInstance("bank");
        aurora.create("free");
        refused(
                "InvalidParameterCombination",
                "deletion protection",
                () -> aurora.client()
                        .deleteDBCluster(r -> r.dbClusterIdentifier("bank").skipFinalSnapshot(true)));
        refused(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier is required",
                () -> aurora.client().deleteDBCluster(r -> r.dbClusterIdentifier("free")));
        refused(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier cannot be specified",
                () -> aurora.client()
                        .deleteDBCluster(r -> r.dbClusterIdentifier("free")
                                .skipFinalSnapshot(true)
                                .finalDBSnapshotIdentifier("last")));
        assertThatExceptionOfType(InvalidDbClusterStateException.class)
                .isThrownBy(() -> aurora.client()
                        .deleteDBCluster(r -> r.dbClusterIdentifier("free").skipFinalSnapshot(true)))
                .withMessageContaining("free-1");

        aurora.servers.done = false;
        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("free-1"));
        aurora.client().deleteDBCluster(r -> r.dbClusterIdentifier("free").skipFinalSnapshot(true));
        aurora.settle();
        assertThat(aurora.instance("free-1").dbInstanceStatus()).isEqualTo("deleting");
        assertThat(aurora.cluster("free").status()).isEqualTo("deleting");
        assertThat(aurora.servers.files).containsValue("free");
        aurora.servers.done = true;
        aurora.settle();
        assertThatExceptionOfType(DbInstanceNotFoundException.class).isThrownBy(() -> aurora.instance("free-1"));
        assertThatExceptionOfType(DbClusterNotFoundException.class).isThrownBy(() -> aurora.cluster("free"));
        assertThat(aurora.servers.files).doesNotContainValue("free");
        aurora.create("again");
        assertThat(aurora.cluster("again").port()).isEqualTo(5433);
    }

    @Test
    void aClusterWithoutItsInstanceKeepsItsData() {
        aurora.create("bank");
        var server = aurora.server("bank");
        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        aurora.settle();
        assertThat(aurora.servers.wanted).isEmpty();
        assertThat(aurora.servers.files).containsKey(server.id());
        assertThat(aurora.cluster("bank").status()).isEqualTo("available");
        aurora.addInstance("bank");
        aurora.settle();
        assertThat(aurora.server("bank").id()).isEqualTo(server.id());
    }

    @Test
    void clustersAreDescribedByFiltersAndInPages() {
        for (int i = 0; i < 25; i++) {
            aurora.client().createDBCluster(Aurora.request("c%02d".formatted(i)).build());
        }
        var first = aurora.client().describeDBClusters(r -> r.maxRecords(20));
        assertThat(first.dbClusters()).hasSize(20);
        assertThat(aurora.client()
                        .describeDBClusters(r -> r.maxRecords(20).marker(first.marker()))
                        .dbClusters())
                .extracting(DBCluster::dbClusterIdentifier)
                .containsExactly("c20", "c21", "c22", "c23", "c24");
        var arn = first.dbClusters().getFirst().dbClusterArn();
        assertThat(aurora.cluster(arn).dbClusterIdentifier()).isEqualTo("c00");
        var filter = Filter.builder().name("db-cluster-id").values("c03", arn).build();
        assertThat(aurora.client().describeDBClusters(r -> r.filters(filter)).dbClusters())
                .hasSize(2);
        refused(
                "InvalidParameterValue",
                "Unrecognized filter name: colour",
                () -> aurora.client()
                        .describeDBClusters(r -> r.filters(
                                Filter.builder().name("colour").values("red").build())));
        refused(
                "InvalidParameterValue",
                "MaxRecords 5",
                () -> aurora.client().describeDBClusters(r -> r.maxRecords(5)));
    }

    @Test
    void otherServicesFindTheServerByTheClustersArn() {
        aurora.client().createDBCluster(Aurora.request("bank").build());
        var arn = aurora.cluster("bank").dbClusterArn();
        assertThat(aurora.rds.find(arn))
                .hasValueSatisfying(found -> assertThat(found.available()).isFalse());
        aurora.addInstance("bank");
        aurora.settle();
        assertThat(aurora.rds.find(arn)).hasValueSatisfying(found -> {
            assertThat(found.available()).isTrue();
            assertThat(found.host()).isEqualTo("db.example");
            assertThat(found.port()).isEqualTo(5432);
            assertThat(found.user()).isEqualTo("rdsadmin");
            assertThat(found.toString()).doesNotContain("administrator's");
        });
        for (String other : List.of("bank", arn + "x", arn.replace("rds", "ecs"), "")) {
            assertThat(aurora.rds.find(other)).isEmpty();
        }
    }
}

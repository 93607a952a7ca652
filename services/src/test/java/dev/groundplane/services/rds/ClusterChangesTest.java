package dev.groundplane.services.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.pgwire.ScramVerifier;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DbClusterParameterGroupNotFoundException;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterStateException;
import software.amazon.awssdk.services.rds.model.InvalidDbParameterGroupStateException;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.rds.model.Tag;

/** Clusters that are modified, stopped and rebooted, and their parameters. */
class ClusterChangesTest {
    @TempDir
    private Path directory;

    private Aurora aurora;

    @BeforeEach
    void open() {
        aurora = new Aurora(directory);
        aurora.create("bank");
    }

    @AfterEach
    void close() {
        aurora.close();
    }

    private void modify(Consumer<ModifyDbClusterRequest.Builder> with) {
        ModifyDbClusterRequest.Builder request =
                ModifyDbClusterRequest.builder().dbClusterIdentifier("bank");
        with.accept(request);
        aurora.client().modifyDBCluster(request.build());
    }

    private void refused(String message, Runnable call) {
        assertThatExceptionOfType(RdsException.class).isThrownBy(call::run).withMessageContaining(message);
    }

    private boolean accepts(String password) {
        return ScramVerifier.parse(aurora.server("bank").masterVerifier()).accepts(password);
    }

    @Test
    void anotherPasswordHoldsWithoutARestart() {
        var run = aurora.server("bank").run();
        modify(r -> r.masterUserPassword("Another1234"));
        assertThat(aurora.cluster("bank").status()).isEqualTo("modifying");
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("available");
        assertThat(accepts("Another1234")).isTrue();
        assertThat(aurora.server("bank").run()).isEqualTo(run);
    }

    @Test
    void aPasswordComesUnderManagementAndLeavesIt() {
        refused("RotateMasterUserPassword", () -> modify(r -> r.rotateMasterUserPassword(true)));
        modify(r -> r.manageMasterUserPassword(true));
        aurora.settle();
        var arn = aurora.cluster("bank").masterUserSecret().secretArn();
        var first = aurora.secrets.get(arn);
        refused("You can't specify MasterUserPassword", () -> modify(r -> r.masterUserPassword("Another1234")));

        refused("Port 80", () -> modify(r -> r.rotateMasterUserPassword(true).port(80)));
        assertThat(aurora.secrets.get(arn)).isEqualTo(first);
        modify(r -> r.rotateMasterUserPassword(true));
        assertThat(aurora.secrets.get(arn))
                .as("it is stored before anything else is done")
                .isEqualTo(first);
        aurora.settle();
        assertThat(aurora.secrets.get(arn)).isNotEqualTo(first);
        assertThat(accepts(aurora.secrets.get(arn).replaceAll(".*\"password\":\"([^\"]*)\".*", "$1")))
                .isTrue();

        refused("You must specify MasterUserPassword", () -> modify(r -> r.manageMasterUserPassword(false)));
        modify(r -> r.manageMasterUserPassword(false).masterUserPassword("Mine123456"));
        assertThat(aurora.secrets).containsKey(arn);
        aurora.settle();
        assertThat(aurora.secrets).isEmpty();
        assertThat(aurora.cluster("bank").masterUserSecret()).isNull();
        assertThat(accepts("Mine123456")).isTrue();
    }

    @Test
    void anotherPortHasTheServerStartedAgain() {
        var run = aurora.server("bank").run();
        modify(r -> r.port(6000));
        aurora.settle();
        assertThat(aurora.instance("bank-1").endpoint().port()).isEqualTo(6000);
        assertThat(aurora.server("bank").run()).isEqualTo(run + 1);
        aurora.create("other");
        assertThat(aurora.cluster("other").port()).isEqualTo(5432);
        refused("Port 80", () -> modify(r -> r.port(80)));
    }

    @Test
    void anInstanceGetsAnotherClass() {
        var run = aurora.server("bank").run();
        aurora.client().modifyDBInstance(r -> r.dbInstanceIdentifier("bank-1").dbInstanceClass("db.r6g.large"));
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("modifying");
        aurora.settle();
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("available");
        assertThat(aurora.server("bank").memoryMib()).isEqualTo(16 * 1024);
        assertThat(aurora.server("bank").run()).isEqualTo(run + 1);
    }

    @Test
    void aStoppedClusterHasNoServerUntilItIsStarted() {
        var run = aurora.server("bank").run();
        aurora.client().stopDBCluster(r -> r.dbClusterIdentifier("bank"));
        assertThat(aurora.cluster("bank").status()).isEqualTo("stopping");
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("stopped");
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("stopped");
        assertThat(aurora.servers.wanted).isEmpty();
        assertThatExceptionOfType(InvalidDbClusterStateException.class)
                .isThrownBy(() -> aurora.client().stopDBCluster(r -> r.dbClusterIdentifier("bank")));

        aurora.client().startDBCluster(r -> r.dbClusterIdentifier("bank"));
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("available");
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("available");
        assertThat(aurora.server("bank").run()).isGreaterThan(run);
    }

    @Test
    void aStoppedClusterThatLostItsInstanceCanBeStarted() {
        aurora.client().stopDBCluster(r -> r.dbClusterIdentifier("bank"));
        aurora.settle();
        aurora.client().deleteDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("stopped");

        aurora.client().startDBCluster(r -> r.dbClusterIdentifier("bank"));
        aurora.settle();
        assertThat(aurora.cluster("bank").status()).isEqualTo("available");
        refused("no instance", () -> aurora.client().stopDBCluster(r -> r.dbClusterIdentifier("bank")));
        aurora.addInstance("bank");
        aurora.settle();
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("available");
    }

    private void makeGroup() {
        aurora.client()
                .createDBClusterParameterGroup(r -> r.dbClusterParameterGroupName("mine")
                        .dbParameterGroupFamily("aurora-postgresql17")
                        .description("ours"));
    }

    private void set(String name, String value, ApplyMethod method) {
        aurora.client()
                .modifyDBClusterParameterGroup(r -> r.dbClusterParameterGroupName("mine")
                        .parameters(Parameter.builder()
                                .parameterName(name)
                                .parameterValue(value)
                                .applyMethod(method)
                                .build()));
        aurora.settle();
    }

    private String groupStatus() {
        return aurora.cluster("bank").dbClusterMembers().stream()
                .map(DBClusterMember::dbClusterParameterGroupStatus)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void parametersHoldAtOnceOrFromTheNextReboot() {
        makeGroup();
        set("work_mem", "8192", ApplyMethod.PENDING_REBOOT);
        modify(r -> r.dbClusterParameterGroupName("mine"));
        aurora.settle();
        assertThat(aurora.server("bank").parameters()).isEmpty();
        assertThat(groupStatus()).isEqualTo("pending-reboot");

        set("random_page_cost", "1.1", ApplyMethod.IMMEDIATE);
        assertThat(aurora.server("bank").parameters()).isEqualTo(Map.of("random_page_cost", "1.1"));
        aurora.client().rebootDBInstance(r -> r.dbInstanceIdentifier("bank-1"));
        assertThat(aurora.instance("bank-1").dbInstanceStatus()).isEqualTo("rebooting");
        aurora.settle();
        assertThat(aurora.server("bank").parameters()).isEqualTo(Map.of("random_page_cost", "1.1", "work_mem", "8192"));
        assertThat(groupStatus()).isEqualTo("in-sync");

        aurora.client()
                .resetDBClusterParameterGroup(r -> r.dbClusterParameterGroupName("mine")
                        .parameters(Parameter.builder()
                                .parameterName("work_mem")
                                .applyMethod(ApplyMethod.IMMEDIATE)
                                .build()));
        aurora.settle();
        assertThat(aurora.server("bank").parameters()).isEqualTo(Map.of("random_page_cost", "1.1"));
        assertThatExceptionOfType(InvalidDbParameterGroupStateException.class)
                .isThrownBy(() ->
                        aurora.client().deleteDBClusterParameterGroup(r -> r.dbClusterParameterGroupName("mine")));
    }

    @Test
    void whatTheServerWouldRefuseIsRefused() {
        makeGroup();
        refused("work_mem", () -> set("work_mem", "8MB", ApplyMethod.IMMEDIATE));
        refused("work_mem", () -> set("work_mem", "1", ApplyMethod.IMMEDIATE));
        refused("bytea_output", () -> set("bytea_output", "morse", ApplyMethod.IMMEDIATE));
        refused("listen_addresses cannot be modified", () -> set("listen_addresses", "*", ApplyMethod.PENDING_REBOOT));
        refused("Could not find parameter", () -> set("no_such", "1", ApplyMethod.IMMEDIATE));
        refused("static parameter", () -> set("max_connections", "50", ApplyMethod.IMMEDIATE));
        refused("application_name", () -> set("application_name", "a\nport = 1", ApplyMethod.IMMEDIATE));
        refused(
                "Default parameter group",
                () -> aurora.client()
                        .deleteDBClusterParameterGroup(
                                r -> r.dbClusterParameterGroupName("default.aurora-postgresql17")));
        refused(
                "aurora-postgresql17 and cannot be used with version 16.15",
                () -> aurora.client()
                        .createDBCluster(Aurora.request("old")
                                .engineVersion("16")
                                .dbClusterParameterGroupName("mine")
                                .build()));
        assertThatExceptionOfType(DbClusterParameterGroupNotFoundException.class)
                .isThrownBy(() -> modify(r -> r.dbClusterParameterGroupName("nobodys")));
    }

    @Test
    void groupsTellTheirParameters() {
        makeGroup();
        set("rds.logical_replication", "0", ApplyMethod.PENDING_REBOOT);
        assertThat(aurora.client().describeDBClusterParameterGroups().dbClusterParameterGroups())
                .extracting("dbClusterParameterGroupName")
                .containsExactly("default.aurora-postgresql16", "default.aurora-postgresql17", "mine");
        assertThat(aurora.client()
                        .describeDBClusterParameters(
                                r -> r.dbClusterParameterGroupName("mine").source("user"))
                        .parameters())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.parameterName()).isEqualTo("rds.logical_replication");
                    assertThat(one.parameterValue()).isEqualTo("0");
                    assertThat(one.applyType()).isEqualTo("static");
                });
        int count = 0;
        Optional<String> marker = Optional.empty();
        do {
            String after = marker.orElse(null);
            var page = aurora.client()
                    .describeDBClusterParameters(r -> r.dbClusterParameterGroupName("default.aurora-postgresql16")
                            .marker(after));
            count += page.parameters().size();
            marker = Optional.ofNullable(page.marker());
        } while (marker.isPresent());
        assertThat(count).isGreaterThan(300);
    }

    @Test
    void tagsAreKept() {
        var team = Tag.builder().key("team").value("risk").build();
        makeGroup();
        for (String resource : new String[] {"cluster:bank", "db:bank-1", "cluster-pg:mine"}) {
            var arn = "arn:aws:rds:us-east-1:123456789012:" + resource;
            aurora.client().addTagsToResource(r -> r.resourceName(arn).tags(team));
            assertThat(aurora.client()
                            .listTagsForResource(r -> r.resourceName(arn))
                            .tagList())
                    .containsExactly(team);
            aurora.client().removeTagsFromResource(r -> r.resourceName(arn).tagKeys("team"));
            assertThat(aurora.client()
                            .listTagsForResource(r -> r.resourceName(arn))
                            .tagList())
                    .isEmpty();
            refused(
                    "not found",
                    () -> aurora.client()
                            .addTagsToResource(r -> r.resourceName(arn + "y").tags(team)));
        }
    }

    @Test
    void theCatalogSaysWhatCanBeMade() {
        assertThat(aurora.client()
                        .describeDBEngineVersions(
                                r -> r.engine("aurora-postgresql").defaultOnly(true))
                        .dbEngineVersions())
                .extracting("engineVersion")
                .containsExactly("17.11");
        assertThat(aurora.client()
                        .describeDBEngineVersions(r -> r.engine("mysql"))
                        .dbEngineVersions())
                .isEmpty();
        assertThat(aurora.client()
                        .describeOrderableDBInstanceOptions(r -> r.engine("aurora-postgresql")
                                .engineVersion("16.15")
                                .dbInstanceClass("db.serverless"))
                        .orderableDBInstanceOptions())
                .hasSize(1);
    }
}

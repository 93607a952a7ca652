package dev.groundplane.server.hpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SlurmConfigurationTest {
    private static List<String> lines(String file) {
        return SlurmConfiguration.of(Clusters.of(file)).lines().toList();
    }

    private static List<String> lines(String file, String beginning) {
        return lines(file).stream().filter(line -> line.startsWith(beginning)).toList();
    }

    @Test
    void theClusterIsKnownByItsNameAndItsHead() {
        assertThat(lines(Clusters.FILE))
                .contains("ClusterName=risk", "SlurmctldHost=head(10.77.0.2)", "StateSaveLocation=/run/cluster/state");
        assertThat(SlurmConfiguration.of(Clusters.of(Clusters.FILE))).endsWith("\n");
    }

    @Test
    void nodesAreLinesOfAResourceWithWhatJobsMayHaveOfThem() {
        assertThat(lines(Clusters.FILE, "NodeName="))
                .containsExactly(
                        "NodeName=main-st-small-[1-2] CPUs=2 RealMemory=3891 State=CLOUD Weight=1",
                        "NodeName=main-dy-small-[1-4] CPUs=2 RealMemory=3891 State=CLOUD Weight=1000",
                        "NodeName=main-st-own-[1-1] CPUs=1 RealMemory=243 State=CLOUD Weight=1",
                        "NodeName=second-dy-big-[1-3] CPUs=2 RealMemory=15564 State=CLOUD Weight=1000");
    }

    @Test
    void queuesArePartitionsOfWhichTheFirstIsTheDefault() {
        assertThat(lines(Clusters.FILE, "PartitionName="))
                .containsExactly(
                        "PartitionName=main Nodes=main-st-small-[1-2],main-dy-small-[1-4],main-st-own-[1-1] Default=YES State=UP",
                        "PartitionName=second Nodes=second-dy-big-[1-3] Default=NO State=UP");
    }

    @Test
    void nodesAreThereBeforePartitionsNameThem() {
        List<String> kinds = lines(Clusters.FILE).stream()
                .filter(line -> line.startsWith("NodeName=") || line.startsWith("PartitionName="))
                .map(line -> line.substring(0, line.indexOf('=')))
                .distinct()
                .toList();
        assertThat(kinds).containsExactly("NodeName", "PartitionName");
    }

    @Test
    void permanentNodesAreNotSuspended() {
        assertThat(lines(Clusters.FILE, "SuspendExcNodes="))
                .containsExactly("SuspendExcNodes=main-st-small-[1-2],main-st-own-[1-1]");
        assertThat(lines(Clusters.FILE.replaceAll("MinCount: \\d", "MinCount: 0"), "SuspendExcNodes="))
                .isEmpty();
    }

    @Test
    void idleNodesGoAfterTheirTimeOrNever() {
        assertThat(lines(Clusters.FILE, "SuspendTime=")).containsExactly("SuspendTime=600");
        assertThat(lines(Clusters.withSlurm("ScaledownIdletime: 3"), "SuspendTime="))
                .containsExactly("SuspendTime=180");
        assertThat(lines(Clusters.withSlurm("ScaledownIdletime: -1"), "SuspendTime="))
                .containsExactly("SuspendTime=INFINITE");
    }

    @Test
    void nodesMayTakeTheirTimeToComeUp() {
        assertThat(lines(Clusters.FILE, "ResumeTimeout=")).containsExactly("ResumeTimeout=1800");
        assertThat(lines(
                        Clusters.FILE + "DevSettings: {Timeouts: {ComputeNodeBootstrapTimeout: 120}}\n",
                        "ResumeTimeout="))
                .containsExactly("ResumeTimeout=120");
    }

    @Test
    void memoryIsGivenToJobsIfTheFileSaysSo() {
        assertThat(lines(Clusters.FILE, "SelectTypeParameters=")).containsExactly("SelectTypeParameters=CR_CPU");
        assertThat(lines(Clusters.withSlurm("EnableMemoryBasedScheduling: true"), "SelectTypeParameters="))
                .containsExactly("SelectTypeParameters=CR_CPU_Memory");
    }

    @Test
    void aQueueMayBeOfExclusiveNodes() {
        String file = Clusters.with("- Name: second\n", "- Name: second\n      JobExclusiveAllocation: true\n");
        assertThat(lines(file, "PartitionName="))
                .containsExactly(
                        "PartitionName=main Nodes=main-st-small-[1-2],main-dy-small-[1-4],main-st-own-[1-1] Default=YES State=UP",
                        "PartitionName=second Nodes=second-dy-big-[1-3] Default=NO State=UP OverSubscribe=EXCLUSIVE");
    }

    @Test
    void settingsOfTheClusterAreLines() {
        String file = Clusters.withSlurm(
                "CustomSlurmSettings:", "  - MessageTimeout: 30", "  - Licenses: '\"a:1, b:2\"'", "  - KillWait: 7");
        assertThat(lines(file)).containsSubsequence("MessageTimeout=30", "Licenses=\"a:1, b:2\"", "KillWait=7");
    }

    @Test
    void settingsOfAQueueAndOfAResourceAreWordsOfTheirOwnLinesOnly() {
        String file = Clusters.with(
                        "- Name: second\n", "- Name: second\n      CustomSlurmSettings: {MaxTime: 60, GraceTime: 10}\n")
                .replace("MaxCount: 3}", "MaxCount: 3, CustomSlurmSettings: {TmpDisk: 100, Sockets: 1}}");
        assertThat(lines(file))
                .filteredOn(line -> line.contains("MaxTime=60"))
                .singleElement()
                .asString()
                .startsWith("PartitionName=second ")
                .endsWith(" State=UP MaxTime=60 GraceTime=10");
        assertThat(lines(file))
                .filteredOn(line -> line.contains("TmpDisk=100"))
                .singleElement()
                .asString()
                .startsWith("NodeName=second-dy-big-[1-3] ")
                .endsWith(" Weight=1000 TmpDisk=100 Sockets=1");
    }

    @Test
    void schedulerParametersAreOneLineWithOurs() {
        assertThat(lines(Clusters.FILE, "SchedulerParameters="))
                .containsExactly("SchedulerParameters=\"batch_sched_delay=0,nohold_on_prolog_fail\"");
        String file = Clusters.withSlurm(
                "CustomSlurmSettings:",
                "  - SchedulerParameters: bf_continue,bf_window=60",
                "  - schedulerparameters: defer",
                "  - KillWait: 7");
        assertThat(lines(file))
                .filteredOn(line -> line.toLowerCase(Locale.ROOT).startsWith("schedulerp"))
                .containsExactly(
                        "SchedulerParameters=\"batch_sched_delay=0,nohold_on_prolog_fail,bf_continue,bf_window=60,defer\"");
        assertThat(lines(file)).contains("KillWait=7");
    }

    @Test
    void schedulerParametersCannotEndAndBeginOthers() {
        String file = Clusters.withSlurm(
                "CustomSlurmSettings:", "  - SchedulerParameters: '\"defer PrologSlurmctld=/tmp/mine\"'");
        assertThat(lines(file, "SchedulerParameters="))
                .containsExactly(
                        "SchedulerParameters=\"batch_sched_delay=0,nohold_on_prolog_fail,defer PrologSlurmctld=/tmp/mine\"");
    }
}

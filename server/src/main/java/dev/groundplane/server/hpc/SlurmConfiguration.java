package dev.groundplane.server.hpc;

import dev.groundplane.services.parallelcluster.SlurmCluster;
import dev.groundplane.services.parallelcluster.SlurmClusters;
import dev.groundplane.services.parallelcluster.configuration.ClusterConfiguration;
import dev.groundplane.services.parallelcluster.configuration.ComputeResource;
import dev.groundplane.services.parallelcluster.configuration.Queue;
import dev.groundplane.services.parallelcluster.configuration.Setting;
import dev.groundplane.services.parallelcluster.configuration.Slurm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster's slurm.conf(5). */
final class SlurmConfiguration {
    /** Of a node's memory, what jobs may have; the rest is Slurm's own. ParallelCluster's share. */
    private static final double FOR_JOBS = 0.95;

    private static final int PERMANENT_WEIGHT = 1;
    private static final int ELASTIC_WEIGHT = 1000;
    /** What does not change from cluster to cluster. */
    private static final String COMMON = """
            SlurmUser=root
            AuthType=auth/munge
            CredType=cred/munge
            # Else what a restarted slurmctld starts anew is refused for two minutes.
            AuthInfo=socket=/run/munge/munge.socket.2,cred_expire=5
            StateSaveLocation=/run/cluster/state
            SlurmctldPidFile=/run/slurm/slurmctld.pid
            SlurmdPidFile=/run/slurm/slurmd.pid
            SlurmdSpoolDir=/run/slurm/spool
            MpiDefault=pmix
            MailProg=/bin/true
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            PropagateResourceLimits=NONE
            JobCompType=jobcomp/filetxt
            JobCompLoc=/run/cluster/state/jobs
            JobRequeue=1
            ReturnToService=2
            SlurmdTimeout=10
            # A machine may hold a cluster that is larger than itself.
            SlurmdParameters=config_overrides
            # Powered down nodes are listed, too.
            PrivateData=cloud
            ResumeProgram=/etc/slurm/power.sh
            SuspendProgram=/etc/slurm/power.sh
            ResumeRate=0
            SuspendRate=0
            SuspendTimeout=10
            SlurmctldParameters=cloud_dns,idle_on_node_suspend,power_save_interval=1,power_save_min_interval=0
            # Slurm would look after a waiting batch job every half minute only.
            PrologSlurmctld=/etc/slurm/await-nodes.sh
            """;

    private SlurmConfiguration() {}

    static String of(SlurmCluster cluster) {
        ClusterConfiguration configuration = cluster.configuration();
        Slurm slurm = configuration.slurm();
        List<String> lines = new ArrayList<>();
        lines.add("ClusterName=" + cluster.name());
        lines.add("SlurmctldHost=%s(%s)".formatted(SlurmClusters.HEAD, SlurmAddresses.of(0)));
        lines.add("SelectTypeParameters=" + (slurm.memoryBasedScheduling() ? "CR_CPU_Memory" : "CR_CPU"));
        lines.add("SuspendTime="
                + slurm.scaledownIdletime()
                        .map(Duration::toSeconds)
                        .map(Object::toString)
                        .orElse("INFINITE"));
        lines.add("ResumeTimeout=" + slurm.computeBootstrapTimeout().toSeconds());
        lines.addAll(settings(slurm.customSettings().stream()
                .filter(setting -> !isScheduling(setting))
                .toList()));
        lines.add(scheduling(slurm.customSettings()));
        List<String> partitions = new ArrayList<>();
        List<String> permanent = new ArrayList<>();
        for (Queue queue : slurm.queues()) {
            List<String> nodes = new ArrayList<>();
            for (ComputeResource resource : queue.computeResources()) {
                name(queue, resource, "st", resource.minCount()).ifPresent(names -> {
                    permanent.add(names);
                    nodes.add(names);
                    lines.add(node(names, resource, PERMANENT_WEIGHT));
                });
                name(queue, resource, "dy", resource.maxCount() - resource.minCount())
                        .ifPresent(names -> {
                            nodes.add(names);
                            lines.add(node(names, resource, ELASTIC_WEIGHT));
                        });
            }
            partitions.add(partition(queue, nodes, partitions.isEmpty()));
        }
        if (!permanent.isEmpty()) {
            lines.add("SuspendExcNodes=" + String.join(",", permanent));
        }
        lines.addAll(partitions);
        return COMMON + String.join("\n", lines) + "\n";
    }

    /** Ours and the file's, as one text: where quotes begin in the middle of a value, Slurm reads no blanks. */
    private static String scheduling(List<Setting> settings) {
        return Stream.concat(
                        // Else batch jobs wait for three seconds more, and one whose launch fails for ever.
                        Stream.of("batch_sched_delay=0", "nohold_on_prolog_fail"),
                        settings.stream()
                                .filter(SlurmConfiguration::isScheduling)
                                .map(setting -> setting.value().replace("\"", "")))
                .collect(Collectors.joining(",", "SchedulerParameters=\"", "\""));
    }

    private static boolean isScheduling(Setting setting) {
        return setting.name().equalsIgnoreCase("SchedulerParameters");
    }

    /** Slurm's expression for nodes of a resource; empty for none. */
    private static Optional<String> name(Queue queue, ComputeResource resource, String kind, int count) {
        return count == 0
                ? Optional.empty()
                : Optional.of("%s-%s-%s-[1-%d]".formatted(queue.name(), kind, resource.name(), count));
    }

    private static String node(String names, ComputeResource resource, int weight) {
        return "NodeName=%s CPUs=%d RealMemory=%d State=CLOUD Weight=%d%s"
                .formatted(
                        names,
                        resource.instanceType().vcpus(),
                        (long) (resource.instanceType().memoryMib() * FOR_JOBS),
                        weight,
                        words(resource.customSettings()));
    }

    private static String partition(Queue queue, List<String> nodes, boolean first) {
        return "PartitionName=%s Nodes=%s Default=%s State=UP%s%s"
                .formatted(
                        queue.name(),
                        String.join(",", nodes),
                        first ? "YES" : "NO",
                        queue.exclusive() ? " OverSubscribe=EXCLUSIVE" : "",
                        words(queue.customSettings()));
    }

    private static List<String> settings(List<Setting> settings) {
        return settings.stream()
                .map(setting -> setting.name() + "=" + setting.value())
                .toList();
    }

    private static String words(List<Setting> settings) {
        return settings(settings).stream().map(word -> " " + word).collect(Collectors.joining());
    }
}

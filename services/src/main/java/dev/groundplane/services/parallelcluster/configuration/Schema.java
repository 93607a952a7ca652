package dev.groundplane.services.parallelcluster.configuration;

import static dev.groundplane.services.parallelcluster.configuration.Key.formal;
import static dev.groundplane.services.parallelcluster.configuration.Key.hollow;
import static dev.groundplane.services.parallelcluster.configuration.Key.refused;
import static dev.groundplane.services.parallelcluster.configuration.Key.used;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.anyText;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.choice;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.flag;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.instanceType;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.integer;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.listOf;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.name;
import static dev.groundplane.services.parallelcluster.configuration.Shapes.text;

/**
 * The keys of the cluster configuration file, as ParallelCluster 3's schema has them, and what becomes of each: {@code used},
 * {@code formal} and {@code hollow}, which are accepted and choose nothing here, or {@code refused}. Sections that others have in
 * them come first. {@code docs/hpc-configuration.md} is made of this table.
 */
final class Schema {
    /** Queues, and compute resources of all queues: ParallelCluster's bounds. */
    static final int MOST_QUEUES = 50;

    static final int MOST_COMPUTE_RESOURCES = 50;

    /** Nodes of a cluster: ours. */
    static final int MOST_NODES = 1000;

    static final int DEFAULT_MIN_COUNT = 0;
    static final int DEFAULT_MAX_COUNT = 10;
    static final int DEFAULT_IDLETIME_MINUTES = 10;
    static final int DEFAULT_BOOTSTRAP_SECONDS = 1800;

    private static final int ANY = Integer.MAX_VALUE;
    private static final String NO_EC2 = "nodes are processes on this installation's hosts";
    private static final String NO_NETWORK = "nodes have a network of their cluster's own";
    private static final String NO_VOLUMES = "nodes have their hosts' disks";
    private static final String NO_IMAGES = "nodes have their hosts' systems";
    private static final String NO_ROLES = "nodes have no instance profile";
    private static final String NO_MARKET = "there is no market of capacity";
    private static final String NO_SCRIPTS = "no script is run on a node";
    private static final String NOT_SHARED =
            "/home is the only directory that all nodes of a cluster share; keep in it what jobs share";

    private static final Section SCRIPT = Section.of(
            used("Script", text(), "its URL").needed(), used("Args", listOf(anyText(), 0, ANY), "its arguments"));
    private static final Section SCRIPTS =
            Section.of(used("Sequence", listOf(SCRIPT, 1, ANY), "several").needed());

    /** One script, or several under the key {@code Sequence}. */
    private static final Shape ACTION = (value, path, problems) -> {
        boolean several = value instanceof YamlNode.Mapping mapping
                && mapping.find("Sequence").isPresent();
        (several ? SCRIPTS : SCRIPT).check(value, path, problems);
    };

    private static final Section QUEUE_ACTIONS =
            Section.of(refused("OnNodeStart", ACTION, NO_SCRIPTS), refused("OnNodeConfigured", ACTION, NO_SCRIPTS));
    private static final Section HEAD_ACTIONS = Section.of(
            refused("OnNodeStart", ACTION, NO_SCRIPTS),
            refused("OnNodeConfigured", ACTION, NO_SCRIPTS),
            refused("OnNodeUpdated", ACTION, NO_SCRIPTS));

    private static final Section IMAGE = Section.of(
            formal(
                            "Os",
                            choice(
                                    "alinux2",
                                    "alinux2023",
                                    "ubuntu2004",
                                    "ubuntu2204",
                                    "ubuntu2404",
                                    "rhel8",
                                    "rhel9",
                                    "rocky8",
                                    "rocky9"),
                            NO_IMAGES + ", and only the name of the default user follows from it")
                    .needed(),
            hollow("CustomAmi", NO_IMAGES));

    private static final Section HEAD_NODE = Section.of(
            used("InstanceType", instanceType(), "vCPUs and memory of the head node")
                    .needed(),
            used(
                            "Networking",
                            Section.of(
                                    formal("SubnetId", text(), NO_NETWORK).needed(),
                                    hollow("ElasticIp", NO_NETWORK),
                                    hollow("SecurityGroups", NO_NETWORK),
                                    hollow("AdditionalSecurityGroups", NO_NETWORK),
                                    hollow("Proxy", NO_NETWORK)),
                            "")
                    .needed(),
            used("DisableSimultaneousMultithreading", flag(), "half as many vCPUs, one for each core (`false`)"),
            used("CustomActions", HEAD_ACTIONS, ""),
            hollow("Ssh", "no node takes part in SSH by this file"),
            hollow("LocalStorage", NO_VOLUMES),
            hollow("SharedStorageType", choice("Ebs", "Efs"), "/home is a directory of this installation"),
            hollow("Dcv", "there is no remote desktop"),
            hollow("Iam", NO_ROLES),
            hollow("Imds", "nodes have no metadata service"),
            hollow("Image", NO_IMAGES));

    private static final Section COMPUTE_RESOURCE = Section.of(
            used("Name", name(), "a part of the nodes' names").needed(),
            used("InstanceType", instanceType(), "vCPUs and memory of the nodes; this or `Instances`"),
            used(
                    "Instances",
                    listOf(
                            Section.of(used("InstanceType", instanceType(), "the first one counts")
                                    .needed()),
                            1,
                            ANY),
                    ""),
            used("MinCount", integer(0, ANY), "static nodes (0)"),
            used("MaxCount", integer(1, ANY), "static and dynamic nodes (10); 1000 in all at most"),
            used("DisableSimultaneousMultithreading", flag(), "half as many vCPUs, one for each core (`false`)"),
            used("CustomSlurmSettings", SlurmSettings.COMPUTE_RESOURCE, "parameters of the nodes"),
            hollow("SchedulableMemory", integer(1, ANY), "nodes have their instance type's memory"),
            hollow("StaticNodePriority", integer(1, ANY), "static nodes come first"),
            hollow("DynamicNodePriority", integer(1, ANY), "static nodes come first"),
            hollow("SpotPrice", NO_MARKET),
            hollow("CapacityReservationTarget", NO_MARKET),
            hollow("Efa", NO_NETWORK),
            hollow("Networking", NO_NETWORK),
            hollow("HealthChecks", "there are no GPUs to check"),
            hollow("Tags", NO_EC2));

    private static final Section QUEUE = Section.of(
            used("Name", name(), "the partition's name").needed(),
            used("ComputeResources", listOf(COMPUTE_RESOURCE, 1, ANY), "").needed(),
            used(
                            "Networking",
                            Section.of(
                                    formal("SubnetIds", listOf(text(), 1, ANY), NO_NETWORK)
                                            .needed(),
                                    hollow("AssignPublicIp", NO_NETWORK),
                                    hollow("SecurityGroups", NO_NETWORK),
                                    hollow("AdditionalSecurityGroups", NO_NETWORK),
                                    hollow("PlacementGroup", NO_NETWORK),
                                    hollow("Proxy", NO_NETWORK)),
                            "")
                    .needed(),
            used("JobExclusiveAllocation", flag(), "whether jobs have their nodes for themselves (`false`)"),
            used("CustomSlurmSettings", SlurmSettings.QUEUE, "parameters of the partition"),
            used("CustomActions", QUEUE_ACTIONS, ""),
            used(
                    "CapacityType",
                    choice("ONDEMAND")
                            .hollow("SPOT", NO_MARKET + ", so no node is taken away")
                            .refused(
                                    "CAPACITY_BLOCK",
                                    "there are no reservations of capacity; ONDEMAND is what there is"),
                    "`ONDEMAND`; `SPOT` is accepted and chooses nothing, `CAPACITY_BLOCK` is not implemented"),
            hollow(
                    "AllocationStrategy",
                    choice("lowest-price", "capacity-optimized", "price-capacity-optimized"),
                    NO_MARKET),
            hollow("CapacityReservationTarget", NO_MARKET),
            hollow("ComputeSettings", NO_VOLUMES),
            hollow("Iam", NO_ROLES),
            hollow("Image", NO_IMAGES),
            hollow("HealthChecks", "there are no GPUs to check"),
            hollow("Tags", NO_EC2));

    private static final Section SLURM_SETTINGS = Section.of(
            used(
                    "ScaledownIdletime",
                    integer(-1, 500_000),
                    "minutes without a job after which dynamic nodes go; -1: never (10)"),
            used("EnableMemoryBasedScheduling", flag(), "whether memory is something that jobs consume (`false`)"),
            used("CustomSlurmSettings", SlurmSettings.CLUSTER, "lines of slurm.conf"),
            hollow(
                    "QueueUpdateStrategy",
                    choice("COMPUTE_FLEET_STOP", "DRAIN", "TERMINATE"),
                    "there are no updates yet"),
            hollow("Dns", "nodes are found without it"),
            refused("Database", "there is no accounting, so no sacct"),
            refused("ExternalSlurmdbd", "there is no accounting, so no sacct"),
            refused("MungeKeySecretArn", "the cluster makes a key of its own, which nobody else can have"),
            refused("CustomSlurmSettingsIncludeFile", "write its lines as CustomSlurmSettings"));

    private static final String AWS_BATCH = "there is no AWS Batch; slurm is the scheduler";

    private static final Section SCHEDULING = Section.of(
            used("Scheduler", choice("slurm").refused("awsbatch", AWS_BATCH), "`slurm`; `awsbatch` is not implemented")
                    .needed(),
            used("SlurmQueues", listOf(QUEUE, 1, MOST_QUEUES), "").needed(),
            used("SlurmSettings", SLURM_SETTINGS, ""),
            hollow(
                    "ScalingStrategy",
                    choice("all-or-nothing", "greedy-all-or-nothing", "best-effort"),
                    "the launch of one node does not depend on others"),
            refused("AwsBatchQueues", AWS_BATCH),
            refused("AwsBatchSettings", AWS_BATCH));

    private static final Section SHARED_STORAGE = Section.of(
            used("Name", text(), "of storage of a type that is implemented; none is yet")
                    .needed(),
            used("MountDir", text(), "of storage of a type that is implemented; none is yet")
                    .needed(),
            used(
                            "StorageType",
                            choice().refused("Ebs", NOT_SHARED)
                                    .refused("Efs", NOT_SHARED)
                                    .refused("FsxLustre", NOT_SHARED)
                                    .refused("FsxOpenZfs", NOT_SHARED)
                                    .refused("FsxOntap", NOT_SHARED)
                                    .refused("FileCache", NOT_SHARED),
                            NOT_SHARED)
                    .needed());

    private static final Section DEV_SETTINGS = Section.of(
            used(
                    "Timeouts",
                    Section.of(
                            used(
                                    "ComputeNodeBootstrapTimeout",
                                    integer(1, ANY),
                                    "seconds that a node may take until it is there (1800)"),
                            hollow(
                                    "HeadNodeBootstrapTimeout",
                                    integer(1, ANY),
                                    "the wait for the head node does not depend on it")),
                    ""),
            hollow("ClusterTemplate", NO_EC2),
            hollow("AmiSearchFilters", NO_IMAGES),
            hollow("InstanceTypesData", "instance types have their usual sizes"),
            hollow("ComputeStartupTimeMetricEnabled", "there is no CloudWatch for it"),
            hollow("Cookbook", NO_IMAGES),
            hollow("NodePackage", NO_IMAGES),
            hollow("AwsBatchCliPackage", NO_IMAGES));

    /** The whole file. */
    static final Section CLUSTER = Section.of(
            used("Region", text(), "the cluster's region (that of the call)"),
            used("Image", IMAGE, "").needed(),
            used("HeadNode", HEAD_NODE, "").needed(),
            used("Scheduling", SCHEDULING, "").needed(),
            used("SharedStorage", listOf(SHARED_STORAGE, 0, ANY), ""),
            used("DevSettings", DEV_SETTINGS, ""),
            used(
                    "Tags",
                    listOf(
                            Section.of(
                                    used("Key", text(), "a tag's key").needed(),
                                    used("Value", anyText(), "a tag's value").needed()),
                            0,
                            ANY),
                    ""),
            hollow("Monitoring", "nodes' logs are kept, and there are no dashboards and alarms"),
            hollow("Iam", NO_ROLES),
            hollow("Imds", "nodes have no metadata service"),
            hollow("CustomS3Bucket", "a cluster needs no bucket"),
            hollow("DeploymentSettings", "the cluster is made without Lambda functions, and nobody has sudo"),
            refused("LoginNodes", "there are no nodes to log in to"),
            refused("DirectoryService", "users of a directory would not be there"),
            refused("AdditionalPackages", "nodes have the programs that their hosts have"),
            refused("AdditionalResources", "there is no CloudFormation"));

    private Schema() {}
}

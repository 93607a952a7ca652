package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Mapping;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.Scalar;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.ScalarKind;
import dev.groundplane.services.parallelcluster.configuration.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * {@code CustomSlurmSettings}: parameters that are passed to Slurm as they are. What the cluster is run by is refused: the names
 * that ParallelCluster refuses, and those that would move or replace what its control plane has set up. Of a cluster's parameters
 * only those are taken that choose how jobs are scheduled and bounded: many others name programs that Slurm's daemons run, or files
 * that they write, with the rights of root on the host. In slurm.conf blanks end a value, {@code #} begins a comment and {@code \}
 * goes on in the next line, so a value with one of these would be several.
 *
 * @param level what the parameters are of, for messages
 * @param isList whether it is a list of mappings of one key each, not one mapping
 * @param set what the cluster sets itself, in small letters
 * @param taken what is taken, in small letters; empty for all that is not in {@code set}
 */
record SlurmSettings(String level, boolean isList, Set<String> set, Set<String> taken) implements Shape {
    /** Lines of slurm.conf: a list of mappings of one key each. */
    static final SlurmSettings CLUSTER = new SlurmSettings(
            "cluster",
            true,
            words(
                    "accountingstoragehost accountingstorageport accountingstoragetype accountingstorageuser authinfo authtype"
                            + " clustername credtype epilog grestypes include jobacctgathertype jobcomptype launchparameters mailprog"
                            + " mpidefault nodename partitionname privatedata proctracktype prolog prologslurmctld reconfigflags"
                            + " resumefailprogram resumeprogram resumerate resumetimeout returntoservice selecttype"
                            + " selecttypeparameters slurmctldhost slurmctldlogfile slurmctldparameters slurmdlogfile slurmdparameters"
                            + " slurmdspooldir slurmuser statesavelocation suspendexcnodes suspendprogram suspendrate suspendtime"
                            + " suspendtimeout taskplugin treewidth"),
            words(
                    "batchstarttimeout completewait debugflags defcpupergpu defmempercpu defmempernode dependencyparameters"
                            + " enforcepartlimits fairsharedampeningfactor firstjobid inactivelimit jobfileappend jobrequeue"
                            + " killonbadexit killwait licenses maxarraysize maxdbdmsgs maxjobcount maxjobid maxmempercpu"
                            + " maxmempernode maxstepcount maxtaskspernode mcsparameters messagetimeout minjobage mpiparams"
                            + " overtimelimit preemptexempttime preemptmode preempttype prioritycalcperiod prioritydecayhalflife"
                            + " priorityfavorsmall priorityflags prioritymaxage priorityparameters prioritytype"
                            + " priorityusageresetperiod priorityweightage priorityweightassoc priorityweightfairshare"
                            + " priorityweightjobsize priorityweightpartition priorityweightqos priorityweighttres requeueexit"
                            + " requeueexithold resvoverrun schedulerparameters schedulertimeslice schedulertype slurmctlddebug"
                            + " slurmctldtimeout slurmddebug slurmdtimeout srunportrange taskpluginparam vsizefactor waittime"));

    /** Parameters of a partition: a mapping. */
    static final SlurmSettings QUEUE = new SlurmSettings(
            "queue",
            false,
            words("default include nodes oversubscribe partitionname resumetimeout state suspendtime"),
            Set.of());

    /** Parameters of nodes: a mapping. */
    static final SlurmSettings COMPUTE_RESOURCE = new SlurmSettings(
            "compute resource",
            false,
            words(
                    "bcastaddr cpus feature features gres include nodeaddr nodehostname nodename port realmemory state weight"),
            Set.of());

    private static final String VALIDATOR = "CustomSlurmSettingsValidator";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
    private static final Pattern VALUE = Pattern.compile(
            "[^\\s\\p{Cntrl}\"#\\\\]+|\"[^\\p{Cntrl}\\u2028\\u2029\"#\\\\]*\"", Pattern.UNICODE_CHARACTER_CLASS);

    SlurmSettings {
        set = Set.copyOf(set);
        taken = Set.copyOf(taken);
    }

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }

    @Override
    public void check(YamlNode value, String path, Problems problems) {
        if (!isList) {
            if (value instanceof Mapping mapping) {
                checkAll(mapping, path, problems);
            } else {
                Shapes.wrongType(value, path, problems, "a mapping of Slurm's parameters to values");
            }
            return;
        }
        if (!(value instanceof Sequence sequence)) {
            Shapes.wrongType(value, path, problems, "a list of mappings of one of Slurm's parameters each");
            return;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            String itemPath = path + "[" + i + "]";
            YamlNode item = sequence.items().get(i);
            if (!(item instanceof Mapping mapping)) {
                Shapes.wrongType(item, itemPath, problems, "a mapping of one of Slurm's parameters to its value");
            } else if (mapping.entries().size() == 1) {
                checkAll(mapping, itemPath, problems);
            } else {
                problems.error(
                        itemPath,
                        VALIDATOR,
                        "The mapping has %d keys; each item is one parameter, and custom nodes, node sets and partitions are not implemented."
                                .formatted(mapping.entries().size()));
            }
        }
    }

    /** The settings of a value without errors. */
    static List<Setting> of(List<YamlNode> mappings) {
        List<Setting> settings = new ArrayList<>();
        for (YamlNode node : mappings) {
            if (node instanceof Mapping mapping) {
                for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
                    if (entry.getValue() instanceof Scalar scalar) {
                        settings.add(new Setting(entry.getKey(), scalar.text()));
                    }
                }
            }
        }
        return settings;
    }

    private void checkAll(Mapping mapping, String path, Problems problems) {
        Set<String> seen = new HashSet<>();
        mapping.entries().forEach((name, value) -> {
            String at = Problems.join(path, name);
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                problems.error(
                        at,
                        VALIDATOR,
                        "The parameter %s comes twice; Slurm knows no small and capital letters."
                                .formatted(Problems.quote(name)));
            }
            checkName(name, at, problems);
            checkValue(value, at, problems);
        });
    }

    private void checkName(String name, String path, Problems problems) {
        String small = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            problems.error(
                    path,
                    VALIDATOR,
                    "The name %s is none of Slurm's: these begin with a letter and have letters and digits only."
                            .formatted(Problems.quote(name)));
        } else if (set.contains(small)) {
            problems.error(
                    path,
                    VALIDATOR,
                    "The Slurm parameter %s is not allowed at the level of the %s: the cluster sets it itself."
                            .formatted(name, level));
        } else if (!taken.isEmpty() && !taken.contains(small)) {
            problems.error(
                    path,
                    VALIDATOR,
                    "The Slurm parameter %s is not allowed at the level of the %s, where only those are that choose how jobs are scheduled and bounded: %s."
                            .formatted(name, level, String.join(", ", new TreeSet<>(taken))));
        }
    }

    private static void checkValue(YamlNode value, String path, Problems problems) {
        if (!(value instanceof Scalar scalar) || scalar.kind() == ScalarKind.NULL) {
            Shapes.wrongType(value, path, problems, "a single value");
        } else if (!VALUE.matcher(scalar.text()).matches()) {
            problems.error(
                    path,
                    VALIDATOR,
                    ("The value %s cannot be passed on: it must be on one line, without '#' and '\\',"
                                    + " and with blanks only between double quotes that are a part of it.")
                            .formatted(Problems.quote(scalar.text())));
        }
    }
}

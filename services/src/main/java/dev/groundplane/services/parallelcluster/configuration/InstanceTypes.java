package dev.groundplane.services.parallelcluster.configuration;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instance types that nodes may have: common ones of EC2 for x86-64 without accelerators, with vCPUs and memory as EC2's list
 * of instance types has them, and sizes of our own, {@code groundplane.<vCPUs>x<MiB>}, with 1 to 192 vCPUs and 128 MiB or more.
 */
public final class InstanceTypes {
    private static final int GIB = 1024;
    private static final Pattern OWN = Pattern.compile("groundplane\\.([1-9][0-9]{0,2})x([1-9][0-9]{2,7})");
    private static final int MOST_VCPUS = 192;
    private static final int LEAST_MIB = 128;

    private static final String BURSTING =
            "nano:2:512 micro:2:1024 small:2:2048 medium:2:4096 large:2:8192 xlarge:4:16384 2xlarge:8:32768";
    private static final String TO_8 = "large xlarge 2xlarge 4xlarge 8xlarge ";
    private static final String TO_24 = TO_8 + "12xlarge 16xlarge 24xlarge ";
    private static final String TO_32 = TO_24 + "32xlarge ";
    private static final String METALS_OF_7 = "metal-24xl:96 metal-48xl:192";

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Set<String> families = new LinkedHashSet<>();

    private static final InstanceTypes ALL = new InstanceTypes();

    private record Row(InstanceType type, int threadsPerCore) {}

    private InstanceTypes() {
        // family, threads of a core, MiB for a vCPU, sizes: name, name:vCPUs or name:vCPUs:MiB
        family(
                "t2",
                1,
                4 * GIB,
                "nano:1:512 micro:1:1024 small:1:2048 medium:2:4096 large:2:8192 xlarge:4:16384 2xlarge:8:32768");
        family("t3", 2, 4 * GIB, BURSTING);
        family("t3a", 2, 4 * GIB, BURSTING);
        family("m5", 2, 4 * GIB, TO_24 + "metal:96");
        family("m5a", 2, 4 * GIB, TO_24);
        family("m5n", 2, 4 * GIB, TO_24 + "metal:96");
        family("m6i", 2, 4 * GIB, TO_32 + "metal:128");
        family("m6a", 2, 4 * GIB, TO_32 + "48xlarge metal:192");
        family("m7i", 2, 4 * GIB, TO_24 + "48xlarge " + METALS_OF_7);
        family("m7a", 1, 4 * GIB, "medium " + TO_32 + "48xlarge metal-48xl:192");
        family("c5", 2, 2 * GIB, "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal:96");
        family("c5a", 2, 2 * GIB, TO_24);
        family("c5n", 2, 2688, "large xlarge 2xlarge 4xlarge 9xlarge:36:98304 18xlarge:72:196608 metal:72:196608");
        family("c6i", 2, 2 * GIB, TO_32 + "metal:128");
        family("c6a", 2, 2 * GIB, TO_32 + "48xlarge metal:192");
        family("c7i", 2, 2 * GIB, TO_24 + "48xlarge " + METALS_OF_7);
        family("c7a", 1, 2 * GIB, "medium " + TO_32 + "48xlarge metal-48xl:192");
        family("r5", 2, 8 * GIB, TO_24 + "metal:96");
        family("r5a", 2, 8 * GIB, TO_24);
        family("r6i", 2, 8 * GIB, TO_32 + "metal:128");
        family("r6a", 2, 8 * GIB, TO_32 + "48xlarge metal:192");
        family("r7i", 2, 8 * GIB, TO_24 + "48xlarge " + METALS_OF_7);
        family("r7a", 1, 8 * GIB, "medium " + TO_32 + "48xlarge metal-48xl:192");
        family("hpc6a", 1, 4 * GIB, "48xlarge:96:393216");
        family("hpc6id", 1, 16 * GIB, "32xlarge:64:1048576");
        family("hpc7a", 1, 4 * GIB, "12xlarge:24:786432 24xlarge:48:786432 48xlarge:96:786432 96xlarge:192:786432");
    }

    /** The type of a name; empty if it is not known. */
    public static Optional<InstanceType> find(String name) {
        Row row = ALL.rows.get(name);
        return row == null ? own(name) : Optional.of(row.type());
    }

    /**
     * The same with {@code DisableSimultaneousMultithreading}: a vCPU for each core, so half as many, and one at least. Types
     * whose cores have one thread are as they were.
     */
    static InstanceType withoutMultithreading(InstanceType type) {
        Row row = ALL.rows.get(type.name());
        int threads = row == null ? 2 : row.threadsPerCore();
        return new InstanceType(type.name(), Math.max(1, type.vcpus() / threads), type.memoryMib());
    }

    /** The names of EC2's types that are known, by family and size; our own are not among them. */
    public static Set<String> names() {
        return new LinkedHashSet<>(ALL.rows.keySet());
    }

    /** What a name may be, for messages. */
    static String known() {
        return "sizes of the families " + String.join(", ", ALL.families)
                + ", or groundplane.<vCPUs>x<MiB>, for example groundplane.1x256 (1 to 192 vCPUs, 128 MiB or more)";
    }

    private static Optional<InstanceType> own(String name) {
        Matcher matcher = OWN.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int vcpus = Integer.parseInt(matcher.group(1));
        long mib = Long.parseLong(matcher.group(2));
        return vcpus > MOST_VCPUS || mib < LEAST_MIB
                ? Optional.empty()
                : Optional.of(new InstanceType(name, vcpus, mib));
    }

    private void family(String family, int threadsPerCore, int mibForVcpu, String sizes) {
        families.add(family);
        for (String size : sizes.strip().split(" ")) {
            String[] parts = size.split(":");
            int vcpus = parts.length > 1 ? Integer.parseInt(parts[1]) : vcpus(parts[0]);
            long mib = parts.length > 2 ? Long.parseLong(parts[2]) : (long) vcpus * mibForVcpu;
            String name = family + "." + parts[0];
            rows.put(name, new Row(new InstanceType(name, vcpus, mib), threadsPerCore));
        }
    }

    /** A large one has 2 vCPUs, an xlarge one 4, an Nxlarge one N times 4. */
    private static int vcpus(String size) {
        return switch (size) {
            case "medium" -> 1;
            case "large" -> 2;
            case "xlarge" -> 4;
            default -> 4 * Integer.parseInt(size.substring(0, size.indexOf('x')));
        };
    }
}

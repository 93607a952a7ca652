package dev.groundplane.services.rds;

import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Instance classes and the memory that they have on AWS. Source: Aurora user guide, "Aurora DB instance classes". */
final class InstanceClass {
    static final String SERVERLESS = "db.serverless";

    private static final int GIB = 1024;
    /** An Aurora capacity unit has 2 GiB. */
    private static final int MIB_PER_UNIT = 2 * GIB;

    private static final SequencedMap<String, Integer> SIZES = sizes();
    private static final SequencedMap<String, Integer> ALL = all();

    private InstanceClass() {}

    private static SequencedMap<String, Integer> sizes() {
        SequencedMap<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("large", 16);
        sizes.put("xlarge", 32);
        sizes.put("2xlarge", 64);
        sizes.put("4xlarge", 128);
        sizes.put("8xlarge", 256);
        sizes.put("12xlarge", 384);
        sizes.put("16xlarge", 512);
        return sizes;
    }

    private static SequencedMap<String, Integer> all() {
        SequencedMap<String, Integer> all = new LinkedHashMap<>();
        for (String family : new String[] {"db.t3.", "db.t4g."}) {
            all.put(family + "medium", 4);
            all.put(family + "large", 8);
        }
        for (String family : new String[] {"db.r5.", "db.r6g.", "db.r6i.", "db.r7g.", "db.r7i.", "db.r8g."}) {
            SIZES.forEach((size, gib) -> all.put(family + size, gib));
        }
        all.put(SERVERLESS, 0);
        return all;
    }

    /** All names, the smallest of each family first. */
    static Iterable<String> names() {
        return ALL.sequencedKeySet();
    }

    /** Refuses what is no class of Aurora PostgreSQL's. */
    static String require(@Nullable String name) {
        if (name == null || !ALL.containsKey(name)) {
            throw RdsErrors.invalid(
                    "Invalid DB Instance class: %s; use db.serverless, db.t4g.medium, db.r6g.large or another of Aurora's.",
                    Objects.requireNonNullElse(name, ""));
        }
        return name;
    }

    /**
     * What an instance has.
     *
     * @param units the most Aurora capacity units of its cluster, which {@code db.serverless} goes by
     */
    static long memoryMib(String name, double units) {
        return name.equals(SERVERLESS)
                ? Math.round(units * MIB_PER_UNIT)
                : (long) GIB * Objects.requireNonNull(ALL.get(name), name);
    }
}

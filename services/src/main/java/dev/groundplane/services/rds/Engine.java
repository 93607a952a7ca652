package dev.groundplane.services.rds;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Aurora PostgreSQL in the versions of PostgreSQL that there are. Immutable. */
record Engine(List<String> versions) {
    static final String NAME = "aurora-postgresql";
    static final int PORT = 5432;

    /** What a cluster gets that names none, where there is it; else the newest. */
    private static final String PREFERRED = "17";

    /** Refuses other engines. */
    static void require(@Nullable String engine) {
        if (!NAME.equals(engine)) {
            throw RdsErrors.invalid(
                    "Engine '%s' is not implemented by Groundplane; use %s.",
                    Objects.requireNonNullElse(engine, ""), NAME);
        }
    }

    static String major(String version) {
        return version.split("\\.", 2)[0];
    }

    /** The name of the family of parameter groups. */
    static String family(String version) {
        return NAME + major(version);
    }

    static String defaultParameterGroup(String version) {
        return "default." + family(version);
    }

    /** The version that somebody means who writes a major or a whole version, or nothing. */
    String version(@Nullable String wanted) {
        if (versions.isEmpty()) {
            throw RdsErrors.invalid(
                    "There is no PostgreSQL in this installation; see docs/rds.md for where it is looked for.");
        }
        if (wanted == null) {
            return versions.stream()
                    .filter(version -> major(version).equals(PREFERRED))
                    .findFirst()
                    .orElseGet(versions::getLast);
        }
        return versions.stream()
                .filter(version -> version.equals(wanted) || major(version).equals(wanted))
                .findFirst()
                .orElseThrow(() -> RdsErrors.combination(
                        "Cannot find version %s for %s; there are %s.", wanted, NAME, String.join(", ", versions)));
    }
}

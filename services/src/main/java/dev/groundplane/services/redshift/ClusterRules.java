package dev.groundplane.services.redshift;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names and values must look like. Source: Redshift API reference. */
final class ClusterRules {
    private static final Pattern IDENTIFIER = Pattern.compile("(?=.{1,63}$)[a-z](-?[a-z0-9])*");
    private static final Pattern DATABASE = Pattern.compile("[a-z][a-z_0-9+.@-]{0,63}");
    private static final Pattern USER = Pattern.compile("[a-z][a-z_0-9+.@-]{0,127}");
    /** Names of the engine's own databases, and Redshift's. */
    private static final Set<String> TAKEN_DATABASES = Set.of("sys", "memory", "system", "temp", "padb_harvest");

    private static final int SMALLEST_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    private ClusterRules() {}

    /** A cluster's identifier, which is kept in small letters. */
    static String identifier(String member, @Nullable String value) {
        return matching(
                member,
                Objects.requireNonNullElse(value, "").toLowerCase(Locale.ROOT),
                IDENTIFIER,
                "1 to 63 letters, digits and single hyphens, beginning with a letter and not ending with a hyphen");
    }

    static String database(@Nullable String value) {
        String name = matching(
                "DBName",
                Objects.requireNonNullElse(value, "dev"),
                DATABASE,
                "1 to 64 small letters, digits and any of _+.@-, beginning with a letter");
        if (TAKEN_DATABASES.contains(name)) {
            throw RedshiftErrors.invalid("DBName %s is reserved; use another name.", name);
        }
        return name;
    }

    static String user(String member, @Nullable String value) {
        String name = matching(
                member, value, USER, "1 to 128 small letters, digits and any of _+.@-, beginning with a letter");
        if (name.equals("public")) {
            throw RedshiftErrors.invalid("%s public is reserved; use another name.", member);
        }
        return name;
    }

    private static String matching(String member, @Nullable String value, Pattern pattern, String right) {
        String given = Objects.requireNonNullElse(value, "");
        if (!pattern.matcher(given).matches()) {
            throw RedshiftErrors.invalid("%s '%s' must be %s.", member, given, right);
        }
        return given;
    }

    /** Refuses values other than the only one that there is here. */
    static void only(String member, @Nullable Object value, Object right) {
        if (value != null && !value.equals(right)) {
            throw RedshiftErrors.invalid(
                    "%s %s is not implemented by Groundplane; use %s, or leave it out.", member, value, right);
        }
    }

    static int pageSize(@Nullable Integer wanted) {
        int size = Objects.requireNonNullElse(wanted, LARGEST_PAGE);
        if (size < SMALLEST_PAGE || size > LARGEST_PAGE) {
            throw RedshiftErrors.invalid("MaxRecords %d must be from %d to %d.", size, SMALLEST_PAGE, LARGEST_PAGE);
        }
        return size;
    }

    /** The last name of the page before; empty for the first page. */
    static String after(@Nullable String marker) {
        try {
            return marker == null ? "" : new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RedshiftErrors.invalid("Marker '%s' is none that an answer had.", marker);
        }
    }

    /** @param last name of a page */
    static String marker(String last) {
        return Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.groundplane.services.redshift;

import dev.groundplane.services.warehouse.RequestRules;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names and values must look like. Source: Redshift API reference. */
final class ClusterRules {
    private static final Pattern IDENTIFIER = Pattern.compile("(?=.{1,63}$)[a-z](-?[a-z0-9])*");
    private static final Pattern DATABASE = Pattern.compile("[a-z][a-z_0-9+.@-]{0,63}");
    private static final Pattern USER = Pattern.compile("[a-z][a-z_0-9+.@-]{0,127}");

    private static final int SMALLEST_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    private static final RequestRules RULES = new RequestRules(RedshiftErrors::invalid);

    private ClusterRules() {}

    /** A cluster's identifier, which is kept in small letters. */
    static String identifier(String member, @Nullable String value) {
        return RULES.matching(
                member,
                Objects.requireNonNullElse(value, "").toLowerCase(Locale.ROOT),
                IDENTIFIER,
                "1 to 63 letters, digits and single hyphens, beginning with a letter and not ending with a hyphen");
    }

    /** A snapshot's identifier, which is kept in small letters. */
    static String snapshot(String member, @Nullable String value) {
        return RULES.snapshot(member, Objects.requireNonNullElse(value, "").toLowerCase(Locale.ROOT));
    }

    /** For how many days a snapshot is kept; -1 for ever. */
    static int retentionDays(String member, @Nullable Integer wanted) {
        return RULES.retentionDays(member, wanted);
    }

    static String database(@Nullable String value) {
        return RULES.database(
                "DBName",
                Objects.requireNonNullElse(value, "dev"),
                DATABASE,
                "1 to 64 small letters, digits and any of _+.@-, beginning with a letter");
    }

    static String user(String member, @Nullable String value) {
        String name = RULES.matching(
                member, value, USER, "1 to 128 small letters, digits and any of _+.@-, beginning with a letter");
        if (name.equals("public")) {
            throw RedshiftErrors.invalid("%s public is reserved; use another name.", member);
        }
        return name;
    }

    /** An administrator's password; says what is wrong without it. */
    static String password(String value) {
        return RULES.password("MasterUserPassword", value);
    }

    /** For how long a temporary password is valid. */
    static int passwordSeconds(@Nullable Integer wanted) {
        return RULES.passwordSeconds("DurationSeconds", wanted);
    }

    /** Refuses values other than the only one that there is here. */
    static void only(String member, @Nullable Object value, Object right) {
        if (value != null && !value.equals(right)) {
            throw RedshiftErrors.invalid(
                    "%s %s is not implemented by Groundplane; use %s, or leave it out.", member, value, right);
        }
    }

    static int pageSize(@Nullable Integer wanted) {
        return RULES.pageSize("MaxRecords", wanted, SMALLEST_PAGE, LARGEST_PAGE);
    }

    /** The last name of the page before; empty for the first page. */
    static String after(@Nullable String marker) {
        return RULES.after("Marker", marker);
    }
}

package dev.groundplane.services.rds;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names and values must look like. Source: RDS API reference. */
final class RdsRules {
    private static final Pattern IDENTIFIER = Pattern.compile("(?=.{1,63}$)[a-z](-?[a-z0-9])*");
    private static final Pattern DATABASE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,62}");
    private static final Pattern USER = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,62}");
    private static final Pattern PASSWORD = Pattern.compile("[\\x21-\\x7E&&[^/@\"]]{8,128}");
    private static final Set<String> TAKEN_DATABASES = Set.of("rdsadmin", "template0", "template1");
    private static final Set<String> TAKEN_USERS = Set.of("admin", "public", "rdsadmin", "none");

    private RdsRules() {}

    /** An identifier, which is kept in small letters. */
    static String identifier(String member, @Nullable String value) {
        return matching(
                member,
                Objects.requireNonNullElse(value, "").toLowerCase(Locale.ROOT),
                IDENTIFIER,
                "1 to 63 letters, digits and single hyphens, beginning with a letter and not ending with a hyphen");
    }

    /**
     * An identifier, or an ARN that has it at its end.
     *
     * @param prefix what stands before it in the ARN
     */
    static String named(String member, @Nullable String value, String prefix) {
        String given = Objects.requireNonNullElse(value, "");
        return identifier(member, given.startsWith(prefix) ? given.substring(prefix.length()) : given);
    }

    static String database(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "";
        }
        String name =
                matching("DatabaseName", value, DATABASE, "1 to 63 letters, digits and underscores, no digit first");
        if (TAKEN_DATABASES.contains(name.toLowerCase(Locale.ROOT))) {
            throw RdsErrors.invalid(
                    "DatabaseName %s cannot be used: PostgreSQL or RDS has it; use another name.", name);
        }
        return name;
    }

    static String user(@Nullable String value) {
        String name = matching(
                "MasterUsername", value, USER, "1 to 63 letters, digits and underscores, beginning with a letter");
        String lower = name.toLowerCase(Locale.ROOT);
        if (TAKEN_USERS.contains(lower) || lower.startsWith("pg_") || lower.startsWith("rds_")) {
            throw RdsErrors.invalid(
                    "MasterUsername %s cannot be used as it is a reserved word used by the engine; use another name.",
                    name);
        }
        return name;
    }

    /** Says what is wrong without the password. */
    static String password(String value) {
        if (!PASSWORD.matcher(value).matches()) {
            throw RdsErrors.invalid("MasterUserPassword must have 8 to 128 printable ASCII characters other than / @ \""
                    + " and space.");
        }
        return value;
    }

    private static String matching(String member, @Nullable String value, Pattern pattern, String right) {
        String given = Objects.requireNonNullElse(value, "");
        if (!pattern.matcher(given).matches()) {
            throw RdsErrors.invalid("%s '%s' must be %s.", member, given, right);
        }
        return given;
    }

    /** Refuses values other than the only one that there is here. */
    static void only(String member, @Nullable Object value, Object right) {
        if (value != null && !value.equals(right)) {
            throw RdsErrors.invalid(
                    "%s %s is not implemented by Groundplane; use %s, or leave it out.", member, value, right);
        }
    }
}

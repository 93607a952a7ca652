package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A session's settings, by Redshift's names in small letters. For one thread. */
final class Settings {
    /** Those that clients are told of at the start and when they change. */
    private static final List<String> REPORTED = List.of(
            "server_version",
            "server_encoding",
            "client_encoding",
            "DateStyle",
            "TimeZone",
            "integer_datetimes",
            "is_superuser",
            "session_authorization",
            "standard_conforming_strings",
            "application_name",
            "datashare_enabled",
            "external_database",
            "show_discovery");

    private static final Set<String> FIXED =
            Set.of("server_version", "server_encoding", "integer_datetimes", "is_superuser", "session_authorization");

    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> told = new LinkedHashMap<>();

    /** The defaults for a user. */
    Settings(String user) {
        // Redshift is of PostgreSQL 8.0.2's descent, and its drivers look at that.
        defaults.put("server_version", "8.0.2");
        defaults.put("server_encoding", "UTF8");
        defaults.put("client_encoding", "UTF8");
        defaults.put("datestyle", "ISO, MDY");
        defaults.put("timezone", "UTC");
        defaults.put("integer_datetimes", "on");
        defaults.put("is_superuser", "off");
        defaults.put("session_authorization", user);
        defaults.put("standard_conforming_strings", "off");
        defaults.put("application_name", "");
        // Amazon's drivers then ask SVV_ALL_SCHEMAS and its like for metadata.
        defaults.put("datashare_enabled", "on");
        defaults.put("external_database", "on");
        defaults.put("show_discovery", "2");
        defaults.put("search_path", "$user, public");
        defaults.put("statement_timeout", "0");
        defaults.put("query_group", "default");
        defaults.put("extra_float_digits", "0");
        defaults.put("transaction_isolation", "serializable");
        defaults.put("enable_case_sensitive_identifier", "off");
    }

    /** What stands for a setting; names nobody gave a value are unknown. */
    String get(String name) {
        var key = key(name);
        var value = values.getOrDefault(key, defaults.get(key));
        if (value == null) {
            throw SqlFailure.of(
                    SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"".formatted(name));
        }
        return value;
    }

    /** Sets a value; names with a dot are the client's own. */
    void set(String name, List<String> values) {
        var key = key(name);
        if (FIXED.contains(key)) {
            throw SqlFailure.of("55P02", "parameter \"%s\" cannot be changed".formatted(name));
        }
        this.values.put(key, checked(key, String.join(", ", values)));
    }

    private static String checked(String name, String value) {
        switch (name) {
            case "timezone" -> requireZone(value);
            case "client_encoding" -> {
                if (!Set.of("utf8", "utf-8", "unicode").contains(value.toLowerCase(Locale.ROOT))) {
                    throw invalid(name, value, "UTF8");
                }
                return "UTF8";
            }
            case "statement_timeout" -> {
                if (!value.matches("\\d{1,9}")) {
                    throw invalid(name, value, "milliseconds, or 0 for none");
                }
            }
            default -> {}
        }
        return value;
    }

    private static void requireZone(String value) {
        try {
            ZoneId.of(value);
        } catch (DateTimeException e) {
            throw invalid("timezone", value, "a name as in Europe/London");
        }
    }

    private static SqlFailure invalid(String name, String value, String right) {
        return SqlFailure.of(
                SqlState.INVALID_PARAMETER_VALUE,
                "invalid value for parameter \"%s\": \"%s\"".formatted(name, value),
                "Use " + right + ".");
    }

    void reset(String name) {
        if (name.equals("all")) {
            values.clear();
        } else {
            get(name);
            values.remove(key(name));
        }
    }

    /** The settings that clients are told of and that are not as they were when this was asked last. */
    Map<String, String> changed() {
        var changed = new LinkedHashMap<String, String>();
        for (var name : REPORTED) {
            var value = get(name);
            if (!value.equals(told.put(name, value))) {
                changed.put(name, value);
            }
        }
        return changed;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A session's settings, by Redshift's names in small letters. What a value would not change anything by is refused. For one thread. */
final class Settings {
    private static final Pattern ANYTHING = Pattern.compile(".*", Pattern.DOTALL);
    private static final Pattern OFF = Pattern.compile("off|false|0", Pattern.CASE_INSENSITIVE);

    /**
     * A setting.
     *
     * @param name as clients are told of it at the start and when it changes; empty when they are not
     * @param standard what it is when nobody says otherwise
     * @param allowed what it can be set to
     * @param right the same in words
     */
    private record Setting(String name, String standard, Pattern allowed, String right) {
        static Setting fixed(String name, String value) {
            return new Setting(name, value, Pattern.compile(Pattern.quote(value)), value);
        }
    }

    private static final Map<String, Setting> KNOWN = Map.ofEntries(
            // Redshift is of PostgreSQL 8.0.2's descent, and its drivers look at that.
            Map.entry("server_version", Setting.fixed("server_version", "8.0.2")),
            Map.entry("server_encoding", Setting.fixed("server_encoding", "UTF8")),
            Map.entry("integer_datetimes", Setting.fixed("integer_datetimes", "on")),
            Map.entry("is_superuser", Setting.fixed("is_superuser", "off")),
            // Amazon's drivers then ask SVV_ALL_SCHEMAS and its like for metadata.
            Map.entry("datashare_enabled", Setting.fixed("datashare_enabled", "on")),
            Map.entry("external_database", Setting.fixed("external_database", "on")),
            Map.entry("show_discovery", Setting.fixed("show_discovery", "2")),
            Map.entry(
                    "client_encoding",
                    new Setting("client_encoding", "UTF8", Pattern.compile("(?i)utf-?8|unicode"), "UTF8")),
            Map.entry("datestyle", new Setting("DateStyle", "ISO, MDY", Pattern.compile("(?i)iso.*"), "ISO")),
            Map.entry("timezone", new Setting("TimeZone", "UTC", ANYTHING, "a name as in Europe/London")),
            Map.entry("standard_conforming_strings", new Setting("standard_conforming_strings", "off", OFF, "off")),
            Map.entry("application_name", new Setting("application_name", "", ANYTHING, "any text")),
            Map.entry("search_path", new Setting("", "$user, public", ANYTHING, "names of schemas")),
            Map.entry(
                    "statement_timeout",
                    new Setting("", "0", Pattern.compile("\\d{1,9}"), "milliseconds, or 0 for none")),
            Map.entry("query_group", new Setting("", "default", ANYTHING, "any text")),
            Map.entry("extra_float_digits", new Setting("", "0", Pattern.compile("-?\\d{1,2}"), "a number to 3")),
            Map.entry(
                    "transaction_isolation",
                    new Setting("", "serializable", Pattern.compile("(?i)serializable"), "serializable")),
            Map.entry("enable_case_sensitive_identifier", new Setting("", "off", OFF, "off")),
            Map.entry("enable_result_cache_for_session", new Setting("", "off", OFF, "off: there is none")));

    private String user;
    private boolean superuser;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> told = new LinkedHashMap<>();

    /**
     * A user's settings.
     *
     * @param values those that are not as they are by default, which were checked when they were set
     */
    Settings(String user, Map<String, String> values) {
        this.user = user;
        this.values.putAll(values);
    }

    /** The session acts as a user from now on. */
    void actAs(String other, boolean isSuperuser) {
        user = other;
        superuser = isSuperuser;
    }

    /** What a setting is; names nobody gave a value are unknown. */
    String get(String name) {
        var key = key(name);
        if (key.equals("session_authorization")) {
            return user;
        }
        if (key.equals("is_superuser")) {
            return superuser ? "on" : "off";
        }
        var known = KNOWN.get(key);
        if (known == null && !values.containsKey(key)) {
            throw unknown(name);
        }
        return values.getOrDefault(key, known == null ? "" : known.standard());
    }

    /** For how long a statement may run; zero for any time. */
    Duration statementTimeout() {
        return Duration.ofMillis(Long.parseLong(get("statement_timeout")));
    }

    /** The schemas in which names without one are looked for, first to last. */
    List<String> searchPath() {
        return searchPath(List.of(get("search_path")));
    }

    /** The schemas that such a path names, as clients write it. */
    List<String> searchPath(List<String> written) {
        return Stream.of(String.join(",", written).split(","))
                .map(name -> name.replace("\"", "").strip().toLowerCase(Locale.ROOT))
                .map(name -> name.equals("$user") ? user.toLowerCase(Locale.ROOT) : name)
                .toList();
    }

    /** Sets a value; names with a dot are the client's own. */
    void set(String name, List<String> given) {
        var key = key(name);
        var value = String.join(", ", given);
        var known = KNOWN.get(key);
        if (known == null && !key.contains(".")) {
            throw unknown(name);
        }
        if (known != null && !known.allowed().matcher(value).matches()) {
            throw invalid(name, value, known.right());
        }
        if (key.equals("timezone")) {
            requireZone(value);
        }
        values.put(key, value);
    }

    private static void requireZone(String value) {
        try {
            ZoneId.of(value);
        } catch (DateTimeException e) {
            throw invalid("timezone", value, "a name as in Europe/London");
        }
    }

    private static SqlFailure unknown(String name) {
        return SqlFailure.of(SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"".formatted(name));
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

    /** Those that are not as they are by default. */
    Map<String, String> values() {
        return Map.copyOf(values);
    }

    /** The settings that clients are told of and that are not as they were when this was asked last. */
    Map<String, String> changed() {
        var changed = new LinkedHashMap<String, String>();
        KNOWN.values().stream()
                .map(Setting::name)
                .filter(name -> !name.isEmpty())
                .forEach(name -> tell(name, changed));
        tell("session_authorization", changed);
        return changed;
    }

    private void tell(String name, Map<String, String> changed) {
        var value = get(name);
        if (!value.equals(told.put(name, value))) {
            changed.put(name, value);
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

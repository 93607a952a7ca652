package dev.groundplane.services.redshiftserverless;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.redshiftserverless.model.ConfigParameter;

/** A workgroup's parameters: those that the warehouse acts on, and of others the one value that is true of it. */
final class ConfigParameters {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,5}");
    private static final int LONGEST = 86_399;

    /** Limits on how long a query runs or waits, in seconds. No query waits, so the second is always kept. */
    private static final List<String> DURATIONS = List.of("max_query_execution_time", "max_query_queue_time");

    /** What sessions begin with. */
    private static final List<String> SETTINGS = List.of("query_group", "search_path");

    private static final Map<String, String> FIXED = Map.of(
            "auto_mv", "false",
            "datestyle", "ISO, MDY",
            "enable_case_sensitive_identifier", "false",
            "enable_user_activity_logging", "false",
            "require_ssl", "false",
            "use_fips_ssl", "false");

    private ConfigParameters() {}

    /**
     * Parameters as they are after a change; those that are not named stay.
     *
     * @throws software.amazon.awssdk.services.redshiftserverless.model.ValidationException when one is not known, or its value
     *     would change nothing
     */
    static List<ConfigParameter> changed(Collection<ConfigParameter> before, Collection<ConfigParameter> changes) {
        Map<String, ConfigParameter> parameters = new LinkedHashMap<>();
        before.forEach(parameter -> parameters.put(parameter.parameterKey(), parameter));
        for (ConfigParameter change : changes) {
            check(String.valueOf(change.parameterKey()), String.valueOf(change.parameterValue()));
            parameters.put(change.parameterKey(), change);
        }
        return List.copyOf(parameters.values());
    }

    private static void check(String key, String value) {
        if (DURATIONS.contains(key)) {
            if (!SECONDS.matcher(value).matches() || Integer.parseInt(value) > LONGEST) {
                throw RedshiftErrors.invalid("%s %s must be seconds from 0 to %d.", key, value, LONGEST);
            }
            return;
        }
        String only = FIXED.get(key);
        if (only != null && !only.equalsIgnoreCase(value)) {
            throw RedshiftErrors.invalid("%s %s is not implemented by Groundplane; it is %s.", key, value, only);
        }
        if (only == null && !SETTINGS.contains(key)) {
            throw RedshiftErrors.invalid("The parameter %s is not implemented by Groundplane; leave it out.", key);
        }
    }

    /** By their keys. */
    static Map<String, String> byKey(Collection<ConfigParameter> parameters) {
        Map<String, String> values = new TreeMap<>();
        parameters.forEach(parameter -> values.put(parameter.parameterKey(), parameter.parameterValue()));
        return values;
    }
}

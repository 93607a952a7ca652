package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.gateway.Gateway;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What is set for all sessions of the workgroup, as the control plane knows it when a session begins. */
record WorkgroupParameters(Map<String, String> values) {
    private static final String EXECUTION_TIME = "max_query_execution_time";

    /** Asks the control plane. */
    static WorkgroupParameters of(Gateway gateway) {
        var values = new HashMap<String, String>();
        gateway.call("WorkgroupParameters", Map.of())
                .path("parameters")
                .properties()
                .forEach(one -> values.put(one.getKey(), one.getValue().asText()));
        return new WorkgroupParameters(Map.copyOf(values));
    }

    /** For how long a query may be carried out; zero for any time. */
    Duration longestExecution() {
        return Duration.ofSeconds(Long.parseLong(values.getOrDefault(EXECUTION_TIME, "0")));
    }
}

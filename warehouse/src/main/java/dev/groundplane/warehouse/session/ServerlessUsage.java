package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.function.FunctionFailure;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.Map;

/** What the system view {@code SYS_SERVERLESS_USAGE} shows: what the control plane has recorded by now. */
final class ServerlessUsage {
    private ServerlessUsage() {}

    /**
     * The recorded periods as an array of JSON.
     *
     * @throws FunctionFailure when the control plane does not answer
     */
    static String of(Gateway gateway) {
        try {
            var periods = gateway.call("ServerlessUsage", Map.of()).path("periods");
            return periods.isArray() ? periods.toString() : "[]";
        } catch (SqlFailure e) {
            throw new FunctionFailure(e.report().sqlState(), String.valueOf(e.getMessage()));
        }
    }
}

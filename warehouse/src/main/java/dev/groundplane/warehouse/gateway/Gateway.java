package dev.groundplane.warehouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.Map;

/** The control plane, as the warehouse asks it for what only that knows or may do. Thread-safe. */
@FunctionalInterface
public interface Gateway {
    /**
     * Asks for an operation and waits for its answer.
     *
     * @param members of the request; values are what Jackson writes as JSON
     * @return the answer's members
     * @throws SqlFailure with the control plane's reason, or when it is away
     */
    JsonNode call(String operation, Map<String, ?> members);
}

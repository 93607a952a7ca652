package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.services.warehouse.Warehouse;

/** An operation that workers ask of the control plane. Thread-safe. */
@FunctionalInterface
public interface WorkerCall {
    /**
     * Carries it out.
     *
     * @param warehouse whose worker asks
     * @param request the members that the operation has, and {@code operation}
     * @return a JSON object
     * @throws WorkerCallRefused with what the worker's client is told
     */
    JsonNode answer(Warehouse warehouse, JsonNode request);
}

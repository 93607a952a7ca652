package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.services.warehouse.Warehouse;
import java.util.Map;
import java.util.function.Function;

/** {@code WorkgroupParameters}: what is set for all sessions of a workgroup. The answer has {@code parameters}, texts by their keys. */
public final class WorkgroupParameters implements WorkerCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<Warehouse, Map<String, String>> parameters;

    /** @param parameters those of a workgroup */
    public WorkgroupParameters(Function<Warehouse, Map<String, String>> parameters) {
        this.parameters = parameters;
    }

    @Override
    public JsonNode answer(Warehouse warehouse, JsonNode request) {
        return JSON.valueToTree(Map.of("parameters", parameters.apply(warehouse)));
    }
}

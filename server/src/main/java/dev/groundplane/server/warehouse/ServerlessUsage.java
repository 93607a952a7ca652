package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.redshiftserverless.UsagePeriod;
import dev.groundplane.services.warehouse.Warehouse;
import java.util.List;
import java.util.function.Function;

/**
 * {@code ServerlessUsage}: what the workgroup has used. The answer has {@code periods}, each with {@code start} and {@code end} in
 * milliseconds since 1970, {@code computeSeconds}, {@code capacity} and {@code storageMegabytes}.
 */
public final class ServerlessUsage implements WorkerCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<Warehouse, List<UsagePeriod>> usage;

    /** @param usage as {@link RedshiftServerless#usage} */
    public ServerlessUsage(Function<Warehouse, List<UsagePeriod>> usage) {
        this.usage = usage;
    }

    @Override
    public JsonNode answer(Warehouse warehouse, JsonNode request) {
        ObjectNode answer = JSON.createObjectNode();
        var periods = answer.putArray("periods");
        for (UsagePeriod period : usage.apply(warehouse)) {
            periods.addObject()
                    .put("start", period.start().toEpochMilli())
                    .put("end", period.end().toEpochMilli())
                    .put("computeSeconds", period.computeSeconds())
                    .put("capacity", period.capacity())
                    .put("storageMegabytes", period.storageMegabytes());
        }
        return answer;
    }
}

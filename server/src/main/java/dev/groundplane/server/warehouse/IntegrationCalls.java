package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.services.integration.DataFilter.TablePattern;
import dev.groundplane.services.integration.IntegrationClaims;
import dev.groundplane.services.integration.IntegrationClaims.Followed;
import dev.groundplane.services.integration.SourceEngine;
import dev.groundplane.services.warehouse.Warehouse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What workers ask about integrations. Each request has {@code integration} and {@code database}, the warehouse's.
 *
 * <p>{@code ClaimIntegration}, also with {@code sourceDatabase}, lets it follow. {@code FollowIntegration} answers with {@code
 * host}, {@code port}, {@code database}, {@code user}, {@code password}, {@code sslMode}, {@code authority}, a certificate in PEM
 * or empty, {@code name}, of the replication slot, and {@code tables}, patterns of those that are followed, of which the last that
 * matches decides, each with {@code included}, and {@code schema} and {@code table}, regular expressions to be found in the names.
 * Its {@code engine} is {@code postgresql}, or {@code mariadb} or {@code mysql}, which have in {@code server} as which replica it is followed; there
 * {@code schema} is found in the database's name. {@code ReportIntegration} says that changes come, in {@code lagMillis} how late,
 * and in {@code place} up to where the warehouse has everything, if the source does not keep that itself. {@code
 * ReleaseIntegration} says that the database is no more. Thread-safe.
 */
public final class IntegrationCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final IntegrationClaims claims;

    public IntegrationCalls(IntegrationClaims claims) {
        this.claims = claims;
    }

    /**
     * The calls by their names.
     *
     * @param taken told of an integration before a worker is, which has its source alone then
     * @param busy told of a warehouse whose worker applies changes
     */
    Map<String, WorkerCall> operations(Consumer<String> taken, Consumer<Warehouse> busy) {
        return Map.of(
                "ClaimIntegration",
                (warehouse, request) -> refusable(() -> claim(warehouse, request)),
                "FollowIntegration",
                (warehouse, request) -> refusable(() -> follow(warehouse, request, taken)),
                "ReportIntegration",
                (warehouse, request) -> {
                    busy.accept(warehouse);
                    Duration lag = Duration.ofMillis(request.path("lagMillis").asLong());
                    claims.report(
                            warehouse.scope(),
                            request.path("integration").asText(),
                            lag,
                            Optional.ofNullable(request.path("place").textValue()));
                    return JSON.createObjectNode();
                },
                "ReleaseIntegration",
                (warehouse, request) -> release(warehouse, request));
    }

    private interface Answer {
        JsonNode get();
    }

    private static JsonNode refusable(Answer answer) {
        try {
            return answer.get();
        } catch (IntegrationClaims.Refused e) {
            throw new WorkerCallRefused(SqlState.UNDEFINED_OBJECT, String.valueOf(e.getMessage()));
        }
    }

    private JsonNode claim(Warehouse warehouse, JsonNode request) {
        claims.claim(
                warehouse.scope(),
                warehouse.namespaceId(),
                request.path("integration").asText(),
                request.path("database").asText(),
                Optional.ofNullable(request.path("sourceDatabase").textValue()));
        return JSON.createObjectNode();
    }

    private JsonNode follow(Warehouse warehouse, JsonNode request, Consumer<String> taken) {
        Followed followed = claims.follow(
                warehouse.scope(),
                warehouse.namespaceId(),
                request.path("integration").asText(),
                request.path("database").asText());
        taken.accept(followed.integration());
        SourceEngine engine = SourceEngine.of(followed.source());
        ObjectNode answer = JSON.createObjectNode()
                .put("engine", engine.title())
                .put("host", followed.source().host())
                .put("port", followed.source().port())
                .put("database", followed.database())
                .put("user", followed.source().user())
                .put("password", followed.source().password())
                .put("sslMode", followed.source().transport().sslMode())
                .put("authority", followed.source().transport().authority())
                .put("name", followed.name());
        if (engine.numbersReplicas()) {
            answer.put("server", followed.server());
        }
        ArrayNode tables = answer.putArray("tables");
        for (TablePattern pattern : followed.tables()) {
            tables.addObject()
                    .put("included", pattern.included())
                    .put("schema", pattern.schema())
                    .put("table", pattern.table());
        }
        return answer;
    }

    private JsonNode release(Warehouse warehouse, JsonNode request) {
        claims.release(
                warehouse.scope(),
                warehouse.namespaceId(),
                request.path("integration").asText(),
                request.path("database").asText());
        return JSON.createObjectNode();
    }
}

package dev.groundplane.warehouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.WorkerMessage;
import dev.groundplane.pgwire.WorkerPacket;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane behind a gateway's address; each call has a connection of its own.
 *
 * @param token the secret that the gateway knows the worker by
 */
public record GatewayConnection(InetSocketAddress address, String token) implements Gateway {
    private static final Logger log = LoggerFactory.getLogger(GatewayConnection.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The control plane answers at once; what takes longer is a connection that nobody serves. */
    private static final int PATIENCE_MILLIS = 30_000;

    @Override
    public JsonNode call(String operation, Map<String, ?> members) {
        var request = JSON.createObjectNode().put("operation", operation);
        request.setAll(JSON.<ObjectNode>valueToTree(members));
        try (var socket = new Socket()) {
            socket.connect(address, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(new WorkerPacket(token, WorkerPacket.CALL).encode());
            WorkerMessage.write(socket.getOutputStream(), JSON.writeValueAsBytes(request));
            return answer(JSON.readTree(WorkerMessage.read(socket.getInputStream())));
        } catch (IOException e) {
            log.warn("the control plane did not answer {}", operation, e);
            throw SqlFailure.of(
                    SqlState.CONNECTION_FAILURE, "the control plane did not answer %s: %s".formatted(operation, e));
        }
    }

    private static JsonNode answer(JsonNode message) {
        var error = message.path("error");
        if (!error.isMissingNode()) {
            throw SqlFailure.of(
                    error.path("sqlState").asText(SqlState.INTERNAL_ERROR),
                    error.path("message").asText());
        }
        return message.path("answer");
    }

    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "GatewayConnection[address=" + address + "]";
    }
}

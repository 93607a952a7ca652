package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.WorkerMessage;
import dev.groundplane.services.warehouse.Warehouse;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What workers ask of the control plane: one request {@code {"operation": …}} for each connection, answered by {@code {"answer":
 * {…}}} or {@code {"error": {"sqlState": …, "message": …}}}. Thread-safe.
 */
public final class WorkerCalls {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerCalls.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, WorkerCall> operations;

    /** @param operations by name */
    public WorkerCalls(Map<String, WorkerCall> operations) {
        this.operations = Map.copyOf(operations);
    }

    /** Answers the request on a connection of a warehouse's worker. */
    void serve(Warehouse warehouse, Socket socket) throws IOException {
        JsonNode request = JSON.readTree(WorkerMessage.read(socket.getInputStream()));
        WorkerMessage.write(socket.getOutputStream(), JSON.writeValueAsBytes(answer(warehouse, request)));
    }

    private ObjectNode answer(Warehouse warehouse, JsonNode request) {
        String name = request.path("operation").asText();
        WorkerCall operation = operations.get(name);
        if (operation == null) {
            return error(SqlState.FEATURE_NOT_SUPPORTED, "the control plane has no operation '%s'".formatted(name));
        }
        try {
            return JSON.createObjectNode().set("answer", operation.answer(warehouse, request));
        } catch (WorkerCallRefused e) {
            return error(e.sqlState(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // the outermost loop of a connection
            LOG.error("operation {} of {} failed", name, warehouse.title(), e);
            return error(SqlState.INTERNAL_ERROR, "the control plane failed at %s; see its log".formatted(name));
        }
    }

    private static ObjectNode error(String sqlState, String message) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error").put("sqlState", sqlState).put("message", message);
        return answer;
    }
}

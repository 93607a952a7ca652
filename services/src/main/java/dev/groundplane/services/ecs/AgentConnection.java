package dev.groundplane.services.ecs;

/** The server's side of an agent's WebSocket. Thread-safe. */
public interface AgentConnection {
    /** Sends a text frame. A connection that is gone ignores it: the agent gets all again when it is back. */
    void send(String text);

    /** Closes the connection; idempotent. */
    void close(String reason);
}

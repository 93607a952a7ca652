package dev.groundplane.agent.link;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An open connection that carries text messages both ways. For one thread, but {@link #close} may come from any. */
public interface MessageChannel extends AutoCloseable {

    /** Sends a message; returns when it is on its way. */
    void send(String text) throws IOException, InterruptedException;

    /** Blocks for the next message; empty means that the channel is closed or that the time is over. */
    Optional<String> receive(Duration limit) throws InterruptedException;

    /** Asks the other side for a sign of life; false means that none came in time, and the channel is closed then. */
    boolean ping(Duration limit) throws InterruptedException;

    /** Closes the channel; a receive that waits returns empty. Idempotent. */
    @Override
    void close();
}

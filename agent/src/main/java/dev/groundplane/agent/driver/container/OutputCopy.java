package dev.groundplane.agent.driver.container;

/** Copies what one attempt writes into the container's log, in a thread of its own. Thread safe. */
interface OutputCopy extends AutoCloseable {
    /** Begins to copy what is there and whatever comes. Idempotent. */
    void begin();

    /** The container has ended: returns when all that it wrote is in the log. Idempotent. */
    void complete() throws InterruptedException;

    /** Gives up; nothing is written to the log any more when this returns. */
    @Override
    void close();
}

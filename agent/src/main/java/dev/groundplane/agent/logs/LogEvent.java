package dev.groundplane.agent.logs;

/**
 * One event to deliver.
 *
 * @param timestampMillis when the agent read it, in milliseconds since 1970
 * @param message a line without its end, or a part of a line that is too long for one event
 */
public record LogEvent(long timestampMillis, String message) {}

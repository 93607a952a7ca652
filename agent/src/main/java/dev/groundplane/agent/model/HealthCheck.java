package dev.groundplane.agent.model;

import java.time.Duration;
import java.util.List;

/**
 * A command that tells whether a container is well: it ends with 0.
 *
 * @param words the command's words
 * @param interval from the end of one check to the beginning of the next
 * @param timeout after which a check has failed
 * @param retries how many failures in a row make the container unhealthy
 * @param startPeriod after the start of the container during which failures do not count
 */
public record HealthCheck(List<String> words, Duration interval, Duration timeout, int retries, Duration startPeriod) {}

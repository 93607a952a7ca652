package dev.groundplane.warehouse.history;

import java.time.Duration;
import java.time.Instant;

/**
 * A session.
 *
 * @param caller who logged in
 * @param begun when the client connected, also when it was parked since
 * @param timeout after which it ends when it is idle; zero for never
 * @param application as the client calls itself; empty when it did not say
 * @param driver its version, likewise
 * @param system the client's operating system, likewise
 */
public record SessionInfo(
        Caller caller, Instant begun, Duration timeout, String application, String driver, String system) {}

package dev.groundplane.server.http;

import org.slf4j.MDC;

/** What log lines that a request's thread writes tell of the request. Decides nothing. */
final class LogContext {
    private LogContext() {}

    /** @param id the one that the caller and the audit trail get */
    static void request(String id) {
        MDC.put("requestId", id);
    }

    /**
     * What the request turned out to be.
     *
     * @param principal the caller's ARN; empty while nobody knows
     */
    static void call(String service, String operation, String principal) {
        MDC.put("service", service);
        MDC.put("operation", operation);
        if (!principal.isEmpty()) {
            MDC.put("principal", principal);
        }
    }

    /** The thread's next request is another. */
    static void clear() {
        MDC.clear();
    }
}

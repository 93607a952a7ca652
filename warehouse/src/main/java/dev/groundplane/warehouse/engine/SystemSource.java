package dev.groundplane.warehouse.engine;

/**
 * What system views ask this process while they are read, because it is nowhere else. Each is a function of the engine's without
 * arguments that gives an array of JSON.
 */
public enum SystemSource {
    /** The usage that the control plane has recorded. */
    SERVERLESS_USAGE("serverless_usage_text"),
    /** The statements that run now. */
    RUNNING_STATEMENTS("running_statements_text"),
    /** The sessions that are here now. */
    OPEN_SESSIONS("open_sessions_text"),
    /** The files that wait for their copy job. */
    PENDING_FILES("pending_files_text");

    /** What one that nobody provides gives. */
    static final String NOTHING = "[]";

    private final String function;

    SystemSource(String function) {
        this.function = function;
    }

    /** The function's name. */
    String function() {
        return function;
    }
}

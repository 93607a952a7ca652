package dev.groundplane.agent.driver.container;

import java.io.IOException;

/** The engine answered that it could or would not; an engine that does not answer is any other IOException. */
final class EngineFailure extends IOException {
    private static final long serialVersionUID = 1L;
    static final int NOT_MODIFIED = 304;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;

    private final int status;

    /** @param message the engine's own words */
    EngineFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }
}

package dev.groundplane.agent.driver.host;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/** What a test needs of the machine. */
public final class Needs {
    private Needs() {}

    /** Skips visibly when something is missing; in CI, where nothing may skip, fails instead. */
    public static void require(boolean present, String reason) {
        if (present) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail("in CI nothing may be missing: " + reason);
        }
        abort(reason);
    }
}

package dev.groundplane.services.iam;

import dev.groundplane.platform.identity.Caller;

/**
 * A caller and the secret that its signatures are checked with.
 *
 * @param caller who it is
 * @param secretAccessKey leaves the process only towards the one whose key it is
 */
public record Principal(Caller caller, String secretAccessKey) {
    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "Principal[" + caller.arn() + "]";
    }
}

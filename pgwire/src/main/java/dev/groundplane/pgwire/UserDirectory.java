package dev.groundplane.pgwire;

import java.util.List;

/** Who may log in. Thread safe. */
@FunctionalInterface
public interface UserDirectory {
    /**
     * The verifiers of passwords that are valid for a user now, all with one salt and count of iterations; empty when there is no
     * such user.
     */
    List<ScramVerifier> verifiers(String user);
}

package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Work;

/**
 * A look-up that one service makes of another in the course of a call that is recorded itself. It changes nothing.
 *
 * @param caller the service that asks
 */
record InternalCall(Caller caller, Scope scope) implements Call {
    /** A look-up by {@code principal} in what an account has in no region. */
    static InternalCall of(String principal, String account) {
        return new InternalCall(Caller.service(account, principal), new Scope(account, ""));
    }

    @Override
    public String requestId() {
        return "";
    }

    @Override
    public <R> R commit(Work<R> work) {
        throw new UnsupportedOperationException("a look-up changes nothing");
    }
}

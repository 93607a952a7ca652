package dev.groundplane.services;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Work;

/** A call before whose transaction something else happens. */
public record LateCall(Call call, Runnable before) implements Call {
    @Override
    public Caller caller() {
        return call.caller();
    }

    @Override
    public Scope scope() {
        return call.scope();
    }

    @Override
    public String requestId() {
        return call.requestId();
    }

    @Override
    public <R> R commit(Work<R> work) {
        before.run();
        return call.commit(work);
    }
}

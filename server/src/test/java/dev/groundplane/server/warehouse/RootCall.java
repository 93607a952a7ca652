package dev.groundplane.server.warehouse;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Work;

/** A call of an account's root that nobody records. */
record RootCall(Database database) implements Call {
    static final Scope SCOPE = new Scope("123456789012", "us-east-1");

    @Override
    public Caller caller() {
        return Caller.root(SCOPE.account(), "");
    }

    @Override
    public Scope scope() {
        return SCOPE;
    }

    @Override
    public String requestId() {
        return "request";
    }

    @Override
    public <R> R commit(Work<R> operation) {
        return database.write(operation);
    }
}

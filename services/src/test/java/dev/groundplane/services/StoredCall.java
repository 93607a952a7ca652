package dev.groundplane.services;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Work;

/** One call that commits to a database without an audit record, and at most once. */
public final class StoredCall implements Call {
    private final Database database;
    private final Caller caller;
    private final Scope scope;
    private boolean committed;

    /** A call of anybody. */
    public StoredCall(Database database, Caller caller, Scope scope) {
        this.database = database;
        this.caller = caller;
        this.scope = scope;
    }

    /** A call of an account's root. */
    public static StoredCall ofRoot(Database database, String account) {
        return new StoredCall(database, Caller.root(account, ""), new Scope(account, "us-east-1"));
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public String requestId() {
        return "request";
    }

    @Override
    public <R> R commit(Work<R> work) {
        if (committed) {
            throw new IllegalStateException("a call commits once");
        }
        committed = true;
        return database.write(work);
    }
}

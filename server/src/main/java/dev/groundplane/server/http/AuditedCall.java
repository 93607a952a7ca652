package dev.groundplane.server.http;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.audit.RecordedResponse;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Work;
import dev.groundplane.wire.WireForm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** A call that came in through the front door. Its one transaction carries its audit record. */
final class AuditedCall implements Call {
    private final Database database;
    private final AuditTrail trail;
    private final AuditEntry entry;
    private final Caller caller;
    private final String requestId;
    private final Optional<String> reachedAt;
    private boolean committed;

    /** A call that did not come by the front door. */
    AuditedCall(Database database, AuditTrail trail, AuditEntry entry, Caller caller, String requestId) {
        this(database, trail, entry, caller, requestId, Optional.empty());
    }

    AuditedCall(
            Database database,
            AuditTrail trail,
            AuditEntry entry,
            Caller caller,
            String requestId,
            Optional<String> reachedAt) {
        this.database = database;
        this.trail = trail;
        this.entry = entry;
        this.caller = caller;
        this.requestId = requestId;
        this.reachedAt = reachedAt;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Scope scope() {
        return entry.scope();
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public Optional<String> reachedAt() {
        return reachedAt;
    }

    @Override
    public <R> R commit(Work<R> work) {
        if (committed) {
            throw new IllegalStateException("a call commits once");
        }
        R response = database.write(tx -> {
            R result = work.in(tx);
            trail.append(tx, entry.success(json(result)));
            return result;
        });
        committed = true;
        return response;
    }

    private static @Nullable String json(@Nullable Object result) {
        return switch (result) {
            case SdkPojo pojo -> WireForm.json(pojo);
            case RecordedResponse response -> response.recordJson();
            case null, default -> null;
        };
    }

    /** Records a call that changed nothing. */
    void recordIfUncommitted() {
        if (!committed) {
            trail.appendLater(entry.success(null));
        }
    }
}

package dev.groundplane.server.http;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireForm;
import java.time.InstantSource;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Calls that a service makes of another one. They do not pass the front door, but leave the same records. Thread-safe.
 */
public final class ServiceCalls {
    private final Database database;
    private final AuditTrail trail;
    private final InstantSource clock;

    /** @param clock tells when calls are made */
    public ServiceCalls(Database database, AuditTrail trail, InstantSource clock) {
        this.database = database;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * Makes a call of a service as itself and records it.
     *
     * @param principal the service that calls, for example {@code ecs-tasks.amazonaws.com}
     * @param scope in which account and region
     * @param action the service that is called and its operation, for example {@code sts:AssumeRole}
     * @param request what is asked for
     * @param operation makes the call
     */
    public <R> R make(String principal, Scope scope, String action, SdkPojo request, Function<Call, R> operation) {
        return make(Caller.service(scope.account(), principal), principal, scope, action, request, operation);
    }

    /**
     * Makes a call for somebody else and records it as theirs.
     *
     * @param via the service that calls
     * @param operation makes the call, if the caller may
     */
    <R> R make(Caller caller, String via, Scope scope, String action, SdkPojo request, Function<Call, R> operation) {
        String requestId = FrontDoor.newRequestId();
        AuditEntry entry = new AuditEntry(requestId, clock.instant(), scope, via, via);
        int colon = action.indexOf(':');
        entry.about(action.substring(0, colon), action.substring(colon + 1));
        entry.asksFor(WireForm.parameters(request));
        entry.calledBy(caller, scope.region());
        AuditedCall call = new AuditedCall(database, trail, entry, caller, requestId);
        try {
            R response = operation.apply(call);
            call.recordIfUncommitted();
            return response;
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null
                    ? e.getClass().getSimpleName()
                    : e.awsErrorDetails().errorCode();
            trail.appendLater(entry.failure(code, String.valueOf(e.getMessage())));
            throw e;
        } catch (WireException e) {
            trail.appendLater(entry.failure(e.code(Protocol.JSON), String.valueOf(e.getMessage())));
            throw e;
        }
    }
}

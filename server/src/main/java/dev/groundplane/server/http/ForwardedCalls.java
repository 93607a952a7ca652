package dev.groundplane.server.http;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.iam.Authorizer;
import dev.groundplane.wire.WireException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Calls that a service makes on behalf of its own caller, who needs the right to them as if the calls were theirs, and whose they
 * are in the audit trail. Source: IAM User Guide, "Forward access sessions". Thread-safe.
 */
public final class ForwardedCalls {
    private final ServiceCalls calls;
    private final AccessDecisions decisions;
    private final String via;

    /** @param via the service that makes them, for example {@code redshift-data.amazonaws.com} */
    public ForwardedCalls(ServiceCalls calls, AccessDecisions decisions, String via) {
        this.calls = calls;
        this.decisions = decisions;
        this.via = via;
    }

    /**
     * Makes a call.
     *
     * @param origin the call in whose course it is made
     * @param action the service that is called and its operation
     * @param access what that service's operations ask to do
     * @param operation makes the call
     * @throws WireException when the caller may not
     */
    public <R> R make(Call origin, String action, AccessModel access, SdkPojo request, Function<Call, R> operation) {
        Caller caller = origin.caller().calling(circumstances(origin.caller()));
        return calls.make(caller, via, origin.scope(), action, request, call -> {
            String name = action.substring(action.indexOf(':') + 1);
            for (AccessRequest asked : access.asked(caller, origin.scope(), name, request)) {
                require(caller, asked);
            }
            return operation.apply(call);
        });
    }

    private void require(Caller caller, AccessRequest asked) {
        Decision decision = decisions.decide(caller, asked);
        if (!decision.isAllowed()) {
            throw WireException.of(
                    "AccessDeniedException", 400, "AccessDenied", 403, Authorizer.refusal(caller, asked, decision));
        }
    }

    private Map<String, List<String>> circumstances(Caller caller) {
        Map<String, List<String>> values = new HashMap<>(caller.circumstances());
        values.put("aws:viaawsservice", List.of("true"));
        values.put("aws:calledvia", List.of(via));
        values.put("aws:calledviafirst", List.of(via));
        values.put("aws:calledvialast", List.of(via));
        return Map.copyOf(values);
    }
}

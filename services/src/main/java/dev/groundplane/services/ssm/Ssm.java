package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
import java.util.function.Function;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The part of Systems Manager that lives as long as the process. Thread-safe. */
public final class Ssm {
    /** The principal as which this service assumes the roles of managed instances. */
    public static final String PRINCIPAL = Activations.PRINCIPAL;

    /** Announced of a managed instance that is no longer one, by its id in its account and region; no resource. */
    public static final String DEREGISTERED = "ssm:deregistered";

    private final Activations activations;
    private final ManagedInstances instances;
    private final InstanceProtocol protocol;
    private final ParameterStore parameters;
    private final InstantSource clock;

    /**
     * @param database where activations, instances and parameters are kept
     * @param events where their changes are announced
     * @param roles decides whether a role may be given to instances
     * @param sts STS for this service itself, in an account and region
     * @param encryption seals parameters' values
     * @param clock tells the time of registrations
     */
    public Ssm(
            Database database,
            Events events,
            RolePassing roles,
            Function<Scope, StsClient> sts,
            Encryption encryption,
            InstantSource clock) {
        this.clock = clock;
        InstanceStore store = new InstanceStore(database, events);
        activations = new Activations(store, roles, clock);
        instances = new ManagedInstances(store, activations, clock);
        protocol = new InstanceProtocol(store, activations, sts, clock);
        parameters = new ParameterStore(database, events, encryption);
    }

    /** Systems Manager on behalf of one call. */
    public SsmClient client(Call call) {
        return new SsmService(call, this);
    }

    /** What Systems Manager's operations ask to do. */
    public AccessModel access() {
        return new SsmAccess(parameters);
    }

    /** What managed instances call. */
    public InstanceProtocol protocol() {
        return protocol;
    }

    Activations activations() {
        return activations;
    }

    ManagedInstances instances() {
        return instances;
    }

    ParameterStore parameters() {
        return parameters;
    }

    InstantSource clock() {
        return clock;
    }
}

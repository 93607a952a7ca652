package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** Which agents may be connected. Thread-safe. */
final class Admissions {
    private final EcsStore store;
    private final Predicate<String> hosts;

    /** @param hosts whether a managed instance is registered, by its id */
    Admissions(EcsStore store, Predicate<String> hosts) {
        this.store = store;
        this.hosts = hosts;
    }

    /**
     * Checks that an instance may connect.
     *
     * @param host who asks, by the last part of its ARN: an instance is connected to by its own host only
     * @param containerInstanceArn from the request's query string
     * @throws AgentChannel.Refused when the instance is not registered, or is another host's
     */
    void check(Scope scope, String host, @Nullable String containerInstanceArn) throws AgentChannel.Refused {
        if (containerInstanceArn == null) {
            throw invalid("The parameter containerInstanceArn is missing.");
        }
        Optional<Stored<ContainerInstance>> stored = store.instances().find(scope, EcsNames.name(containerInstanceArn));
        if (stored.isEmpty()) {
            throw invalid("Instance %s is not known.".formatted(containerInstanceArn));
        }
        if (isGone(stored.get().value())) {
            throw new AgentChannel.Refused(
                    "InactiveInstanceException", "Instance %s is deregistered.".formatted(containerInstanceArn));
        }
        String owner = stored.get().value().ec2InstanceId();
        if (owner != null && !owner.equals(host)) {
            throw invalid("Instance %s is the host %s, not %s.".formatted(containerInstanceArn, owner, host));
        }
    }

    private static AgentChannel.Refused invalid(String message) {
        return new AgentChannel.Refused("InvalidInstanceException", message);
    }

    private static boolean isGone(ContainerInstance instance) {
        return ContainerInstances.INACTIVE.equals(instance.status());
    }

    /** Whether a connection that was admitted would be admitted still: neither the instance nor its host is gone. */
    boolean holds(InstanceKey key) {
        return store.instances()
                .find(key.scope(), key.name())
                .map(Stored::value)
                .filter(instance -> !isGone(instance))
                .filter(instance -> instance.ec2InstanceId() == null || hosts.test(instance.ec2InstanceId()))
                .isPresent();
    }

    /** The instances of a host in an account and region. */
    List<InstanceKey> instancesOf(Scope scope, String host) {
        return store.instances().namesByIndex(scope, EcsStore.BY_HOST, host).stream()
                .map(name -> new InstanceKey(scope, name))
                .toList();
    }
}

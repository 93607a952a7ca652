package dev.groundplane.services.ecs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Replicas;
import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/**
 * The agents' WebSockets, in the ECS agent's own protocol: payloads and heartbeats out, acknowledgements in. The newest
 * connection of an instance is its connection, to whichever of several control planes. Thread-safe.
 */
public final class AgentChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentChannel.class);
    /** Agents give up on a connection that is silent for a minute. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why a connection is refused, in the form that agents read. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        Refused(String code, String message) {
            super(message);
            this.code = code;
        }

        /** For example {@code InactiveInstanceException}. */
        public String code() {
            return code;
        }
    }

    private final EcsStore store;
    private final Admissions admissions;
    private final ContainerInstances instances;
    private final TaskDelivery delivery;
    private final HealthReports health;
    private final Map<InstanceKey, AgentSession> sessions = new ConcurrentHashMap<>();
    private final Arrivals connectedHosts = new Arrivals();
    private final Reconciler<InstanceKey> comparisons = new Reconciler<>("agent-connections", this::compare);
    private final Reconciler<InstanceKey> admitted = new Reconciler<>("agent-admissions", this::review);
    private final ScheduledExecutorService heartbeats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("agent-heartbeats").factory());

    /** @param events tell of instances that are deregistered */
    AgentChannel(
            EcsStore store,
            Admissions admissions,
            ContainerInstances instances,
            TaskDelivery delivery,
            HealthReports health,
            Events events) {
        this.store = store;
        this.admissions = admissions;
        this.instances = instances;
        this.delivery = delivery;
        this.health = health;
        events.subscribe(EcsStore.INSTANCE_TYPE, change -> {
            InstanceKey key = InstanceKey.of(change);
            if (sessions.containsKey(key)) {
                admitted.enqueue(key);
            }
        });
    }

    /** Begins to send heartbeats. */
    void start() {
        var _ = heartbeats.scheduleAtFixedRate(
                this::heartbeat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Agents that were connected to a control plane which is gone are not connected, whatever it stored. */
    void forgetAbsent() {
        instances.disconnectUnless(store.database().replicas().alive());
    }

    /** An agent has connected, here or to another control plane: then its connection here has been left. */
    void connectedSomewhere(InstanceKey key) {
        if (sessions.containsKey(key)) {
            comparisons.enqueue(key);
        }
    }

    /**
     * Compares a connection with what is recorded. One that another living process has recorded as its own since has been
     * left. One that is recorded as gone, because this process was taken for dead, is recorded again.
     */
    private void compare(InstanceKey key) {
        AgentSession session = sessions.get(key);
        if (session == null || !session.isRecorded()) {
            return;
        }
        Replicas replicas = store.database().replicas();
        Optional<Stored<ContainerInstance>> stored = store.instances().find(key.scope(), key.name());
        if (stored.isEmpty() || InstanceConnectivity.isConnectedTo(stored.get(), Set.of(replicas.self()))) {
            return;
        }
        if (!InstanceConnectivity.isConnectedTo(stored.get(), replicas.alive())) {
            instances.connected(key, () -> sessions.containsKey(key));
        } else if (sessions.remove(key, session)) {
            session.connection().close("replaced by a newer connection");
        }
    }

    /** Looks at every connection, and sends what there is to do: changes may have gone by untold. */
    void lookAgain() {
        for (InstanceKey key : sessions.keySet()) {
            comparisons.enqueue(key);
            admitted.enqueue(key);
            delivery.enqueue(key);
        }
    }

    /** One heartbeat for each agent. One that is silent is gone, whatever its connection's end says: it may never come. */
    void heartbeat() {
        sessions.forEach((key, session) -> {
            if (session.isSilent()) {
                session.connection().close("no heartbeat was answered");
                Thread.ofVirtual().start(() -> closed(key, session.connection()));
            } else {
                session.heartbeat();
            }
        });
    }

    /**
     * Checks that an instance may connect.
     *
     * @param host who asks, by the last part of its ARN: an instance is connected to by its own host only
     * @param containerInstanceArn from the request's query string
     * @throws Refused when the instance is not registered, or is another host's
     */
    public void admit(Scope scope, String host, @Nullable String containerInstanceArn) throws Refused {
        admissions.check(scope, host, containerInstanceArn);
    }

    /** Takes over a connection that was admitted and sends the instance everything it should be running. */
    public void opened(Scope scope, String containerInstanceArn, AgentConnection connection) {
        InstanceKey key = new InstanceKey(scope, EcsNames.name(containerInstanceArn));
        AgentSession session = new AgentSession(containerInstanceArn, connection);
        AgentSession previous = sessions.put(key, session);
        if (previous != null) {
            previous.connection().close("replaced by a newer connection");
        }
        instances.connected(key, () -> sessions.containsKey(key));
        session.recorded();
        store.instances()
                .find(scope, key.name())
                .ifPresent(i -> connectedHosts.arrived(i.value().ec2InstanceId()));
        LOG.info("agent of {} connected", containerInstanceArn);
        delivery.enqueue(key);
        admitted.enqueue(key); // it may have been deregistered since it was admitted
    }

    /** A host is no longer a managed instance: its connection ends. Returns at once. */
    public void hostDeregistered(Scope scope, String hostId) {
        Thread.ofVirtual().start(() -> admissions.instancesOf(scope, hostId).forEach(admitted::enqueue));
    }

    /** Ends the connection of an agent that would not be admitted any more. */
    private void review(InstanceKey key) {
        AgentSession session = sessions.get(key);
        if (session != null && !admissions.holds(key)) {
            session.connection().close("the host was deregistered");
            // Its end may never come.
            closed(key, session.connection());
        }
    }

    /** The connection is gone. */
    public void closed(Scope scope, String containerInstanceArn, AgentConnection connection) {
        closed(new InstanceKey(scope, EcsNames.name(containerInstanceArn)), connection);
    }

    private void closed(InstanceKey key, AgentConnection connection) {
        AgentSession session = sessions.get(key);
        if (session != null && session.connection().equals(connection) && sessions.remove(key, session)) {
            instances.connected(key, () -> sessions.containsKey(key));
            LOG.info("agent of {} disconnected", key.name());
        }
    }

    /** A text frame from an agent. Messages of unknown types are ignored, as the protocol asks. */
    public void received(Scope scope, String containerInstanceArn, String text) {
        AgentSession session = sessions.get(new InstanceKey(scope, EcsNames.name(containerInstanceArn)));
        if (session != null) {
            session.heard();
        }
        try {
            JsonNode envelope = JSON.readTree(text);
            String type = envelope.path("type").asText();
            if (session != null) {
                received(
                        new InstanceKey(scope, EcsNames.name(containerInstanceArn)),
                        session,
                        type,
                        envelope.path("message"));
            }
        } catch (JsonProcessingException e) {
            LOG.warn("agent of {} sent a frame that is not JSON: {}", containerInstanceArn, e.getOriginalMessage());
        }
    }

    private void received(InstanceKey instance, AgentSession session, String type, JsonNode message) {
        String messageId = message.path("messageId").asText();
        switch (type) {
            case "AckRequest" ->
                session.acknowledged(messageId).ifPresent(tasks -> delivery.delivered(instance.scope(), tasks));
            case "TaskStopVerificationMessage" -> {
                List<String> strangers = delivery.strangers(instance, arns(message.path("stopCandidates")));
                LOG.info("agent of {} has to stop {}", instance.name(), strangers);
                session.confirmStops(messageId, strangers);
            }
            case "PublishHealthRequest" -> {
                health.report(instance, message.path("tasks"));
                session.acknowledgeHealth(
                        message.path("metadata").path("messageId").asText());
            }
            case "NackRequest" -> LOG.warn("agent of {} refused a message: {}", instance.name(), message);
            default -> LOG.debug("agent of {} sent {}", instance.name(), type);
        }
    }

    private static List<String> arns(JsonNode tasks) {
        List<String> arns = new ArrayList<>();
        tasks.forEach(task -> arns.add(task.path("taskArn").asText()));
        return arns;
    }

    /**
     * Waits until the agent of a host is connected.
     *
     * @param hostId the managed-instance id, {@code mi-...}
     * @return whether it is
     */
    public boolean awaitHost(String hostId, Duration patience) throws InterruptedException {
        return connectedHosts.await(hostId, patience);
    }

    Optional<AgentSession> session(InstanceKey key) {
        return Optional.ofNullable(sessions.get(key));
    }

    @Override
    public void close() {
        heartbeats.shutdownNow();
        comparisons.close();
        admitted.close();
        sessions.values().forEach(s -> s.connection().close("the control plane is stopping"));
    }
}

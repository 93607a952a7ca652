package dev.groundplane.services.ecs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** One connection of an agent and what was sent over it. Thread-safe. */
final class AgentSession {
    private static final int MOST_UNANSWERED = 3;

    private final String containerInstanceArn;
    private final AgentConnection connection;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Map<String, List<String>> unacknowledged = new ConcurrentHashMap<>();
    private final Map<String, Instant> renewals = new ConcurrentHashMap<>();

    private final AtomicBoolean manifestDue = new AtomicBoolean(true);
    private volatile boolean recorded;

    AgentSession(String containerInstanceArn, AgentConnection connection) {
        this.containerInstanceArn = containerInstanceArn;
        this.connection = connection;
    }

    AgentConnection connection() {
        return connection;
    }

    /** The store says now that the agent is connected to this process: whoever says otherwise later is right. */
    void recorded() {
        recorded = true;
    }

    boolean isRecorded() {
        return recorded;
    }

    /** Whether this wish for a task has not gone over this connection yet. */
    boolean isNew(Task task) {
        return !sent.contains(wish(task));
    }

    /** Whether some wish for a task has gone over this connection. */
    boolean knows(String taskArn) {
        return sent.contains(wish("RUNNING", taskArn)) || sent.contains(wish("STOPPED", taskArn));
    }

    /** Forgets tasks that have stopped. */
    void forget(Set<String> activeArns) {
        sent.removeIf(wish -> !activeArns.contains(wish.substring(wish.indexOf(' ') + 1)));
        renewals.keySet().retainAll(activeArns);
    }

    private static String wish(Task task) {
        return wish(task.desiredStatus(), task.taskArn());
    }

    private static String wish(String desiredStatus, String taskArn) {
        return desiredStatus + " " + taskArn;
    }

    /**
     * Sends tasks in one payload.
     *
     * @param clusterArn their cluster
     * @param payload the tasks in the agent's form
     */
    void send(String clusterArn, List<Task> tasks, List<TaskPayload> payload) {
        String messageId = UUID.randomUUID().toString();
        unacknowledged.put(messageId, tasks.stream().map(Task::taskArn).toList());
        connection.send(AgentMessages.payload(
                messageId, clusterArn, containerInstanceArn, sequence.incrementAndGet(), payload));
        tasks.forEach(task -> sent.add(wish(task)));
    }

    /** Remembers when a task needs new credentials of its roles; null means never. */
    void renewAt(String taskArn, @Nullable Instant due) {
        renewals.compute(taskArn, (arn, old) -> due);
    }

    /** When the first task needs new credentials. */
    Optional<Instant> nextRenewal() {
        return renewals.values().stream().min(Instant::compareTo);
    }

    /** The tasks that need new credentials by now. */
    List<String> renewalsDue(Instant now) {
        return renewals.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @param roleType {@code TaskApplication} or {@code TaskExecution} */
    void sendCredentials(String taskArn, String roleType, TaskPayload.RoleCredentials credentials) {
        connection.send(AgentMessages.roleCredentials(UUID.randomUUID().toString(), taskArn, roleType, credentials));
    }

    /** The tasks that a payload carried which the agent has now journaled. */
    Optional<List<String>> acknowledged(String messageId) {
        return Optional.ofNullable(unacknowledged.remove(messageId));
    }

    /** Whether the agent was not told yet over this connection what all of its tasks are. Tells so once. */
    boolean takeManifestDue() {
        return manifestDue.getAndSet(false);
    }

    /** Tells the agent all the tasks that it should have: what else it runs it asks about. */
    void sendManifest(String clusterArn, long timeline, List<Task> tasks) {
        connection.send(AgentMessages.manifest(
                UUID.randomUUID().toString(), clusterArn, containerInstanceArn, timeline, tasks));
    }

    /** Confirms which of the tasks that the agent asked about it has to stop. */
    void confirmStops(String messageId, List<String> taskArns) {
        connection.send(AgentMessages.stopVerification(messageId, taskArns));
    }

    void acknowledgeHealth(String messageId) {
        connection.send(AgentMessages.healthAcknowledgement(messageId));
    }

    /** Something came from the agent. */
    void heard() {
        unanswered.set(0);
    }

    /** Whether the agent has left several heartbeats in a row unanswered. */
    boolean isSilent() {
        return unanswered.get() >= MOST_UNANSWERED;
    }

    void heartbeat() {
        unanswered.incrementAndGet();
        connection.send(AgentMessages.heartbeat(UUID.randomUUID().toString()));
    }
}

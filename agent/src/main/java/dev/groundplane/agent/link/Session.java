package dev.groundplane.agent.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.metadata.RoleCredentialsStore;
import dev.groundplane.agent.metadata.RoleCredentialsStore.Use;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.RoleCredentials;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's conversation: every message is an envelope of a type and a message. Heartbeats and payloads are
 * acknowledged, a payload only once its tasks are in the journal; types that this agent does not know are ignored.
 */
final class Session {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    /** The control plane sends a heartbeat well within this time. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Instance instance;
    private final MessageChannel channel;
    private final Tasks tasks;
    private final RoleCredentialsStore credentials;

    Session(Instance instance, MessageChannel channel, Tasks tasks, RoleCredentialsStore credentials) {
        this.instance = instance;
        this.channel = channel;
        this.tasks = tasks;
        this.credentials = credentials;
    }

    /** Converses until the channel is closed or silent for too long; says whether any message came. */
    boolean run() throws IOException, InterruptedException {
        var heard = false;
        for (var text = channel.receive(SILENCE); text.isPresent(); text = channel.receive(SILENCE)) {
            heard = true;
            handle(text.get());
        }
        return heard;
    }

    private void handle(String text) throws IOException, InterruptedException {
        JsonNode envelope;
        try {
            envelope = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            log.warn("ignoring a message that is not JSON: {}", e.getOriginalMessage());
            return;
        }
        var message = envelope.path("message");
        var type = envelope.path("type").asText("");
        switch (type) {
            case "HeartbeatMessage" -> {
                credentials.retain(tasks.arns());
                acknowledge("HeartbeatAckRequest", message);
            }
            case "PayloadMessage" -> payload(message);
            case "TaskManifestMessage" -> manifest(message);
            case "TaskStopVerificationAck" -> tasks.stopStrangers(arns(message.path("stopTasks")));
            case "IAMRoleCredentialsMessage" -> renew(message);
            default -> log.debug("ignoring a message of type {}", type);
        }
    }

    private void payload(JsonNode message) throws IOException, InterruptedException {
        var rejections = new LinkedHashMap<String, String>();
        var specs = new ArrayList<TaskSpec>();
        for (var task : message.path("tasks")) {
            read(task, specs, rejections);
        }
        // Before anything starts, and never in the journal.
        specs.forEach(credentials::accept);
        var rest = tasks.accept(specs.stream().map(TaskSpec::withoutCredentials).toList());
        acknowledge("AckRequest", message);
        for (var spec : specs) {
            acknowledge(spec.roleCredentials(), message);
            acknowledge(spec.executionRoleCredentials(), message);
        }
        rest.run();
        rejections.forEach(tasks::reject);
        credentials.retain(tasks.arns());
    }

    /** Takes new credentials of a task's role; what is not for a task that is here gets no answer, as the protocol asks. */
    private void renew(JsonNode message) throws IOException, InterruptedException {
        var taskArn = message.path("taskArn").asText("");
        var use = Use.ofRoleType(message.path("roleType").asText(""));
        if (use.isEmpty() || !tasks.arns().contains(taskArn)) {
            log.warn("ignoring role credentials for {}: no such task or type of role", taskArn);
            return;
        }
        try {
            var renewed = Json.MAPPER.treeToValue(message.path("roleCredentials"), RoleCredentials.class);
            credentials.put(taskArn, use.get(), renewed);
            acknowledge(renewed, message);
        } catch (JsonProcessingException e) {
            // Its message would quote what it could not read.
            log.warn("ignoring role credentials for {} that cannot be read", taskArn);
        }
    }

    private void acknowledge(@Nullable RoleCredentials role, JsonNode message)
            throws IOException, InterruptedException {
        if (role != null) {
            send(
                    "IAMRoleCredentialsAckRequest",
                    Map.of(
                            "messageId", message.path("messageId").asText(""),
                            "expiration", role.expiration(),
                            "credentialsId", role.credentialsId()));
        }
    }

    /** What the control plane wants to run here, all of it. Whatever else runs here is asked about before it is stopped. */
    private void manifest(JsonNode message) throws IOException, InterruptedException {
        acknowledge("AckRequest", message);
        var wanted = new HashSet<String>();
        for (var task : message.path("tasks")) {
            if (task.path("desiredStatus").asText("").equals("RUNNING")) {
                wanted.add(task.path("taskArn").asText(""));
            }
        }
        var candidates = tasks.strangers(wanted).stream()
                .map(arn -> Map.of("taskArn", arn, "desiredStatus", "STOPPED"))
                .toList();
        if (!candidates.isEmpty()) {
            var question = Map.of("messageId", message.path("messageId").asText(""), "stopCandidates", candidates);
            send("TaskStopVerificationMessage", question);
        }
    }

    private static List<String> arns(JsonNode tasks) {
        var arns = new ArrayList<String>();
        tasks.forEach(task -> arns.add(task.path("taskArn").asText("")));
        return arns;
    }

    /** A task that cannot be read must not keep the others of its payload from running. */
    private static void read(JsonNode task, List<TaskSpec> specs, Map<String, String> rejections) {
        var arn = task.path("arn").asText("");
        if (arn.isEmpty()) {
            log.warn("ignoring a task without arn in a payload");
            return;
        }
        try {
            specs.add(Json.MAPPER.treeToValue(task, TaskSpec.class));
        } catch (JsonProcessingException e) {
            rejections.put(arn, "The agent cannot read the task: " + e.getOriginalMessage());
        }
    }

    private void acknowledge(String type, JsonNode message) throws IOException, InterruptedException {
        var acknowledgement = Map.of(
                "cluster", instance.cluster(),
                "containerInstance", instance.arn(),
                "messageId", message.path("messageId").asText(""));
        send(type, acknowledgement);
    }

    private void send(String type, Map<String, ?> message) throws IOException, InterruptedException {
        channel.send(Json.MAPPER.writeValueAsString(Map.of("type", type, "message", message)));
    }
}

package dev.groundplane.agent.link;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointRequest;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointResponse;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;

/** The agent's side of a control plane, in memory: its API calls and its channel. Thread safe. */
final class FakeControlPlane implements EcsClient, ChannelConnector {
    final BlockingQueue<RegisterContainerInstanceRequest> registrations = new LinkedBlockingQueue<>();
    final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    final BlockingQueue<SubmitTaskStateChangeRequest> reports = new LinkedBlockingQueue<>();
    /** What goes wrong with the next reports. */
    final Deque<RuntimeException> troubles = new ConcurrentLinkedDeque<>();
    /** What goes wrong with the next connections. */
    final Deque<ConnectFailure> refusals = new ArrayDeque<>();

    private final Set<String> instances = new HashSet<>();
    private int counter;

    @Override
    public synchronized RegisterContainerInstanceResponse registerContainerInstance(
            RegisterContainerInstanceRequest request) {
        registrations.add(request);
        var arn = request.containerInstanceArn();
        if (arn == null) {
            arn = "arn:instance/" + ++counter;
            instances.add(arn);
        } else if (!instances.contains(arn)) {
            throw ClientException.builder().message("unknown instance").build();
        }
        return RegisterContainerInstanceResponse.builder()
                .containerInstance(
                        ContainerInstance.builder().containerInstanceArn(arn).build())
                .build();
    }

    synchronized void forgetInstances() {
        instances.clear();
    }

    @Override
    public DiscoverPollEndpointResponse discoverPollEndpoint(DiscoverPollEndpointRequest request) {
        return DiscoverPollEndpointResponse.builder()
                .endpoint("http://127.0.0.1:1/")
                .build();
    }

    @Override
    public SubmitTaskStateChangeResponse submitTaskStateChange(SubmitTaskStateChangeRequest request) {
        var trouble = troubles.poll();
        if (trouble != null) {
            throw trouble;
        }
        reports.add(request);
        return SubmitTaskStateChangeResponse.builder().acknowledgment("ok").build();
    }

    static RuntimeException away() {
        return SdkClientException.create("connection refused");
    }

    static RuntimeException invalid() {
        return InvalidParameterException.builder().message("no such task").build();
    }

    /** Whether nothing more goes wrong with connections. */
    boolean allRefused() {
        synchronized (refusals) {
            return refusals.isEmpty();
        }
    }

    @Override
    public MessageChannel connect(URI endpoint, Instance instance) throws ConnectFailure {
        synchronized (refusals) {
            var refusal = refusals.poll();
            if (refusal != null) {
                throw refusal;
            }
        }
        var connection = new Connection(instance);
        connections.add(connection);
        return connection;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    /** One connection, seen from both sides. */
    static final class Connection implements MessageChannel {
        final Instance instance;
        private final BlockingQueue<Optional<String>> toAgent = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> fromAgent = new LinkedBlockingQueue<>();

        Connection(Instance instance) {
            this.instance = instance;
        }

        /** The control plane sends. */
        void say(String type, String message) {
            toAgent.add(Optional.of("{\"type\": \"%s\", \"message\": %s}".formatted(type, message)));
        }

        /** The control plane sends a payload with these tasks. */
        void payload(String messageId, String tasks) {
            say("PayloadMessage", "{\"messageId\": \"%s\", \"tasks\": [%s]}".formatted(messageId, tasks));
        }

        /** The control plane waits for the agent's next message: its type and its message's id. */
        String heard() throws InterruptedException, IOException {
            var envelope = Json.MAPPER.readTree(fromAgent.take());
            return envelope.path("type").asText() + " "
                    + envelope.path("message").path("messageId").asText();
        }

        @Override
        public void send(String text) {
            fromAgent.add(text);
        }

        @Override
        public boolean ping(Duration limit) {
            return true;
        }

        /** The control plane waits for the agent's next message, the whole of it. */
        JsonNode heardInFull() throws InterruptedException, IOException {
            return Json.MAPPER.readTree(fromAgent.take());
        }

        @Override
        public Optional<String> receive(Duration limit) throws InterruptedException {
            return toAgent.take();
        }

        @Override
        public void close() {
            toAgent.add(Optional.empty());
        }
    }
}

package dev.groundplane.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.local.AgentIdentity;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.services.ssm.InstanceProtocol;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.ssm.model.CreateActivationRequest;
import software.amazon.awssdk.services.ssm.model.CreateActivationResponse;

/**
 * This machine as a host of its own control plane. Its agent registers as every other does; the control plane makes the
 * activation itself. Thread-safe.
 */
final class LocalHost {
    private static final String PRINCIPAL = "groundplane.amazonaws.com";
    private static final Duration VALIDITY = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataDirectory data;
    private final Services services;
    private final Scope home;
    private final InstantSource clock;
    private CompletableFuture<String> instance = new CompletableFuture<>();

    LocalHost(DataDirectory data, Services services, Scope home, InstantSource clock) {
        this.data = data;
        this.services = services;
        this.home = home;
        this.clock = clock;
        registered().ifPresent(instance::complete);
    }

    private Optional<String> registered() {
        return AgentIdentity.instanceId(data).filter(services.ssm().protocol()::isRegistered);
    }

    /**
     * What the local agent is to register with.
     *
     * @return create-activation's answer as JSON; empty when the agent is registered
     */
    synchronized Optional<String> activation() {
        if (registered().isPresent()) {
            return Optional.empty();
        }
        CreateActivationRequest request = CreateActivationRequest.builder()
                .iamRole("GroundplaneInstance")
                .description("The control plane's own machine")
                .defaultInstanceName("control plane")
                .expirationDate(clock.instant().plus(VALIDITY))
                .build();
        CreateActivationResponse made = services.calls()
                .make(
                        PRINCIPAL,
                        home,
                        "ssm:CreateActivation",
                        request,
                        call -> services.ssm().client(call).createActivation(request));
        InstanceProtocol protocol = services.ssm().protocol();
        instance = protocol.registered(made.activationId());
        try {
            return Optional.of(JSON.writeValueAsString(
                    Map.of("ActivationId", made.activationId(), "ActivationCode", made.activationCode())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings always has a JSON form", e);
        }
    }

    private synchronized CompletableFuture<String> instance() {
        return instance;
    }

    /**
     * Waits until this machine's agent is connected.
     *
     * @return whether it is
     */
    boolean await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        try {
            String id = instance().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return services.ecs().channel().awaitHost(id, Duration.ofNanos(end - System.nanoTime()));
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes it exceptionally", e);
        }
    }
}

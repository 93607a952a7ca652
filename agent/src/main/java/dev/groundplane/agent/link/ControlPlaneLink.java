package dev.groundplane.agent.link;

import dev.groundplane.agent.link.ConnectFailure.Answer;
import dev.groundplane.agent.metadata.RoleCredentialsStore;
import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import dev.groundplane.agent.task.Tasks;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointRequest;

/** Keeps this agent connected to its control plane, whatever happens to either. */
public final class ControlPlaneLink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlPlaneLink.class);

    /** A control plane that is there answers a ping at once; one behind a broken network never does. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /** As the ECS agent does. */
    private static final Duration AWAY_WHEN_DEREGISTERED = Duration.ofHours(1);

    private final EcsClient ecs;
    private final Registration registration;
    private final ChannelConnector connector;
    private final Tasks tasks;
    private final HealthReporter health;
    private final RoleCredentialsStore credentials;
    private final Reachability reachability;
    /** Nobody but this link finds out that the control plane is back, so nobody wakes it. */
    private final Backoff backoff = new Backoff(new Reachability());

    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile @Nullable MessageChannel open;
    private @Nullable Instance instance;
    private @Nullable String lastFailure;

    /**
     * A link that is not connected yet.
     *
     * @param health is told of connections, to send over them
     * @param credentials where the credentials of the tasks' roles go
     * @param reachability is told whenever the link is connected
     */
    public ControlPlaneLink(
            EcsClient ecs,
            Registration registration,
            ChannelConnector connector,
            Tasks tasks,
            HealthReporter health,
            RoleCredentialsStore credentials,
            Reachability reachability) {
        this.ecs = ecs;
        this.registration = registration;
        this.connector = connector;
        this.tasks = tasks;
        this.health = health;
        this.credentials = credentials;
        this.reachability = reachability;
    }

    /**
     * Connects, converses and reconnects until {@link #close}.
     *
     * @throws RegistrationRefused when this host cannot be in the cluster
     */
    public void run() throws InterruptedException, RegistrationRefused {
        while (ending.getCount() > 0) {
            try {
                if (!connectAndConverse()) {
                    backoff.pause();
                }
            } catch (SdkException | IOException e) {
                note(e);
                backoff.pause();
            } catch (ConnectFailure e) {
                note(e);
                pauseAfter(e.answer());
            }
        }
    }

    /** One connection from beginning to end; says whether the control plane spoke on it. */
    private boolean connectAndConverse() throws IOException, ConnectFailure, InterruptedException, RegistrationRefused {
        var current = instance;
        if (current == null) {
            current = registration.register();
            instance = current;
            log.info("registered as {} in cluster {}", current.arn(), current.cluster());
        }
        try (var channel = connector.connect(endpoint(current), current)) {
            open = channel;
            lastFailure = null;
            log.info("connected to the control plane");
            reachability.returned(() -> channel.ping(ANSWER_LIMIT));
            health.connected(current, channel);
            var heard = new Session(current, channel, tasks, credentials).run();
            if (heard) {
                backoff.reset();
            }
            log.info("the connection to the control plane has ended");
            return heard;
        } finally {
            open = null;
            health.disconnected();
            reachability.lost();
        }
    }

    private void pauseAfter(Answer answer) throws InterruptedException {
        switch (answer) {
            case NONE -> backoff.pause();
            case REFUSED -> {
                instance = null;
                backoff.pause();
            }
            case DEREGISTERED -> {
                // It takes reports all the same, so it is there: nothing is to be started again in its absence.
                reachability.returned(() -> true);
                log.warn("this host was taken out of its cluster; it registers anew when its agent is started again");
                var _ = ending.await(AWAY_WHEN_DEREGISTERED.toMillis(), TimeUnit.MILLISECONDS);
                reachability.lost();
            }
        }
    }

    private URI endpoint(Instance current) {
        var request = DiscoverPollEndpointRequest.builder()
                .cluster(current.cluster())
                .containerInstance(current.arn())
                .build();
        return URI.create(ecs.discoverPollEndpoint(request).endpoint());
    }

    /** The same failure again and again is said once. */
    private void note(Exception failure) {
        var text = String.valueOf(failure.getMessage());
        if (text.equals(lastFailure)) {
            log.debug("the control plane is still away: {}", text);
        } else {
            lastFailure = text;
            log.warn("no connection to the control plane, trying again: {}", text);
        }
    }

    @Override
    public void close() {
        ending.countDown();
        var channel = open;
        if (channel != null) {
            channel.close();
        }
    }
}

package dev.groundplane.agent.identity;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The credentials of the host's role: asked for when they are first needed and again at half of their life; while the
 * control plane is away, those that are there are used until they end. Thread safe.
 */
public final class RotatingCredentials implements AwsCredentialsProvider {
    private static final Logger log = LoggerFactory.getLogger(RotatingCredentials.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Enrollment enrollment;
    private final ControlPlaneClock clock;
    private @Nullable RoleToken token;
    private Instant next = Instant.MIN;

    /** @param enrollment of a host that is enrolled */
    public RotatingCredentials(Enrollment enrollment, ControlPlaneClock clock) {
        this.enrollment = enrollment;
        this.clock = clock;
    }

    /** @throws SdkClientException when there are none and the control plane gives none */
    @Override
    public synchronized AwsCredentials resolveCredentials() {
        var now = clock.instant();
        var current = token;
        if (current != null && now.isBefore(current.renewal())) {
            return current.credentials();
        }
        var usable = current != null && now.isBefore(current.expiration()) ? current : null;
        if (usable != null && now.isBefore(next)) {
            return usable.credentials();
        }
        try {
            var fresh = enrollment.token();
            token = fresh;
            return fresh.credentials();
        } catch (CallRefused e) {
            return kept(usable, explained(e), e);
        } catch (IOException e) {
            return kept(usable, "no credentials, the control plane is away: " + e, e);
        }
    }

    private AwsCredentials kept(@Nullable RoleToken usable, String message, Exception cause) {
        if (usable == null) {
            throw SdkClientException.create(message, cause);
        }
        next = clock.instant().plus(PAUSE);
        log.info("the present credentials stay in use until {}: {}", usable.expiration(), message);
        return usable.credentials();
    }

    private String explained(CallRefused refusal) {
        return switch (refusal.code()) {
            case "InvalidInstanceId" ->
                "%s is not, or no longer, registered with this control plane; start the agent with a new activation to"
                                .formatted(enrollment.instanceId())
                        + " register this host anew";
            default -> "no credentials: " + refusal.getMessage();
        };
    }
}

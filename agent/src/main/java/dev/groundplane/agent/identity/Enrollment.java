package dev.groundplane.agent.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * This host's registration as a managed instance: once, with an activation; from then on it is known by its key. For one
 * thread until {@link #enroll} has returned, then thread safe.
 */
public final class Enrollment {
    private static final Logger log = LoggerFactory.getLogger(Enrollment.class);
    private static final String UNKNOWN_INSTANCE = "InvalidInstanceId";
    private static final String BAD_SIGNATURE = "InvalidSignatureException";

    private final InstanceCalls calls;
    private final ControlPlaneClock clock;
    private final Endpoints endpoints;
    private final Path file;
    private volatile @Nullable HostIdentity identity;

    /**
     * @param http makes the calls; must tell {@code clock} the time
     * @param file where the identity is kept
     */
    public Enrollment(SdkHttpClient http, Endpoints endpoints, String region, ControlPlaneClock clock, Path file) {
        this.calls = new InstanceCalls(http, endpoints, region, clock);
        this.clock = clock;
        this.endpoints = endpoints;
        this.file = file;
    }

    /**
     * Makes sure that this host is registered; waits for a control plane that is away.
     *
     * @param activation needed the first time, and again after the host was deregistered
     * @return the managed instance's id
     * @throws EnrollmentRefused when the host cannot be registered as things are
     */
    public String enroll(Optional<Activation> activation) throws IOException, EnrollmentRefused, InterruptedException {
        var known = HostIdentity.read(file);
        if (known.isPresent() && known.get().instanceId() != null) {
            identity = known.get();
            if (activation.isEmpty() || !isGone()) {
                return known.get().instanceId();
            }
            log.warn(
                    "{} is no longer registered; registering this host anew",
                    known.get().instanceId());
            known = Optional.empty();
        }
        if (activation.isEmpty()) {
            throw new EnrollmentRefused("this host is not registered yet (%s has no identity): give --activation-id and"
                            .formatted(file.getParent())
                    + " --activation-code, from 'aws ssm create-activation --iam-role GroundplaneInstance'");
        }
        // The key and the fingerprint are kept before they are made known: an answer that is lost is asked for again.
        var fresh = known.isPresent() ? known.get() : HostIdentity.create().save(file);
        var id = register(activation.get(), fresh);
        identity = fresh.registeredAs(id).save(file);
        log.info("registered as managed instance {}", id);
        return id;
    }

    private boolean isGone() throws IOException {
        try {
            token();
            return false;
        } catch (CallRefused e) {
            return e.code().equals(UNKNOWN_INSTANCE);
        } catch (IOException e) {
            return false; // the control plane is away; it will say so later
        }
    }

    private String register(Activation activation, HostIdentity fresh) throws EnrollmentRefused, InterruptedException {
        var members = Json.MAPPER
                .createObjectNode()
                .put("ActivationId", activation.id())
                .put("ActivationCode", activation.code())
                .put("PublicKey", HostKey.decode(fresh.privateKey()).publicKey())
                .put("PublicKeyType", HostKey.TYPE)
                .put("Fingerprint", fresh.fingerprint());
        var backoff = new Backoff(new Reachability());
        String said = "";
        while (true) {
            String failure;
            try {
                return calls.unsigned("RegisterManagedInstance", members)
                        .path("InstanceId")
                        .asText();
            } catch (CallRefused e) {
                if (!e.fault()) {
                    throw new EnrollmentRefused("the control plane at %s does not register this host: %s"
                            .formatted(endpoints, e.getMessage()));
                }
                failure = String.valueOf(e.getMessage());
            } catch (IOException e) {
                failure = e.toString();
            }
            if (!failure.equals(said)) {
                said = failure;
                log.warn("cannot reach a control plane at {}, trying again: {}", endpoints, failure);
            }
            backoff.pause();
        }
    }

    /** Asks for credentials of the host's role, with the key that the control plane knows. */
    synchronized RoleToken token() throws IOException, CallRefused {
        var current = current();
        try {
            return renewed(request(current.privateKey()));
        } catch (CallRefused e) {
            var next = current.nextPrivateKey();
            if (next == null || !e.code().equals(BAD_SIGNATURE)) {
                throw e;
            }
            // A change of keys was interrupted after the control plane had made it.
            var token = request(next);
            identity = current.promoted(next).save(file);
            return token;
        }
    }

    private RoleToken request(String privateKey) throws IOException, CallRefused {
        var members =
                Json.MAPPER.createObjectNode().put("Fingerprint", current().fingerprint());
        return RoleToken.of(call("RequestManagedInstanceRoleToken", members, privateKey), clock.instant());
    }

    /** A signature that was refused because of this host's clock is made once more: the refusal told the time. */
    private JsonNode call(String operation, ObjectNode members, String privateKey) throws IOException, CallRefused {
        var key = HostKey.decode(privateKey);
        var id = String.valueOf(current().instanceId());
        var before = clock.correction();
        try {
            return calls.signed(operation, members, id, key);
        } catch (CallRefused e) {
            if (e.code().equals(BAD_SIGNATURE) && !clock.correction().equals(before)) {
                return calls.signed(operation, members, id, key);
            }
            throw e;
        }
    }

    /** Changes the host's key when the control plane asked for it. A failure leaves the old key in use. */
    private RoleToken renewed(RoleToken token) throws IOException {
        var current = current();
        if (!token.updateKeyPair()) {
            return token;
        }
        var pending = current.nextPrivateKey();
        var next = pending == null ? HostKey.generate().encoded() : pending;
        identity = current.withNext(next).save(file);
        var members = Json.MAPPER
                .createObjectNode()
                .put("NewPublicKey", HostKey.decode(next).publicKey())
                .put("NewPublicKeyType", HostKey.TYPE);
        try {
            call("UpdateManagedInstancePublicKey", members, current.privateKey());
            identity = current.promoted(next).save(file);
            log.info("this host's key was changed");
        } catch (CallRefused | IOException e) {
            log.warn("this host's key could not be changed and is changed later: {}", e.toString());
        }
        return token;
    }

    InstanceCalls calls() {
        return calls;
    }

    private HostIdentity current() {
        var known = identity;
        if (known == null) {
            throw new IllegalStateException("enroll() has not returned yet");
        }
        return known;
    }

    /** The managed instance's id. */
    String instanceId() {
        return String.valueOf(current().instanceId());
    }
}

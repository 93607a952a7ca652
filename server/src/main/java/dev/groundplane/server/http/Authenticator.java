package dev.groundplane.server.http;

import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.identity.SessionCredentials.Session;
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.services.iam.Principal;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.sigv4.Signature;
import dev.groundplane.wire.sigv4.SignatureVerifier;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds out whose request it is: by a long-term access key, or by temporary credentials with their token. Thread-safe. */
public final class Authenticator {
    /** STS gives sessions such names to Systems Manager only. */
    private static final Pattern MANAGED_INSTANCE = Pattern.compile("mi-[0-9a-f]{17}");

    private final AccessKeys keys;
    private final SessionCredentials sessions;
    private final SignatureVerifier verifier;
    private final Predicate<String> registered;
    private final InstantSource clock;

    /**
     * @param keys the long-term keys
     * @param sessions opens session tokens
     * @param registered whether a managed instance is registered: the sessions of one that is not have ended
     * @param clock what signatures and sessions are judged by
     */
    public Authenticator(
            AccessKeys keys, SessionCredentials sessions, Predicate<String> registered, InstantSource clock) {
        this.keys = keys;
        this.sessions = sessions;
        this.verifier = new SignatureVerifier(clock);
        this.registered = registered;
        this.clock = clock;
    }

    /**
     * Verifies the signature and tells whose it is; notes the caller in {@code entry}, also when its session has ended.
     *
     * @throws WireException when the key or token is unknown, the signature is not its, or the session has ended
     */
    Principal authenticate(WireRequest request, Signature signature, AuditEntry entry) {
        return authenticate(signature, entry, secret -> verifier.verify(request, signature, secret));
    }

    /**
     * The same for a form, of which the policy is signed.
     *
     * @param policy in base64, as the form has it
     */
    Principal authenticate(String policy, Signature signature, AuditEntry entry) {
        return authenticate(signature, entry, secret -> verifier.verifyPolicy(policy, signature, secret));
    }

    private Principal authenticate(Signature signature, AuditEntry entry, Consumer<String> verification) {
        if (signature.accessKeyId().startsWith(SessionCredentials.PREFIX)) {
            return session(signature, entry, verification);
        }
        if (signature.securityToken().isPresent()) {
            throw invalidToken(); // long-term keys have none
        }
        Principal principal = keys.find(signature.accessKeyId()).orElseThrow(Authenticator::invalidToken);
        verification.accept(principal.secretAccessKey());
        entry.calledBy(principal.caller(), signature.region());
        return principal;
    }

    private Principal session(Signature signature, AuditEntry entry, Consumer<String> verification) {
        Session session = signature
                .securityToken()
                .flatMap(token -> sessions.open(signature.accessKeyId(), token))
                .orElseThrow(Authenticator::invalidToken);
        verification.accept(session.secretAccessKey());
        entry.calledBy(session.caller(), signature.region());
        if (!session.expiration().isAfter(clock.instant())) {
            throw WireException.of(
                    "ExpiredTokenException",
                    400,
                    "ExpiredToken",
                    403,
                    "The security token included in the request is expired");
        }
        String name = session.caller().userName();
        if (MANAGED_INSTANCE.matcher(name).matches() && !registered.test(name)) {
            throw invalidToken();
        }
        return new Principal(session.caller(), session.secretAccessKey());
    }

    /**
     * The request that {@link #authenticate} found to be {@code principal}'s, with content that is checked against what was
     * signed while it is read.
     *
     * @throws WireException when a body at hand is not what was signed
     */
    WireRequest checked(WireRequest request, Signature signature, Principal principal) {
        return verifier.checked(request, signature, principal.secretAccessKey());
    }

    private static WireException invalidToken() {
        return WireException.of(
                "UnrecognizedClientException",
                400,
                "InvalidClientTokenId",
                403,
                "The security token included in the request is invalid.");
    }
}

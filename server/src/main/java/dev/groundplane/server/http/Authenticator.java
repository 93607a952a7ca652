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

/** Finds out whose request it is: by a long-term access key, or by temporary credentials with their token. Thread-safe. */
public final class Authenticator {
    private final AccessKeys keys;
    private final SessionCredentials sessions;
    private final SignatureVerifier verifier;
    private final InstantSource clock;

    /**
     * @param keys the long-term keys
     * @param sessions opens session tokens
     * @param clock what signatures and sessions are judged by
     */
    public Authenticator(AccessKeys keys, SessionCredentials sessions, InstantSource clock) {
        this.keys = keys;
        this.sessions = sessions;
        this.verifier = new SignatureVerifier(clock);
        this.clock = clock;
    }

    /**
     * Verifies the signature and tells whose it is; notes the caller in {@code entry}, also when its session has ended.
     *
     * @throws WireException when the key or token is unknown, the signature is not its, or the session has ended
     */
    Principal authenticate(WireRequest request, Signature signature, AuditEntry entry) {
        if (signature.accessKeyId().startsWith(SessionCredentials.PREFIX)) {
            return session(request, signature, entry);
        }
        if (signature.securityToken().isPresent()) {
            throw invalidToken(); // long-term keys have none
        }
        Principal principal = keys.find(signature.accessKeyId()).orElseThrow(Authenticator::invalidToken);
        verifier.verify(request, signature, principal.secretAccessKey());
        entry.calledBy(principal.caller(), signature.region());
        return principal;
    }

    private Principal session(WireRequest request, Signature signature, AuditEntry entry) {
        Session session = signature
                .securityToken()
                .flatMap(token -> sessions.open(signature.accessKeyId(), token))
                .orElseThrow(Authenticator::invalidToken);
        verifier.verify(request, signature, session.secretAccessKey());
        entry.calledBy(session.caller(), signature.region());
        if (!session.expiration().isAfter(clock.instant())) {
            throw WireException.of(
                    "ExpiredTokenException",
                    400,
                    "ExpiredToken",
                    403,
                    "The security token included in the request is expired");
        }
        return new Principal(session.caller(), session.secretAccessKey());
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

package dev.groundplane.platform.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes and opens temporary credentials: an access key {@code ASIA...}, its secret, and a session token. The token is the
 * session itself, sealed under the access key's id: nothing is stored, and sessions outlive restarts. What a session may do
 * is not in it. Thread-safe.
 */
public final class SessionCredentials {
    /** What the access key id of every temporary credential begins with. */
    public static final String PREFIX = "ASIA";

    private static final String TYPE = "sts:session";
    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_LENGTH = 16;
    private static final int SECRET_BYTES = 30;
    private static final int MAX_KNOWN = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What goes to the one who asked for a session.
     *
     * @param expiration when it ends
     */
    public record Keys(String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {
        /** Keeps the secrets out of log lines. */
        @Override
        public String toString() {
            return "Keys[" + accessKeyId + "]";
        }
    }

    /**
     * An opened session token.
     *
     * @param caller whose session it is
     * @param secretAccessKey what its signatures are checked with
     * @param expiration when it ends, or ended
     */
    public record Session(Caller caller, String secretAccessKey, Instant expiration) {
        /** Keeps the secret out of log lines. */
        @Override
        public String toString() {
            return "Session[" + caller.arn() + "]";
        }
    }

    /** The sealed form. Tokens of the first release have a role's name, id and session instead of a caller. */
    private record Sealed(
            String account,
            @Nullable String role,
            @Nullable String roleId,
            @Nullable String session,
            String secret,
            long expires,
            @Nullable String arn,
            @Nullable String userId,
            @Nullable String type,
            @Nullable SessionDetails details) {
        Caller caller(String accessKeyId) {
            if (arn == null || userId == null || type == null || details == null) {
                return Caller.session(account, "" + role, "" + roleId, "" + session, accessKeyId);
            }
            return new Caller(account, arn, userId, type, accessKeyId, details, Map.of());
        }
    }

    private record Claim(String accessKeyId, String sessionToken) {}

    private final Encryption encryption;
    private final Map<Claim, Session> known = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /** @param encryption seals and opens the tokens */
    public SessionCredentials(Encryption encryption) {
        this.encryption = encryption;
    }

    /**
     * Makes credentials of a session. Whether it may be had is the caller's to decide.
     *
     * @param session who has it, and with what it begins; how it calls is not kept
     * @param expiration kept to the second, as AWS tells it
     */
    public Keys issue(Caller session, Instant expiration) {
        String accessKeyId = newId();
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getEncoder().encodeToString(bytes);
        Sealed sealed = new Sealed(
                session.account(),
                null,
                null,
                null,
                secret,
                expiration.getEpochSecond(),
                session.arn(),
                session.userId(),
                session.type(),
                session.session());
        try {
            String token = encryption.seal(TYPE, accessKeyId, JSON.writeValueAsString(sealed));
            return new Keys(accessKeyId, secret, token, Instant.ofEpochSecond(expiration.getEpochSecond()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    private String newId() {
        StringBuilder id = new StringBuilder(PREFIX);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    /**
     * Opens a session token.
     *
     * @return the session, also one that has ended; empty when the token is not ours or belongs to another access key
     */
    public Optional<Session> open(String accessKeyId, String sessionToken) {
        Claim claim = new Claim(accessKeyId, sessionToken);
        Session cached = known.get(claim);
        if (cached != null) {
            return Optional.of(cached);
        }
        try {
            Sealed sealed = JSON.readValue(encryption.open(TYPE, accessKeyId, sessionToken), Sealed.class);
            Session session =
                    new Session(sealed.caller(accessKeyId), sealed.secret(), Instant.ofEpochSecond(sealed.expires()));
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.put(claim, session);
            return Optional.of(session);
        } catch (SealedException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what this key sealed is always a session", e);
        }
    }
}

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

    /** The sealed form. */
    private record Sealed(String account, String role, String roleId, String session, String secret, long expires) {}

    private record Claim(String accessKeyId, String sessionToken) {}

    private final Encryption encryption;
    private final Map<Claim, Session> known = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /** @param encryption seals and opens the tokens */
    public SessionCredentials(Encryption encryption) {
        this.encryption = encryption;
    }

    /**
     * Makes credentials of a role's session. Whether it may be had is the caller's to decide.
     *
     * @param roleName without path
     * @param roleId the role's unique id
     * @param expiration kept to the second, as AWS tells it
     */
    public Keys issue(String account, String roleName, String roleId, String sessionName, Instant expiration) {
        String accessKeyId = newId();
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getEncoder().encodeToString(bytes);
        Sealed sealed = new Sealed(account, roleName, roleId, sessionName, secret, expiration.getEpochSecond());
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
            Session session = new Session(
                    Caller.session(sealed.account(), sealed.role(), sealed.roleId(), sealed.session(), accessKeyId),
                    sealed.secret(),
                    Instant.ofEpochSecond(sealed.expires()));
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

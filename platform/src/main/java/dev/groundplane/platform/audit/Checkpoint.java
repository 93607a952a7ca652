package dev.groundplane.platform.audit;

import dev.groundplane.platform.secret.Encryption;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A signed statement about the trail at one moment: the record at {@code position} has this hash, and so all before it are
 * as they were. Signed with HMAC-SHA256 under the installation's key. Not with RSA: who verifies has the data directory and
 * so the key, and a public key would have to lie where whoever forges records could put another.
 *
 * @param chain whose hash chain; empty for the only one
 * @param number 1, 2, 3... within the chain, so that a missing one shows; {@link #REMOVAL_NUMBER} for what was removed
 * @param kind on which occasion
 * @param position the last record's; 0 for an empty trail
 * @param hash that record's
 * @param time when it was signed
 * @param signature see above
 */
record Checkpoint(String chain, long number, Kind kind, long position, byte[] hash, Instant time, byte[] signature) {
    /** There is one statement about removed records; the next one replaces it. */
    static final long REMOVAL_NUMBER = 0;

    private static final String SIGNED_AS = "audit:checkpoint";
    private static final HexFormat HEX = HexFormat.of();

    /** On which occasion a checkpoint is made. */
    enum Kind {
        /** A control plane started; nothing was added since the last stop. */
        START,
        /** Time has passed, and there are new records. */
        PERIODIC,
        /** A control plane stopped; it adds nothing after this. */
        STOP,
        /** The records up to here were removed, because they are older than what is kept. */
        REMOVAL
    }

    static Checkpoint signed(
            Encryption key, String chain, long number, Kind kind, long position, byte[] hash, Instant time) {
        String statement = statement(chain, number, kind, position, hash, time);
        return new Checkpoint(chain, number, kind, position, hash, time, key.authenticate(SIGNED_AS, statement));
    }

    boolean isGenuine(Encryption key) {
        String statement = statement(chain, number, kind, position, hash, time);
        return MessageDigest.isEqual(key.authenticate(SIGNED_AS, statement), signature);
    }

    private static String statement(String chain, long number, Kind kind, long position, byte[] hash, Instant time) {
        return String.join(
                " ",
                Long.toString(number),
                kind.name(),
                Long.toString(position),
                HEX.formatHex(hash),
                Long.toString(time.toEpochMilli()),
                chain); // the last, because it is the only one that might hold a space
    }

    /** As one line of text. */
    String encode() {
        return HEX.formatHex(signature) + " " + statement(chain, number, kind, position, hash, time);
    }

    /** The inverse of {@link #encode}; empty when it is no such line. */
    static Optional<Checkpoint> decode(String line) {
        String[] parts = line.strip().split(" ", 7);
        try {
            return parts.length < 6
                    ? Optional.empty()
                    : Optional.of(new Checkpoint(
                            parts.length == 7 ? parts[6] : "",
                            Long.parseLong(parts[1]),
                            Kind.valueOf(parts[2]),
                            Long.parseLong(parts[3]),
                            HEX.parseHex(parts[4]),
                            Instant.ofEpochMilli(Long.parseLong(parts[5])),
                            HEX.parseHex(parts[0])));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}

package dev.groundplane.pgwire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802), without channel binding. Each step is taken once, in order.
 * Several verifiers of one salt may be right at once: a user's password and the temporary ones that were given out.
 */
public final class ScramExchange {
    /** The mechanism's name. */
    public static final String MECHANISM = "SCRAM-SHA-256";

    private final List<ScramVerifier> verifiers;
    private final String serverNonce;
    private String clientFirstBare = "";
    private String serverFirst = "";
    private String gs2Header = "";
    private Optional<ScramVerifier> right = Optional.empty();

    /**
     * An exchange that has not begun.
     *
     * @param verifiers at least one; all have the salt and the iterations of the first
     * @param serverNonce printable, without commas, never the same again
     */
    public ScramExchange(List<ScramVerifier> verifiers, String serverNonce) {
        this.verifiers = List.copyOf(verifiers);
        this.serverNonce = serverNonce;
    }

    /**
     * Takes SASLInitialResponse and gives the data of AuthenticationSASLContinue.
     *
     * @throws ProtocolViolation when it is none, or of another mechanism
     */
    public String first(byte[] initialResponse) throws ProtocolViolation {
        var content = new MessageContent(initialResponse);
        var mechanism = content.string();
        if (!mechanism.equals(MECHANISM)) {
            throw new ProtocolViolation("SASL mechanism %s: use %s".formatted(mechanism, MECHANISM));
        }
        var clientFirst = new String(content.bytes(content.int32()), StandardCharsets.UTF_8);
        // n: the client cannot bind the channel; y: it could, but takes the server to be unable to.
        var header = clientFirst.indexOf(',', clientFirst.indexOf(',') + 1) + 1;
        if (header == 0 || !(clientFirst.startsWith("n,") || clientFirst.startsWith("y,"))) {
            throw new ProtocolViolation("SASL message: it begins with n,, or y,,");
        }
        gs2Header = clientFirst.substring(0, header);
        clientFirstBare = clientFirst.substring(header);
        var verifier = verifiers.getFirst();
        serverFirst = "r=%s%s,s=%s,i=%d"
                .formatted(
                        attribute(clientFirstBare, 'r'),
                        serverNonce,
                        Base64.getEncoder().encodeToString(verifier.salt()),
                        verifier.iterations());
        return serverFirst;
    }

    /**
     * Takes SASLResponse and gives the data of AuthenticationSASLFinal; empty when the password was not right.
     *
     * @throws ProtocolViolation when it is none, or does not belong to this exchange
     */
    public Optional<String> last(byte[] response) throws ProtocolViolation {
        var clientFinal = new String(response, StandardCharsets.UTF_8);
        var proofAt = clientFinal.lastIndexOf(",p=");
        if (proofAt < 0
                || !attribute(clientFinal, 'r').equals(attribute(serverFirst, 'r'))
                || !attribute(clientFinal, 'c')
                        .equals(Base64.getEncoder().encodeToString(gs2Header.getBytes(StandardCharsets.UTF_8)))) {
            throw new ProtocolViolation("SASL message: it does not belong to the one before");
        }
        var authMessage = clientFirstBare + "," + serverFirst + "," + clientFinal.substring(0, proofAt);
        var proof = decoded(clientFinal.substring(proofAt + 3));
        right = verifiers.stream()
                .filter(verifier -> verifier.accepts(proof, authMessage))
                .findFirst();
        return right.map(verifier -> "v=" + Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage)));
    }

    /** The verifier of the password that was right; empty before {@link #last}, and when none was. */
    Optional<ScramVerifier> right() {
        return right;
    }

    private static byte[] decoded(String base64) throws ProtocolViolation {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolation("SASL message: the proof is not Base64");
        }
    }

    private static String attribute(String message, char name) throws ProtocolViolation {
        for (var part : message.split(",")) {
            if (part.startsWith(name + "=")) {
                return part.substring(2);
            }
        }
        throw new ProtocolViolation("SASL message without the attribute " + name);
    }
}

package dev.groundplane.pgwire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Asks a client for its user's password: itself over TLS, by SCRAM-SHA-256 otherwise. Thread safe. */
final class Login {
    private static final int ITERATIONS = 4096;
    private static final int NONCE_BYTES = 18;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 32;

    private final UserDirectory users;
    private final SecureRandom random = new SecureRandom();
    private final byte[] unknownUsers = bytes(SALT_BYTES);

    Login(UserDirectory users) {
        this.users = users;
    }

    /**
     * Returns when the client has shown that it knows the password.
     *
     * @param encrypted whether nobody else can read the connection
     * @return the password's verifier
     * @throws LoginRefused when it does not, the same for unknown users
     */
    ScramVerifier authenticate(String user, boolean encrypted, MessageInput input, MessageOutput output)
            throws IOException, LoginRefused {
        var known = users.verifiers(user);
        // An unknown user is asked all the same, so that nobody learns who there is.
        var verifiers = known.isEmpty() ? List.of(nobody(user)) : known;
        // Amazon's JDBC driver knows no SCRAM, and does not connect without TLS.
        var right = encrypted ? cleartext(verifiers, input, output) : scram(verifiers, input, output);
        if (right.isEmpty() || known.isEmpty()) {
            throw new LoginRefused(Report.fatal(
                    SqlState.INVALID_PASSWORD, "password authentication failed for user \"%s\"".formatted(user)));
        }
        output.authenticationOk();
        return right.get();
    }

    private static Optional<ScramVerifier> cleartext(
            List<ScramVerifier> verifiers, MessageInput input, MessageOutput output) throws IOException {
        output.authenticationCleartextPassword();
        output.flush();
        var content = password(input);
        // It ends with a zero byte.
        var password = new String(content, 0, Math.max(0, content.length - 1), StandardCharsets.UTF_8);
        // Once for all, which have one salt: the derivation is slow on purpose.
        var shown = verifiers.getFirst().ofSameSalt(password);
        return verifiers.stream().filter(shown::isSamePassword).findFirst();
    }

    /** A verifier that no password fits, with a salt that is as much a user's own as those of users that there are. */
    private ScramVerifier nobody(String user) {
        var made = ScramVerifier.of(user, unknownUsers, 1).storedKey();
        return new ScramVerifier(Arrays.copyOf(made, SALT_BYTES), ITERATIONS, bytes(KEY_BYTES), bytes(KEY_BYTES));
    }

    private Optional<ScramVerifier> scram(List<ScramVerifier> verifiers, MessageInput input, MessageOutput output)
            throws IOException {
        var exchange = new ScramExchange(verifiers, nonce());
        output.authenticationSasl(List.of(ScramExchange.MECHANISM));
        output.flush();
        output.authenticationSaslContinue(exchange.first(password(input)));
        output.flush();
        var last = exchange.last(password(input));
        if (last.isPresent()) {
            output.authenticationSaslFinal(last.get());
        }
        return exchange.right();
    }

    private static byte[] password(MessageInput input) throws IOException {
        if (input.read() instanceof FrontendMessage.Password(var content)) {
            return content;
        }
        throw new ProtocolViolation("a password was expected");
    }

    private String nonce() {
        return Base64.getEncoder().encodeToString(bytes(NONCE_BYTES));
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}

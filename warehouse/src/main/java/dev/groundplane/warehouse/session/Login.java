package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.FrontendMessage;
import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.ProtocolViolation;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.ScramExchange;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** Asks a client for its user's password by SCRAM-SHA-256. Thread safe. */
final class Login {
    private static final int ITERATIONS = 4096;
    private static final int NONCE_BYTES = 18;

    private final UserDirectory users;
    private final SecureRandom random = new SecureRandom();
    private final ScramVerifier nobody;

    Login(UserDirectory users) {
        this.users = users;
        this.nobody = ScramVerifier.of(nonce(), bytes(16), ITERATIONS);
    }

    /**
     * Returns when the client has shown that it knows the password.
     *
     * @throws SqlFailure when it does not: a FATAL error, the same for unknown users
     */
    void authenticate(String user, MessageInput input, MessageOutput output) throws IOException {
        var verifiers = users.verifiers(user);
        // An unknown user is asked all the same, so that nobody learns who there is.
        var exchange = new ScramExchange(verifiers.isEmpty() ? List.of(nobody) : verifiers, nonce());
        output.authenticationSasl(List.of(ScramExchange.MECHANISM));
        output.flush();
        output.authenticationSaslContinue(exchange.first(password(input)));
        output.flush();
        var last = exchange.last(password(input));
        if (verifiers.isEmpty() || last.isEmpty()) {
            throw new SqlFailure(Report.fatal(
                    SqlState.INVALID_PASSWORD, "password authentication failed for user \"%s\"".formatted(user)));
        }
        output.authenticationSaslFinal(last.get());
        output.authenticationOk();
    }

    private static byte[] password(MessageInput input) throws IOException {
        if (input.read() instanceof FrontendMessage.Password(var content)) {
            return content;
        }
        throw new ProtocolViolation("a step of SCRAM-SHA-256 was expected");
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

package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.FieldPaths;
import dev.groundplane.wire.WireForm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.ValidationException;

/** Knows requests that were made before, by their clients' tokens. Thread-safe. */
final class ClientTokens {
    private static final Duration VALID = Duration.ofHours(8);

    private final StatementStore store;
    private final InstantSource clock;

    ClientTokens(StatementStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A client's token.
     *
     * @param key the token with its owner
     * @param fingerprint of what was asked for with it
     */
    record Token(String key, String fingerprint) {}

    static Optional<Token> of(Owner owner, SdkPojo request) {
        String token = Rules.clientToken(FieldPaths.text(request, "ClientToken").orElse(null));
        return token.isEmpty()
                ? Optional.empty()
                : Optional.of(new Token(owner.identity() + " " + token, fingerprint(request)));
    }

    /**
     * The statement that the same request made with the same token.
     *
     * @throws ValidationException when another request had the token
     */
    Optional<DescribeStatementResponse> known(Scope scope, Token token) {
        return same(token, store.statements().listByIndex(scope, StatementStore.TOKEN, token.key(), "", 1));
    }

    /** The same as the open transaction sees it. */
    Optional<DescribeStatementResponse> known(Transaction tx, Scope scope, Token token) throws SQLException {
        return same(token, store.statements().listByIndex(tx, scope, StatementStore.TOKEN, token.key(), "", 1));
    }

    private Optional<DescribeStatementResponse> same(Token token, Page<DescribeStatementResponse> newest) {
        Instant since = clock.instant().minus(VALID);
        Optional<Stored<DescribeStatementResponse>> known = newest.items().stream()
                .filter(stored -> stored.value().createdAt().isAfter(since))
                .findFirst();
        if (known.isPresent() && !token.fingerprint().equals(known.get().extra().get(StatementStore.FINGERPRINT))) {
            throw DataErrors.invalid(
                    "ClientToken was used for another request, statement %s.",
                    known.get().name());
        }
        return known.map(Stored::value);
    }

    private static String fingerprint(SdkPojo request) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(WireForm.json(request).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}

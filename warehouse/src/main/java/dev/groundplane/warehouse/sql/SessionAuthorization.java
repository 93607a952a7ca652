package dev.groundplane.warehouse.sql;

import java.util.Optional;

/**
 * {@code SET SESSION AUTHORIZATION} and its {@code RESET}.
 *
 * @param tag what CommandComplete says
 * @param user empty for who logged in
 */
public record SessionAuthorization(String tag, Optional<String> user) {
    /**
     * The one that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it names nobody
     */
    public static Optional<SessionAuthorization> of(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        if (reader.accept("RESET", "SESSION", "AUTHORIZATION")) {
            return whole(reader, new SessionAuthorization("RESET", Optional.empty()));
        }
        var local = reader.sees("SET", "LOCAL", "SESSION", "AUTHORIZATION");
        if (local) {
            throw SqlFailure.unsupported("SET LOCAL SESSION AUTHORIZATION");
        }
        if (!reader.accept("SET", "SESSION", "AUTHORIZATION")
                && !reader.accept("SET", "SESSION", "SESSION", "AUTHORIZATION")) {
            return Optional.empty();
        }
        if (reader.accept("DEFAULT")) {
            return whole(reader, new SessionAuthorization("SET", Optional.empty()));
        }
        return whole(reader, new SessionAuthorization("SET", Optional.of(reader.principal())));
    }

    private static Optional<SessionAuthorization> whole(TokenReader reader, SessionAuthorization command) {
        if (!reader.atEnd()) {
            throw reader.unexpected();
        }
        return Optional.of(command);
    }
}

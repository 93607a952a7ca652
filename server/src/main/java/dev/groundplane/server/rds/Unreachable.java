package dev.groundplane.server.rds;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.SourceFinding;
import java.sql.SQLException;
import javax.net.ssl.SSLException;

/** Why a source cannot be connected to, and what mends that. */
final class Unreachable {
    private Unreachable() {}

    static SourceFinding finding(SourceDatabase source, SQLException failure) {
        DatabaseEndpoint endpoint = source.endpoint();
        String place = "%s:%d".formatted(endpoint.host(), endpoint.port());
        String message = String.valueOf(failure.getMessage()).strip();
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (isTls(failure)) {
            return new SourceFinding(
                    true,
                    "there is no TLS with %s: %s".formatted(place, message),
                    "ssl = on in postgresql.conf, with a certificate of the name %s; and CUSTOM_JDBC_CERT of who vouches for it"
                            .formatted(endpoint.host()));
        }
        return switch (state) {
            case "28P01" ->
                new SourceFinding(
                        true,
                        "%s refuses the password of role %s".formatted(place, endpoint.user()),
                        "put the right one into the secret, or ALTER ROLE \"%s\" PASSWORD '...'"
                                .formatted(endpoint.user().replace("\"", "\"\"")));
            case "28000" ->
                new SourceFinding(
                        true,
                        "%s lets role %s not in: %s".formatted(place, endpoint.user(), message),
                        ("the line 'hostssl \"%s\" \"%s\" ADDRESS scram-sha-256' in pg_hba.conf, with the address of this machine;"
                                        + " then SELECT pg_reload_conf()")
                                .formatted(source.database(), endpoint.user()));
            case "3D000" ->
                new SourceFinding(
                        true,
                        "%s has no database %s".formatted(place, source.database()),
                        "name one that it has in the connection");
            case "53300" ->
                new SourceFinding(
                        true,
                        "%s has no connection left: %s".formatted(place, message),
                        "ALTER SYSTEM SET max_connections, or max_wal_senders, to more; then restart the server");
            default ->
                new SourceFinding(
                        true,
                        "%s cannot be connected to: %s".formatted(place, message),
                        "start the server, have it listen (listen_addresses), and let this machine through firewalls");
        };
    }

    private static boolean isTls(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("does not support SSL")
                || message.contains("could not be verified by hostnameverifier");
    }
}

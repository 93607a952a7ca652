package dev.groundplane.server.binlog;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.SourceFinding;
import java.sql.SQLException;
import javax.net.ssl.SSLException;

/**
 * Why a source cannot be connected to, and what mends that. Source: MariaDB's documentation, "MariaDB Error Codes"; MySQL has the same.
 */
final class BinlogUnreachable {
    private static final int TOO_MANY_CONNECTIONS = 1040;
    private static final int ACCESS_DENIED = 1045;
    private static final int ACCESS_DENIED_WITHOUT_PASSWORD = 1698;
    private static final int HOST_NOT_PRIVILEGED = 1130;

    private BinlogUnreachable() {}

    static SourceFinding finding(BinlogEndpoint source, SQLException failure) {
        DatabaseEndpoint endpoint = source.endpoint();
        String place = "%s:%d".formatted(endpoint.host(), endpoint.port());
        String user = endpoint.user().replace("'", "''");
        String message = String.valueOf(failure.getMessage()).strip();
        if (isTls(failure)) {
            return hindrance(
                    "there is no TLS with %s: %s".formatted(place, message),
                    "the lines ssl_cert and ssl_key under [%s] of its configuration, with a certificate of the name %s; and"
                                    .formatted(source.dialect().group(), endpoint.host())
                            + " CUSTOM_JDBC_CERT of who vouches for it");
        }
        return switch (failure.getErrorCode()) {
            case ACCESS_DENIED, ACCESS_DENIED_WITHOUT_PASSWORD ->
                hindrance(
                        "%s refuses user %s or its password from this machine".formatted(place, endpoint.user()),
                        ("put the right one into the secret, or ALTER USER '%1$s'@'%%' IDENTIFIED BY '...'; a user that may come by"
                                        + " TLS only needs JDBC_ENFORCE_SSL")
                                .formatted(user));
            case HOST_NOT_PRIVILEGED ->
                hindrance(
                        "%s lets nobody in from this machine: %s".formatted(place, message),
                        "CREATE USER '%s'@'ADDRESS' IDENTIFIED BY '...', with the address of this machine"
                                .formatted(user));
            case TOO_MANY_CONNECTIONS ->
                hindrance(
                        "%s has no connection left: %s".formatted(place, message),
                        "SET GLOBAL max_connections to more, and the line max_connections under [%s] of its configuration"
                                .formatted(source.dialect().group()));
            default ->
                hindrance(
                        "%s cannot be connected to: %s".formatted(place, message),
                        "start the server, have it listen (bind_address), and let this machine through firewalls");
        };
    }

    private static SourceFinding hindrance(String problem, String remedy) {
        return new SourceFinding(true, problem, remedy);
    }

    private static boolean isTls(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("ssl not enabled in the server")
                || message.contains("SSL hostname verification failed");
    }
}

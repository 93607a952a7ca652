package dev.groundplane.server.mariadb;

import dev.groundplane.services.DatabaseEndpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** A MariaDB server that has a database which is followed, as the control plane sees it. */
public record MariaDbSource(DatabaseEndpoint endpoint) {
    private static final String PATIENCE_MILLIS = "10000";

    /** A connection, to no database, for statements that do not take long. The caller closes it. */
    public Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password());
        properties.setProperty("connectTimeout", PATIENCE_MILLIS);
        properties.setProperty("socketTimeout", PATIENCE_MILLIS);
        properties.setProperty("allowLocalInfile", "false"); // else the server may ask for this machine's files
        MariaDbTransport.apply(endpoint.transport(), properties);
        return DriverManager.getConnection(
                "jdbc:mariadb://%s:%d/".formatted(endpoint.host(), endpoint.port()), properties);
    }
}

package dev.groundplane.server.binlog;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.SourceEngine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** A MariaDB or MySQL server that has a database which is followed, as the control plane sees it. */
public record BinlogEndpoint(DatabaseEndpoint endpoint) {
    private static final String PATIENCE_MILLIS = "10000";

    /** Which of both it is. */
    public BinlogDialect dialect() {
        return BinlogDialect.of(SourceEngine.of(endpoint));
    }

    /** A connection, to no database, for statements that do not take long. The caller closes it. */
    public Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password());
        properties.setProperty("connectTimeout", PATIENCE_MILLIS);
        properties.setProperty("socketTimeout", PATIENCE_MILLIS);
        properties.setProperty("allowLocalInfile", "false"); // else the server may ask for this machine's files
        BinlogTransport.apply(endpoint.transport(), properties);
        return DriverManager.getConnection(
                "jdbc:mariadb://%s:%d/".formatted(endpoint.host(), endpoint.port()), properties);
    }
}

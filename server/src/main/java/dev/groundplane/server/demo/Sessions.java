package dev.groundplane.server.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Opens sessions of databases. */
final class Sessions {
    /** Its warning that it does not know Redshift's version would stand in the middle of the progress display. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql.jdbc");

    static {
        DRIVER.setLevel(Level.SEVERE);
    }

    private Sessions() {}

    /** A session; the caller closes it. */
    static Connection open(String host, int port, String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s".formatted(host, port, database), user, password);
    }
}

package dev.groundplane.platform.store;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * Where a PostgreSQL database is and how to get in.
 *
 * @param url {@code jdbc:postgresql://HOST[:PORT]/DATABASE?user=NAME}, with any option of the driver. It must lead to the
 *     primary server: a standby may not have yet what was acknowledged
 * @param password the user's; null when the URL, a {@code .pgpass} file or the server's trust stands in for it
 */
public record PostgresServer(String url, @Nullable String password) {
    /** What every such URL begins with. */
    public static final String PREFIX = "jdbc:postgresql:";

    /** So many rows at once; whole listings would otherwise be in memory twice. */
    private static final String FETCHED_ROWS = "1000";

    private static final String SECONDS_TO_CONNECT = "10";

    /** The URL without its options, among which may be a password. */
    public String address() {
        int options = url.indexOf('?');
        return options < 0 ? url : url.substring(0, options);
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "groundplane");
        properties.setProperty("defaultRowFetchSize", FETCHED_ROWS);
        properties.setProperty("connectTimeout", SECONDS_TO_CONNECT);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    /** A connection of one's own. The server finds out within half a minute when this machine is gone. */
    PgConnection connect() throws SQLException {
        PgConnection connection = DriverManager.getConnection(url, properties()).unwrap(PgConnection.class);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;" + " SET tcp_keepalives_count = 3");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Keeps the password out of log lines. */
    @Override
    public String toString() {
        return "PostgresServer[" + address() + "]";
    }
}

package dev.groundplane.warehouse.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.SingleCertValidatingFactory;

/**
 * A database of a PostgreSQL server whose changes are followed.
 *
 * @param user may replicate and read; if it is a superuser, publication and event triggers are made
 * @param transport how connections are protected
 * @param name of the replication slot, and of a publication that is made, of which both are the integration's alone
 * @param publication what it sends
 * @param filter which of its tables are wanted
 * @param patience so long it may be silent where it owes an answer; then it is taken for away
 */
record Source(
        String host,
        int port,
        String database,
        String user,
        String password,
        Transport transport,
        String name,
        Publication publication,
        TableFilter filter,
        Duration patience)
        implements FollowedSource {
    /** As PostgreSQL's own, its {@code wal_sender_timeout} and {@code wal_receiver_timeout}. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * How connections are protected.
     *
     * @param sslMode {@code prefer} within the machine, {@code require} or {@code verify-full}
     * @param authority the certificate, in PEM, of who vouches for the server's; empty for the authorities that Java knows
     */
    record Transport(String sslMode, String authority) {
        /** Within the machine. */
        static final Transport LOCAL = new Transport("prefer", "");

        private void apply(Properties properties) {
            properties.setProperty("sslmode", sslMode);
            if (sslMode.equals("verify-full")) {
                // The driver compares the name itself, whichever factory looks at the certificate.
                if (authority.isEmpty()) {
                    properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
                } else {
                    properties.setProperty("sslfactory", SingleCertValidatingFactory.class.getName());
                    properties.setProperty("sslfactoryarg", authority);
                }
            }
        }
    }

    /** The same of which more is known. */
    Source with(Publication found) {
        return new Source(host, port, database, user, password, transport, name, found, filter, patience);
    }

    @Override
    public boolean isSameAs(FollowedSource other) {
        return other instanceof Source source
                && host.equals(source.host)
                && port == source.port
                && database.equals(source.database)
                && filter.equals(source.filter);
    }

    /** What its catalog tells to a connection. */
    SourceCatalog catalog(Connection connection) {
        return new SourceCatalog(connection, filter);
    }

    /**
     * Whatever the settings of the server and of the database are, values are written in one way, and names are PostgreSQL's own: the
     * database's owner could put others before them, which would be run as a superuser.
     */
    private static final String OPTIONS =
            "-c search_path=pg_catalog,pg_temp -c default_transaction_read_only=off -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=3 -c bytea_output=hex"
                    // Rows that a policy hides must not be missing silently.
                    + " -c row_security=off -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";

    private static final String CONNECT_SECONDS = "10";
    private static final int STATUS_SECONDS = 5;

    /** A connection for statements, which are given up when the source's patience is over. The caller closes it. */
    Connection connect() throws SQLException {
        return connect(new Properties());
    }

    /** A connection for statements that wait as long as it takes, for locks as an example. The caller closes it. */
    Connection connectForLong() throws SQLException {
        return unhurried(connect());
    }

    /** A connection for commands of replication. The caller closes it. */
    Connection replicate() throws SQLException {
        var properties = new Properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        return unhurried(connect(properties)); // a slot waits for others' transactions
    }

    private static Connection unhurried(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0);
        return connection;
    }

    /**
     * The stream of changes from a position on, as far as the slot has them. The caller closes it.
     *
     * @param replication as {@link #replicate} made it
     */
    PGReplicationStream stream(Connection replication, String slot, long position) throws SQLException {
        var stream = replication
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withStartPosition(LogSequenceNumber.valueOf(position))
                .withSlotOption("proto_version", "1")
                .withSlotOption("publication_names", publication.name())
                .withSlotOption("messages", "true")
                .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
                .withAutomaticFlush(false) // the target decides what is not needed any more
                .start();
        // A message that has begun to come has an end; whether there is one is asked without waiting.
        replication.setNetworkTimeout(Runnable::run, (int) patience.toMillis());
        return stream;
    }

    private Connection connect(Properties properties) throws SQLException {
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("options", OPTIONS);
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", SourceSocketFactory.class.getName());
        properties.setProperty("socketFactoryArg", patience.toString());
        properties.setProperty("socketTimeout", Long.toString(patience.toSeconds()));
        properties.setProperty("ApplicationName", "groundplane zero-ETL");
        transport.apply(properties);
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s".formatted(host, port, URLEncoder.encode(database, UTF_8)), properties);
    }

    /** Keeps the password out of log lines. */
    @Override
    public String toString() {
        return "%s:%d/%s".formatted(host, port, database);
    }
}

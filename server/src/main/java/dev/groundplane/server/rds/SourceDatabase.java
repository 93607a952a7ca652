package dev.groundplane.server.rds;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.groundplane.services.DatabaseEndpoint;
import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * A database of a PostgreSQL server whose changes are followed, as the control plane sees it.
 *
 * @param name of the replication slot, and of the publication if that is not the owner's
 */
public record SourceDatabase(DatabaseEndpoint endpoint, String database, String name) {
    private static final String PATIENCE_SECONDS = "10";
    /** Names are PostgreSQL's own: the database's owner could put others before them, which would be run as a superuser. */
    private static final String OPTIONS = "-c search_path=pg_catalog,pg_temp -c default_transaction_read_only=off";

    /** Whoever is cut off needs a moment to go. */
    private static final int ATTEMPTS = 50;

    private static final long PAUSE_MILLIS = 100;
    /** What the owner of a source makes who lets nobody else make one. */
    static final String OWNERS_PUBLICATION = "groundplane_tables";

    private static final String OBJECT_IN_USE = "55006";
    private static final String NO_SUCH_DATABASE = "3D000";

    /** A connection for statements that do not take long. The caller closes it. */
    Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("socketTimeout", PATIENCE_SECONDS);
        return connect(properties);
    }

    private Connection connect(Properties properties) throws SQLException {
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password());
        properties.setProperty("options", OPTIONS);
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("loginTimeout", PATIENCE_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "groundplane zero-ETL");
        SourceTransport.apply(endpoint.transport(), properties);
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s"
                        .formatted(endpoint.host(), endpoint.port(), URLEncoder.encode(database, UTF_8)),
                properties);
    }

    /** See {@link dev.groundplane.services.integration.IntegrationSources#forget}. */
    void forget() throws SQLException, InterruptedException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP PUBLICATION IF EXISTS " + name);
            for (int left = ATTEMPTS; ; left--) {
                try {
                    execute(
                            connection,
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ?");
                    execute(
                            connection,
                            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?");
                    removeTriggers(statement);
                    return;
                } catch (SQLException e) {
                    if (left == 0 || !OBJECT_IN_USE.equals(e.getSQLState())) {
                        throw e;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (SQLException e) {
            if (!NO_SUCH_DATABASE.equals(e.getSQLState())) { // then its slot has gone with it
                throw e;
            }
        }
    }

    /** Of somebody else's database, once nobody follows it any more; those that its owner made stay, as his publication does. */
    private void removeTriggers(Statement statement) throws SQLException {
        if (endpoint.isExternal()) {
            statement.execute("""
                    DO $$ BEGIN
                        IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'groundplane_replication'
                                AND nspowner = (SELECT oid FROM pg_roles WHERE rolname = current_user))
                            AND NOT EXISTS (SELECT FROM pg_publication WHERE pubname LIKE 'groundplane\\_%')
                        THEN
                            DROP SCHEMA groundplane_replication CASCADE;
                        END IF;
                    END $$""");
        }
    }

    private void execute(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    /** A connection that can {@link #watch}. The caller closes it. */
    public Connection replicate() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        return connect(properties);
    }

    /** The integration's own publication; without one, that of the source's owner. */
    private String publication(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet own =
                        statement.executeQuery("SELECT FROM pg_publication WHERE pubname = '%s'".formatted(name))) {
            return own.next() ? name : OWNERS_PUBLICATION;
        }
    }

    /** What the slot has not given away yet. Nothing is confirmed: whoever follows gets it again. */
    public PGReplicationStream watch(Connection replication) throws SQLException {
        String publication = publication(replication);
        return replication
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(name)
                .withSlotOption("proto_version", "1")
                .withSlotOption("publication_names", publication)
                .withSlotOption("messages", "true")
                .withStatusInterval(Integer.parseInt(PATIENCE_SECONDS), TimeUnit.SECONDS)
                .withAutomaticFlush(false)
                .start();
    }
}

package dev.groundplane.server.rds;

import dev.groundplane.services.rds.DatabaseServer;
import dev.groundplane.services.rds.DatabaseServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** What is done in a server as its superuser. Belongs to one thread; whoever opens it closes it. */
final class PostgresSession implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int FOREVER = 0;
    /** A database that initdb makes. */
    private static final String FIRST = "postgres";

    private final Connection connection;

    private PostgresSession(Connection connection) {
        this.connection = connection;
    }

    /**
     * Connects to the database of the superuser, which is made if this is the first time.
     *
     * @throws SQLException when the server does not answer, or is another one
     */
    static PostgresSession open(DatabaseServer server, String address, String password) throws SQLException {
        try {
            return new PostgresSession(
                    connect(server, address, password, DatabaseServers.ADMINISTRATION, PATIENCE_SECONDS));
        } catch (SQLException e) {
            if (!"3D000".equals(e.getSQLState())) { // there is no such database
                throw e;
            }
        }
        try (Connection first = connect(server, address, password, FIRST, PATIENCE_SECONDS);
                Statement statement = first.createStatement()) {
            statement.execute("CREATE DATABASE " + DatabaseServers.ADMINISTRATION);
        }
        return new PostgresSession(
                connect(server, address, password, DatabaseServers.ADMINISTRATION, PATIENCE_SECONDS));
    }

    /** Connects to a server that has been prepared, for statements that take as long as they take. */
    static PostgresSession openForLong(DatabaseServer server, String address, String password) throws SQLException {
        return new PostgresSession(connect(server, address, password, DatabaseServers.ADMINISTRATION, FOREVER));
    }

    private static Connection connect(
            DatabaseServer server, String address, String password, String database, int patienceSeconds)
            throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {address});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        source.setUser(DatabaseServers.ADMINISTRATOR);
        source.setPassword(password);
        if (database.equals(FIRST)) { // which is the master user's, who must not choose what names mean
            source.setOptions("-c search_path=pg_catalog,pg_temp");
        }
        source.setApplicationName("groundplane");
        source.setLoginTimeout(PATIENCE_SECONDS);
        source.setSocketTimeout(patienceSeconds);
        source.setSslMode("disable"); // within the machine
        return source.getConnection();
    }

    /** A setting; empty when there is none of that name. */
    String setting(String name) throws SQLException {
        return one("SELECT coalesce(current_setting(?, true), '')", name).orElse("");
    }

    private Optional<String> one(String query, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    private void execute(String statement) throws SQLException {
        try (Statement execution = connection.createStatement()) {
            execution.execute(statement);
        }
    }

    /** Executes what PostgreSQL makes of a template with quoted names (%I) and values (%L). */
    private void executeFormatted(String template, String... values) throws SQLException {
        String query = "SELECT format(?" + ", ?".repeat(values.length) + ")";
        String[] all = new String[values.length + 1];
        all[0] = template;
        System.arraycopy(values, 0, all, 1, values.length);
        execute(one(query, all).orElseThrow());
    }

    /** Has the server read its configuration anew, which it does a moment later. */
    void reload() throws SQLException {
        execute("SELECT pg_reload_conf()");
    }

    /** Makes roles and the database, once, and sets the master user's password whenever another one is wanted. */
    void prepare(DatabaseServer server) throws SQLException {
        execute("CREATE TABLE IF NOT EXISTS groundplane_done (what text PRIMARY KEY, how text NOT NULL)");
        if (done("roles").isEmpty()) {
            makeRoles(server.masterUser());
            note("roles", server.masterUser());
        }
        if (!done("password").equals(Optional.of(server.masterVerifier()))) {
            executeFormatted("ALTER ROLE %I PASSWORD %L", server.masterUser(), server.masterVerifier());
            note("password", server.masterVerifier());
        }
        if (done("database").isEmpty()) {
            makeDatabase(server);
            note("database", server.database());
        }
    }

    private Optional<String> done(String what) throws SQLException {
        return one("SELECT how FROM groundplane_done WHERE what = ?", what);
    }

    private void note(String what, String how) throws SQLException {
        one(
                "INSERT INTO groundplane_done VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET how = excluded.how"
                        + " RETURNING how",
                what,
                how);
    }

    /** As RDS has them: the master user is no superuser, because superusers have the machine's files. */
    private void makeRoles(String master) throws SQLException {
        for (String role : List.of("rds_superuser", "rds_replication")) {
            makeRole(role, "NOLOGIN");
        }
        execute(
                "GRANT pg_monitor, pg_signal_backend, pg_checkpoint, rds_replication TO rds_superuser WITH ADMIN OPTION");
        makeRole(master, "LOGIN CREATEDB CREATEROLE REPLICATION");
        executeFormatted("GRANT rds_superuser TO %I", master);
    }

    private void makeRole(String role, String options) throws SQLException {
        if (one("SELECT 1 FROM pg_roles WHERE rolname = ?", role).isEmpty()) {
            executeFormatted("CREATE ROLE %I " + options, role);
        }
    }

    private void makeDatabase(DatabaseServer server) throws SQLException {
        executeFormatted("ALTER DATABASE %I OWNER TO %I", FIRST, server.masterUser());
        String name = server.database();
        if (!name.isEmpty()
                && one("SELECT 1 FROM pg_database WHERE datname = ?", name).isEmpty()) {
            executeFormatted("CREATE DATABASE %I OWNER %I", name, server.masterUser());
        }
    }

    /**
     * What a backup of files ends with.
     *
     * @param label the content of {@code backup_label}
     * @param lastSegment the name of the last file of WAL that makes it whole
     */
    record BackupEnd(String label, String lastSegment) {}

    /**
     * Begins a backup of files, in which the server keeps all WAL until this session ends.
     *
     * @return the name of the first file of WAL that makes it whole
     */
    String beginBackup() throws SQLException {
        execute("SELECT pg_create_physical_replication_slot('groundplane_' || pg_backend_pid(), true, true)");
        return one("SELECT pg_walfile_name(pg_backup_start('groundplane', true))")
                .orElseThrow();
    }

    BackupEnd endBackup() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT labelfile, pg_walfile_name(lsn) FROM pg_backup_stop(false)")) {
            row.next();
            return new BackupEnd(row.getString(1), row.getString(2));
        }
    }

    /** For example {@code 17.11}. */
    String version() throws SQLException {
        return setting("server_version").split(" ", 2)[0];
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

package dev.groundplane.warehouse.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.groundplane.warehouse.replication.binlog.BinlogStream;
import dev.groundplane.warehouse.replication.binlog.LogPosition;
import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * A database of a MariaDB or MySQL server whose changes are followed.
 *
 * @param user may read the database, the server's log and where that is
 * @param transport how connections are protected
 * @param replica the number by which the server knows who reads its log, the integration's alone
 * @param filter which of its tables are wanted
 * @param patience so long it may be silent where it owes an answer; then it is taken for away
 */
record BinlogSource(
        Engine engine,
        String host,
        int port,
        String database,
        String user,
        String password,
        Source.Transport transport,
        long replica,
        TableFilter filter,
        Duration patience)
        implements FollowedSource {
    /** So that a network that has gone is noticed within half a minute. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /**
     * Whatever the settings of the server are, values are written in one way, and a reader that is slow, because the engine takes its time,
     * is waited for.
     */
    private static final String SESSION = "time_zone='+00:00',sql_mode='',net_write_timeout=3600,wait_timeout=2147483,";

    /** Whose server it is. */
    enum Engine {
        MARIADB("max_statement_time=0"),
        MYSQL("max_execution_time=0");

        private final String session;

        Engine(String session) {
            this.session = session;
        }

        /** The one that the control plane calls so; empty for an engine without such a log. */
        static Optional<Engine> titled(String title) {
            return Arrays.stream(values())
                    .filter(engine -> engine.name().toLowerCase(Locale.ROOT).equals(title))
                    .findFirst();
        }
    }

    @Override
    public boolean isSameAs(FollowedSource other) {
        return other instanceof BinlogSource source
                && engine == source.engine
                && host.equals(source.host)
                && port == source.port
                && database.equals(source.database)
                && filter.equals(source.filter);
    }

    /** A connection for statements, which are given up when the source's patience is over. The caller closes it. */
    Connection connect() throws SQLException {
        return connect(patience);
    }

    /** A connection for statements that wait as long as it takes. The caller closes it. */
    Connection connectForLong() throws SQLException {
        return connect(Duration.ZERO);
    }

    private Connection connect(Duration longest) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", Long.toString(CONNECT.toMillis()));
        properties.setProperty("socketTimeout", Long.toString(longest.toMillis()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("sessionVariables", SESSION + engine.session);
        properties.setProperty("allowLocalInfile", "false");
        switch (transport.sslMode()) {
            case "verify-full" -> {
                properties.setProperty("sslMode", "verify-full");
                if (!transport.authority().isEmpty()) {
                    properties.setProperty("serverSslCert", transport.authority());
                }
            }
            case "require" -> properties.setProperty("sslMode", "trust");
            default -> {
                properties.setProperty("sslMode", "disable");
                // Nobody is between, who could have the password encrypted with a key of their own.
                properties.setProperty("allowPublicKeyRetrieval", "true");
            }
        }
        return DriverManager.getConnection(
                "jdbc:mariadb://%s:%d/%s".formatted(host, port, URLEncoder.encode(database, UTF_8)), properties);
    }

    /**
     * The log from a place on. The caller closes it.
     *
     * @param base what the names of the log's files begin with
     * @param name of the thread that reads
     */
    BinlogStream stream(String base, long position, String name) {
        return new BinlogStream(
                new BinlogStream.Server(
                        host,
                        port,
                        user,
                        password,
                        BinlogTls.of(transport, host, port).orElse(null),
                        patience),
                replica,
                LogPosition.file(base, position),
                LogPosition.offset(position),
                name);
    }

    /** Keeps the password out of log lines. */
    @Override
    public String toString() {
        return "%s:%d/%s".formatted(host, port, database);
    }
}

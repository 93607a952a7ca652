package dev.groundplane.server.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import dev.groundplane.services.integration.IntegrationClaims.Followed;
import dev.groundplane.testing.MariaDbServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What wakes a warehouse that follows a real MariaDB. */
class IntegrationWatchTest {
    private static final String NAMESPACE = "0c1d-namespace";
    private static final String INTEGRATION = "6f9d5c1e";
    private static final long PATIENCE_SECONDS = 120;
    private static final int SEVERAL = 3;
    /** Well before the driver gives up by itself, which is after ten seconds. */
    private static final int SOON_MILLIS = 5_000;

    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final Map<String, String> places = new ConcurrentHashMap<>();
    private final IntegrationWatch watch = new IntegrationWatch(
            changed::add, namespace -> {}, integration -> Optional.ofNullable(places.get(integration)));
    private MariaDbServer server;

    @BeforeEach
    void open() {
        server = MariaDbServer.with(MariaDbServer.FOLLOWABLE.toArray(String[]::new));
        server.execute(
                "SET GLOBAL userstat = ON",
                "CREATE USER follower@'127.0.0.1' IDENTIFIED BY 'Secret1234'",
                "CREATE DATABASE shop",
                "CREATE TABLE shop.item (id INT PRIMARY KEY)");
    }

    @AfterEach
    void close() {
        watch.close();
        server.close();
    }

    private Followed followed(int port) {
        DatabaseEndpoint source = new DatabaseEndpoint(
                "mariadb", "", "127.0.0.1", port, "shop", "follower", "Secret1234", Transport.LOCAL, "");
        return new Followed(INTEGRATION, NAMESPACE, "sales", source, "shop", List.of(), "groundplane_6f9d5c1e", 42);
    }

    private void watch() {
        watch.watch(NAMESPACE, List.of(followed(server.port())));
    }

    private String one(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(""));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private String end() throws SQLException {
        return one("SELECT @@GLOBAL.gtid_binlog_pos");
    }

    /** By its own statistics the server knows what the watch has done. */
    private int statistic(String column) throws SQLException {
        String found =
                one("SELECT %s FROM information_schema.USER_STATISTICS WHERE USER = 'follower'".formatted(column));
        return found.isEmpty() ? 0 : Integer.parseInt(found);
    }

    private void awaitAsked(int times) throws SQLException, InterruptedException {
        for (int before = statistic("SELECT_COMMANDS"); statistic("SELECT_COMMANDS") < before + times; ) {
            Thread.sleep(100);
        }
    }

    private void awaitWoken() throws InterruptedException {
        assertThat(changed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(NAMESPACE);
    }

    @Test
    void itWakesWhenTheLogEndsElsewhere() throws Exception {
        places.put(INTEGRATION, end());
        watch();
        awaitAsked(SEVERAL);
        assertThat(changed).as("nothing has changed").isEmpty();
        assertThat(statistic("TOTAL_CONNECTIONS")).as("it is one that is held").isEqualTo(1);
        server.execute("INSERT INTO shop.item VALUES (1)");
        awaitWoken();
    }

    @Test
    void itWakesWhenNobodySaidWhereTheWarehouseIs() throws Exception {
        watch();
        awaitWoken();
    }

    @Test
    void domainsHaveNoOrder() throws Exception {
        server.execute("SET GLOBAL gtid_domain_id = 7", "INSERT INTO shop.item VALUES (1)");
        server.execute("INSERT INTO shop.item VALUES (2)");
        List<String> domains = List.of(end().split(","));
        assertThat(domains).hasSize(2);
        places.put(INTEGRATION, String.join(",", domains.reversed()));
        watch();
        awaitAsked(SEVERAL);
        assertThat(changed).isEmpty();
    }

    @Test
    void itConnectsAgain() throws Exception {
        places.put(INTEGRATION, end());
        watch();
        awaitAsked(1);
        server.kill();
        server.start();
        server.execute("SET GLOBAL userstat = ON");
        awaitAsked(SEVERAL);
        assertThat(changed).as("it is the same log").isEmpty();
        server.execute("INSERT INTO shop.item VALUES (1)");
        awaitWoken();
    }

    @Test
    void itLetsGoOfASourceThatDoesNotAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            watch.watch(NAMESPACE, List.of(followed(silent.getLocalPort())));
            try (Socket watching = silent.accept()) {
                watching.setSoTimeout(SOON_MILLIS);
                watch.release(INTEGRATION);
                assertThat(watching.getInputStream().read()).as("the end").isEqualTo(-1);
            }
        }
        assertThat(changed).isEmpty();
    }
}

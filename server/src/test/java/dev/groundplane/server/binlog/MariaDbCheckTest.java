package dev.groundplane.server.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.server.http.Certificate;
import dev.groundplane.server.tls.OwnAuthority;
import dev.groundplane.server.tls.Pem;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import dev.groundplane.services.integration.SourceFinding;
import dev.groundplane.testing.MariaDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing at a real MariaDB, and that what is said to mend it does. */
class MariaDbCheckTest {
    private static final String USER = "Od'd";
    private static final String PASSWORD = "Secret1234";
    private static final String DATABASE = "my_shop";
    private static final Pattern SET = Pattern.compile("SET GLOBAL (\\w+) = .*(?=, and the line)");

    private final MariaDbServer server = MariaDbServer.shared();

    @BeforeEach
    void makeDatabase() {
        prepare(server);
    }

    private static void prepare(MariaDbServer server) {
        server.execute(
                "CREATE DATABASE my_shop",
                "CREATE TABLE my_shop.item (id INT PRIMARY KEY)",
                "CREATE USER 'Od''d'@'127.0.0.1' IDENTIFIED BY '" + PASSWORD + "'");
    }

    private static void grantAll(MariaDbServer server) {
        server.execute("GRANT SELECT, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO 'Od''d'@'127.0.0.1'");
    }

    @AfterEach
    void removeDatabase() {
        server.execute("DROP DATABASE my_shop", "DROP USER 'Od''d'@'127.0.0.1'");
    }

    private static DatabaseEndpoint endpoint(MariaDbServer server, String user, String password, Transport transport) {
        return new DatabaseEndpoint("mariadb", "", "127.0.0.1", server.port(), DATABASE, user, password, transport, "");
    }

    private static List<SourceFinding> check(MariaDbServer server, String database) {
        return new BinlogSources().check(endpoint(server, USER, PASSWORD, Transport.LOCAL), database, "");
    }

    private List<SourceFinding> hindrances() {
        return check(server, DATABASE).stream().filter(SourceFinding::hinders).toList();
    }

    private static List<String> problems(List<SourceFinding> findings) {
        return findings.stream().map(SourceFinding::problem).toList();
    }

    @Test
    void theRightsThatAreSaidToBeMissingAreAllThatIs() {
        List<SourceFinding> found = hindrances();
        assertThat(problems(found))
                .containsExactly(
                        "user 'Od''d'@'127.0.0.1' has no right REPLICATION SLAVE and BINLOG MONITOR",
                        "user 'Od''d'@'127.0.0.1' may not read all of database my_shop");
        server.execute(found.getFirst().remedy());
        assertThat(hindrances()).isEqualTo(found.subList(1, 2));
        server.execute("GRANT SELECT ON my_shop.item TO 'Od''d'@'127.0.0.1'");
        assertThat(hindrances()).as("tables may come").isEqualTo(found.subList(1, 2));
        server.execute(found.getLast().remedy());
        assertThat(check(server, DATABASE)).isEmpty();
        server.execute("CREATE DATABASE `my-shop`");
        assertThat(problems(check(server, "my-shop")))
                .as("the statement is of that database alone")
                .containsExactly("user 'Od''d'@'127.0.0.1' may not read all of database my-shop");
        server.execute("DROP DATABASE `my-shop`");
    }

    @Test
    void aRoleMayHaveTheRights() {
        server.execute(
                "CREATE ROLE followers",
                "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO followers",
                "GRANT SELECT ON `my\\_shop`.* TO followers",
                "GRANT followers TO 'Od''d'@'127.0.0.1'",
                "SET DEFAULT ROLE followers FOR 'Od''d'@'127.0.0.1'");
        try {
            assertThat(check(server, DATABASE)).isEmpty();
        } finally {
            server.execute("DROP ROLE followers");
        }
    }

    @Test
    void whatIsSetOtherwiseIsSaidWithItsValueAndMendedByTheStatement() throws SQLException {
        grantAll(server);
        server.execute(
                "SET GLOBAL binlog_format = 'MIXED'",
                "SET GLOBAL binlog_row_image = 'MINIMAL'",
                "SET GLOBAL binlog_row_metadata = 'MINIMAL'",
                "SET GLOBAL log_bin_compress = ON",
                "SET GLOBAL binlog_expire_logs_seconds = 3600");
        List<SourceFinding> found = check(server, DATABASE);
        assertThat(problems(found))
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("binlog_format is MIXED"),
                        one -> assertThat(one).isEqualTo("binlog_row_image is MINIMAL"),
                        one -> assertThat(one).isEqualTo("binlog_row_metadata is MINIMAL"),
                        one -> assertThat(one).isEqualTo("log_bin_compress is ON"),
                        one -> assertThat(one).startsWith("binlog_expire_logs_seconds is 3600, so that"));
        assertThat(found.getLast().hinders()).as("that is advice").isFalse();
        assertThat(found.get(2).remedy())
                .isEqualTo(
                        "SET GLOBAL binlog_row_metadata = 'FULL', and the line binlog_row_metadata = FULL under [mariadb]"
                                + " of the server's configuration");
        for (SourceFinding finding : found) {
            Matcher statement = SET.matcher(finding.remedy());
            assertThat(statement.find()).as(finding.remedy()).isTrue();
            server.execute(statement.group());
        }
        assertThat(check(server, DATABASE)).isEmpty();
        server.execute("SET GLOBAL binlog_expire_logs_seconds = 0");
        assertThat(check(server, DATABASE)).as("nothing is purged").isEmpty();
    }

    @Test
    void aServerWithoutALogNeedsLinesAndARestart() {
        try (MariaDbServer plain = MariaDbServer.with()) {
            prepare(plain);
            grantAll(plain);
            List<SourceFinding> found = check(plain, DATABASE);
            assertThat(problems(found))
                    .containsExactly("log_bin is OFF", "binlog_format is MIXED", "binlog_row_metadata is NO_LOG");
            assertThat(found.getFirst().remedy()).contains("log_bin = binlog", "server_id = N", "restart the server");
        }
    }

    @Test
    void otherServersAreRefusedByName() {
        for (var one : List.of(
                List.of("8.0.36", "the server is no MariaDB, but 8.0.36"),
                List.of("10.5.27-MariaDB", "the server is MariaDB 10.5.27-MariaDB; following needs 10.6 or later"))) {
            try (MariaDbServer other = MariaDbServer.with("--version=" + one.getFirst())) {
                prepare(other);
                assertThat(problems(check(other, DATABASE))).containsExactly(one.getLast());
            }
        }
    }

    @Test
    void theLogMustTellOfTheDatabase() {
        for (var one : List.of(
                List.of("--binlog-ignore-db=my_shop", "binlog_ignore_db is my_shop, so that"),
                List.of("--binlog-do-db=other", "binlog_do_db is other, so that"))) {
            List<String> options = new ArrayList<>(MariaDbServer.FOLLOWABLE);
            options.add(one.getFirst());
            try (MariaDbServer silent = MariaDbServer.with(options.toArray(String[]::new))) {
                prepare(silent);
                grantAll(silent);
                assertThat(problems(check(silent, DATABASE)))
                        .singleElement()
                        .asString()
                        .startsWith(one.getLast());
            }
        }
    }

    @Test
    void aReplicaMustLogWhatItsPrimaryChanges() throws Exception {
        List<String> options = new ArrayList<>(MariaDbServer.FOLLOWABLE);
        options.add("--server-id=2");
        try (MariaDbServer replica = MariaDbServer.with(options.toArray(String[]::new))) {
            prepare(replica);
            grantAll(replica);
            replica.execute(
                    "SET GLOBAL gtid_slave_pos = '%s'".formatted(one(server, "SELECT @@GLOBAL.gtid_binlog_pos")),
                    "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = 'root', MASTER_USE_GTID = slave_pos"
                            .formatted(server.port()),
                    "START SLAVE");
            while (one(replica, "SHOW GLOBAL STATUS WHERE Variable_name = 'Slaves_running' AND Value = '1'")
                    .isEmpty()) {
                Thread.sleep(50);
            }
            assertThat(problems(check(replica, DATABASE)))
                    .singleElement()
                    .asString()
                    .startsWith("the server is a replica and log_slave_updates is OFF");
            replica.execute("STOP SLAVE");
            assertThat(check(replica, DATABASE)).isEmpty();
        }
    }

    private static String one(MariaDbServer server, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(""));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    @Test
    void tablesWithoutAPrimaryKeyAreNamed() {
        grantAll(server);
        server.execute(
                "CREATE TABLE my_shop.keyless (a INT, KEY (a))",
                "CREATE VIEW my_shop.seen AS SELECT 1 AS a",
                "CREATE SEQUENCE my_shop.numbers");
        assertThat(check(server, DATABASE)).singleElement().satisfies(one -> {
            assertThat(one.hinders()).isFalse();
            assertThat(one.problem()).isEqualTo("tables without a primary key are not followed: `keyless`");
            assertThat(one.remedy()).startsWith("ALTER TABLE `my_shop`.`keyless` ADD PRIMARY KEY");
        });
        for (int i = 0; i < 20; i++) {
            server.execute("CREATE TABLE my_shop.other_%d (a INT)".formatted(i));
        }
        assertThat(problems(check(server, DATABASE)))
                .singleElement()
                .asString()
                .contains("`keyless`, `other_0`, ")
                .endsWith(" and 1 more");
    }

    @Test
    void aDatabaseMustBeThere() {
        grantAll(server);
        assertThat(problems(check(server, "My_Shop"))).containsExactly("the server has no database My_Shop");
        assertThat(problems(check(server, "mysql"))).containsExactly("database mysql is the server's own");
    }

    @Test
    void whatCannotBeReachedIsToldPlainly() {
        DatabaseEndpoint wrong = endpoint(server, USER, "wrong", Transport.LOCAL);
        assertThat(new BinlogSources().check(wrong, DATABASE, ""))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.problem()).contains("refuses user Od'd or its password");
                    assertThat(one.remedy()).contains("ALTER USER 'Od''d'@'%' IDENTIFIED BY");
                });
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> new BinlogEndpoint(wrong).open())
                .as("by that the watch knows that the secret may have another")
                .satisfies(e -> assertThat(e.getSQLState()).startsWith("28"));
        assertThat(new BinlogSources()
                        .check(endpoint(server, USER, PASSWORD, new Transport("require", "")), DATABASE, ""))
                .as("it is not asked in the clear")
                .singleElement()
                .satisfies(one -> assertThat(one.toString()).contains("there is no TLS with 127.0.0.1", "ssl_cert"));
        DatabaseEndpoint gone;
        try (MariaDbServer stopped = MariaDbServer.with()) {
            gone = endpoint(stopped, USER, PASSWORD, Transport.LOCAL);
        }
        assertThat(problems(new BinlogSources().check(gone, DATABASE, "")))
                .singleElement()
                .asString()
                .contains("cannot be connected to");
        new BinlogSources().forget(gone, DATABASE, "groundplane_one"); // there is nothing to forget
    }

    @Test
    void tlsIsAsTheConnectionSays(@TempDir Path directory) throws IOException {
        Certificate certificate = authority(directory.resolve("bank"));
        Path chain = Files.writeString(directory.resolve("chain.pem"), Pem.certificates(certificate.chain()));
        Path key = Files.writeString(directory.resolve("key.pem"), Pem.key(certificate.key()));
        String known = Pem.certificates(List.of(certificate.chain().getLast()));
        String other = Pem.certificates(
                List.of(authority(directory.resolve("other")).chain().getLast()));
        List<String> options = new ArrayList<>(MariaDbServer.FOLLOWABLE);
        options.addAll(List.of("--bind-address=127.0.0.1,127.0.0.2", "--ssl-cert=" + chain, "--ssl-key=" + key));
        try (MariaDbServer encrypted = MariaDbServer.with(options.toArray(String[]::new))) {
            prepare(encrypted);
            grantAll(encrypted);
            encrypted.execute("ALTER USER 'Od''d'@'127.0.0.1' REQUIRE SSL");
            assertThat(problems(checkBy(encrypted, "127.0.0.1", Transport.LOCAL)))
                    .singleElement()
                    .asString()
                    .contains("refuses user Od'd");
            assertThat(checkBy(encrypted, "127.0.0.2", new Transport("require", "")))
                    .isEmpty();
            assertThat(checkBy(encrypted, "127.0.0.1", new Transport("verify-full", known)))
                    .isEmpty();
            for (var wrong : List.of(
                    checkBy(encrypted, "127.0.0.1", new Transport("verify-full", other)),
                    checkBy(encrypted, "127.0.0.1", new Transport("verify-full", "")),
                    checkBy(encrypted, "127.0.0.2", new Transport("verify-full", known)))) {
                assertThat(problems(wrong)).singleElement().asString().startsWith("there is no TLS with 127.0.0.");
            }
        }
    }

    private static Certificate authority(Path directory) {
        return new OwnAuthority(directory, List.of(), InstantSource.system()).load();
    }

    private static List<SourceFinding> checkBy(MariaDbServer server, String host, Transport transport) {
        return new BinlogSources()
                .check(
                        new DatabaseEndpoint(
                                "mariadb", "", host, server.port(), DATABASE, USER, PASSWORD, transport, ""),
                        DATABASE,
                        "");
    }
}

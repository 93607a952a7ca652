package dev.groundplane.server.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import dev.groundplane.services.integration.SourceFinding;
import dev.groundplane.testing.BinlogServer;
import dev.groundplane.testing.MariaDbServer;
import dev.groundplane.testing.MySqlServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is missing at a real MySQL, and that what is said to mend it does, where that is not as at a MariaDB. */
class MySqlCheckTest {
    private static final String USER = "Od'd";
    private static final String PASSWORD = "Secret1234";
    private static final String DATABASE = "my_shop";
    private static final String GRANT_ALL =
            "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'Od''d'@'localhost'";

    private final MySqlServer server = MySqlServer.shared();

    @BeforeEach
    void makeDatabase() {
        prepare(server);
    }

    private static void prepare(BinlogServer server) {
        server.execute(
                "CREATE DATABASE my_shop",
                "CREATE TABLE my_shop.item (id INT PRIMARY KEY)",
                "CREATE USER 'Od''d'@'localhost' IDENTIFIED BY '" + PASSWORD + "'");
    }

    @AfterEach
    void removeDatabase() {
        server.execute("DROP DATABASE my_shop", "DROP USER 'Od''d'@'localhost'");
    }

    private static List<SourceFinding> check(BinlogServer server) {
        return new BinlogSources().check(endpoint(server, Transport.LOCAL), DATABASE, "");
    }

    private static DatabaseEndpoint endpoint(BinlogServer server, Transport transport) {
        return new DatabaseEndpoint("mysql", "", "127.0.0.1", server.port(), DATABASE, USER, PASSWORD, transport, "");
    }

    private static List<String> problems(List<SourceFinding> findings) {
        return findings.stream().map(SourceFinding::problem).toList();
    }

    @Test
    void theRightsThatAreSaidToBeMissingAreAllThatIs() {
        List<SourceFinding> found = check(server);
        assertThat(problems(found))
                .containsExactly(
                        "user 'Od''d'@'localhost' has no right REPLICATION SLAVE and REPLICATION CLIENT",
                        "user 'Od''d'@'localhost' may not read all of database my_shop");
        server.execute(found.getFirst().remedy());
        assertThat(check(server)).isEqualTo(found.subList(1, 2));
        server.execute(found.getLast().remedy());
        assertThat(check(server)).isEmpty();
    }

    @Test
    void aRoleMayHaveTheRights() {
        server.execute(
                "CREATE ROLE followers",
                "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO followers",
                "GRANT SELECT ON `my\\_shop`.* TO followers",
                "GRANT followers TO 'Od''d'@'localhost'",
                "SET DEFAULT ROLE followers TO 'Od''d'@'localhost'");
        try {
            assertThat(check(server)).isEmpty();
        } finally {
            server.execute("DROP ROLE followers");
        }
    }

    @Test
    void whatIsSetOtherwiseIsSaidWithItsValueAndMendedByTheStatement() {
        try (MySqlServer other = MySqlServer.with("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF")) {
            prepare(other);
            other.execute(
                    GRANT_ALL,
                    "SET GLOBAL binlog_row_image = 'MINIMAL'",
                    "SET GLOBAL binlog_row_value_options = 'PARTIAL_JSON'",
                    "SET GLOBAL binlog_expire_logs_seconds = 3600");
            List<SourceFinding> found = check(other);
            assertThat(problems(found))
                    .satisfiesExactly(
                            one -> assertThat(one).isEqualTo("binlog_row_image is MINIMAL"),
                            one -> assertThat(one).isEqualTo("binlog_row_metadata is MINIMAL"),
                            one -> assertThat(one).isEqualTo("binlog_row_value_options is PARTIAL_JSON"),
                            one -> assertThat(one).isEqualTo("gtid_mode is OFF"),
                            one -> assertThat(one).startsWith("binlog_expire_logs_seconds is 3600, so that"));
            assertThat(found.get(1).remedy()).isEqualTo("SET PERSIST binlog_row_metadata = 'FULL'");
            assertThat(found.get(3).remedy())
                    .contains("enforce_gtid_consistency = ON", "OFF_PERMISSIVE", "ON_PERMISSIVE");
            for (SourceFinding finding : found) {
                if (!finding.problem().startsWith("gtid_mode")) {
                    other.execute(finding.remedy());
                }
            }
            other.execute("SET PERSIST enforce_gtid_consistency = ON");
            for (String mode : List.of("OFF_PERMISSIVE", "ON_PERMISSIVE", "ON")) {
                other.execute("SET PERSIST gtid_mode = " + mode);
            }
            assertThat(check(other)).isEmpty();
        }
    }

    @Test
    void aServerWithoutALogNeedsLinesAndARestart() {
        try (MySqlServer plain = MySqlServer.with("--skip-log-bin")) {
            prepare(plain);
            plain.execute(GRANT_ALL);
            List<SourceFinding> found = check(plain);
            assertThat(problems(found)).containsExactly("log_bin is OFF", "binlog_row_metadata is MINIMAL");
            assertThat(found.getFirst().remedy()).contains("log_bin = binlog", "under [mysqld]", "restart the server");
        }
    }

    @Test
    void theLogMustTellOfTheDatabase() {
        try (MySqlServer silent = MySqlServer.with(
                "--server-id=1",
                "--binlog-row-metadata=FULL",
                "--gtid-mode=ON",
                "--enforce-gtid-consistency=ON",
                "--binlog-ignore-db=my_shop")) {
            prepare(silent);
            silent.execute(GRANT_ALL);
            assertThat(problems(check(silent)))
                    .singleElement()
                    .asString()
                    .startsWith("binlog_ignore_db is my_shop, so that");
        }
    }

    @Test
    void aMariaDbIsNone() {
        MariaDbServer other = MariaDbServer.shared();
        other.execute("CREATE USER 'Od''d'@'127.0.0.1' IDENTIFIED BY '" + PASSWORD + "'");
        try {
            assertThat(check(other)).singleElement().satisfies(one -> {
                assertThat(one.problem()).startsWith("the server is no MySQL, but ");
                assertThat(one.remedy()).contains("JDBC_ENGINE");
            });
        } finally {
            other.execute("DROP USER 'Od''d'@'127.0.0.1'");
        }
    }

    @Test
    void itIsNotAskedInTheClearWhereTlsIsWanted() {
        server.execute(GRANT_ALL);
        assertThat(new BinlogSources().check(endpoint(server, new Transport("require", "")), DATABASE, ""))
                .as("MySQL has a certificate of its own making")
                .isEmpty();
        assertThat(new BinlogSources().check(endpoint(server, new Transport("verify-full", "")), DATABASE, ""))
                .singleElement()
                .satisfies(one -> assertThat(one.problem()).contains("there is no TLS with 127.0.0.1"));
    }
}

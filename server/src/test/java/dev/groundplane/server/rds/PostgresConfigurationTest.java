package dev.groundplane.server.rds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.rds.DatabaseServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresConfigurationTest {
    private static DatabaseServer server(Map<String, String> parameters) {
        return new DatabaseServer("cluster-1", "bank", "17.11", 5432, "boss", "SCRAM", "", parameters, 4096, 0);
    }

    private static String settings(Map<String, String> parameters) {
        return PostgresConfiguration.settings(server(parameters), "127.0.0.1", Path.of("/data/cluster-1"));
    }

    @Test
    void replicationIsLogicalUnlessSomebodySaysOtherwise() {
        assertThat(settings(Map.of())).contains("wal_level = 'logical'\n");
        assertThat(settings(Map.of("rds.logical_replication", "0"))).contains("wal_level = 'replica'\n");
    }

    @Test
    void parametersWinOverWhatIsOursToChooseAndNotOverWhatIsOursToDecide() {
        assertThat(settings(Map.of("max_connections", "7", "listen_addresses", "*", "search_path", "a'b")))
                .contains("max_connections = '7'\n", "listen_addresses = '127.0.0.1'\n", "search_path = 'a''b'\n")
                .doesNotContain("'*'");
    }

    @Test
    void parametersOfRdsAreNotPostgresqls() {
        assertThat(settings(Map.of("rds.force_ssl", "1", "aurora.enhanced_logical_replication", "1")))
                .doesNotContain("rds.", "aurora.");
    }

    @Test
    void onlyTheAdministratorReachesItsDatabaseAndOthersMayNeedTls() {
        assertThat(PostgresConfiguration.access(server(Map.of())).lines())
                .containsExactly(
                        "host rdsadmin rdsadmin all scram-sha-256",
                        "host rdsadmin all all reject",
                        "host all rdsadmin all scram-sha-256",
                        "host all all all scram-sha-256");
        assertThat(PostgresConfiguration.access(server(Map.of("rds.force_ssl", "1"))))
                .endsWith("hostssl all all all scram-sha-256\n");
    }

    @Test
    void valuesAreWhatTheyAreWhateverIsInThem() {
        assertThat(settings(Map.of("search_path", "a\\", "application_name", "it's"))
                        .lines())
                .contains("search_path = 'a\\\\'", "application_name = 'it''s'");
    }
}

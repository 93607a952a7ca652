package dev.groundplane.server.rds;

import dev.groundplane.services.rds.DatabaseServer;
import dev.groundplane.services.rds.DatabaseServers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a server's configuration files say. Source: PostgreSQL, chapters "Server Configuration" and "Client Authentication". */
final class PostgresConfiguration {
    private static final String LOGICAL_REPLICATION = "rds.logical_replication";
    private static final String FORCE_SSL = "rds.force_ssl";
    private static final String ON = "1";

    private PostgresConfiguration() {}

    /** postgresql.conf, where later lines win. */
    static String settings(DatabaseServer server, String address, Path directory) {
        Map<String, String> settings = new LinkedHashMap<>();
        // What is ours to choose, and others may change.
        settings.put("shared_buffers", sharedBuffersMib(server) + "MB");
        settings.put("max_connections", "200");
        settings.put("max_wal_senders", "20");
        settings.put("max_replication_slots", "20");
        // A slot whose reader does not come back must not fill the disk.
        settings.put("max_slot_wal_keep_size", "8GB");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.put("log_line_prefix", "%m:%r:%u@%d:[%p]:");
        server.parameters().forEach((name, value) -> {
            if (!name.startsWith("rds.") && !name.startsWith("aurora.")) {
                settings.put(name, value);
            }
        });
        boolean logical =
                server.parameters().getOrDefault(LOGICAL_REPLICATION, ON).equals(ON);
        settings.put("wal_level", logical ? "logical" : "replica");
        settings.put("listen_addresses", address);
        settings.put("port", Integer.toString(server.port()));
        settings.put("unix_socket_directories", "");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("ssl", "on");
        settings.put("ssl_cert_file", directory.resolve("server.pem").toString());
        settings.put("ssl_key_file", directory.resolve("server.key").toString());
        settings.put("logging_collector", "off");
        settings.put("log_destination", "stderr");
        StringBuilder text = new StringBuilder(
                "# Written by Groundplane: parameters are those of the DB cluster parameter group.\n");
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("\\", "\\\\").replace("'", "''"))
                .append("'\n"));
        return text.toString();
    }

    private static long sharedBuffersMib(DatabaseServer server) {
        return Math.max(16, PostgresTasks.memoryMib(server) / 4);
    }

    /** pg_hba.conf, where earlier lines win. */
    static String access(DatabaseServer server) {
        String host = server.parameters().getOrDefault(FORCE_SSL, "0").equals(ON) ? "hostssl" : "host";
        return """
                host %1$s %2$s all scram-sha-256
                host %1$s all all reject
                host all %2$s all scram-sha-256
                %3$s all all all scram-sha-256
                """.formatted(DatabaseServers.ADMINISTRATION, DatabaseServers.ADMINISTRATOR, host);
    }
}

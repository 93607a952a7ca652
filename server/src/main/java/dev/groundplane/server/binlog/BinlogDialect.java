package dev.groundplane.server.binlog;

import dev.groundplane.services.integration.SourceEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * In what MariaDB and MySQL differ for whoever looks at them. Source: MariaDB's documentation, "Replication and Binary Log System
 * Variables" and "GRANT"; MySQL Reference Manual, "Binary Logging Options and Variables" and "Privileges Provided by MySQL".
 */
public enum BinlogDialect {
    MARIADB(
            "MariaDB",
            10,
            6,
            "mariadb",
            List.of("REPLICATION SLAVE", "BINLOG MONITOR"),
            "SHOW BINLOG STATUS",
            "log_slave_updates",
            "SHOW GLOBAL STATUS LIKE 'Slaves_running'",
            "Value",
            settings("log_bin_compress", "OFF")),
    MYSQL(
            "MySQL",
            8,
            4,
            "mysqld",
            List.of("REPLICATION SLAVE", "REPLICATION CLIENT"),
            "SHOW BINARY LOG STATUS",
            "log_replica_updates",
            "SHOW REPLICA STATUS",
            "Replica_SQL_Running",
            settings("binlog_row_value_options", "", "binlog_transaction_compression", "OFF", "gtid_mode", "ON"));

    private final String title;
    private final int leastMajor;
    private final int leastMinor;
    private final String group;
    private final List<String> rights;
    private final String status;
    private final String updates;
    private final String replicas;
    private final String running;
    private final Map<String, String> settings;

    BinlogDialect(
            String title,
            int leastMajor,
            int leastMinor,
            String group,
            List<String> rights,
            String status,
            String updates,
            String replicas,
            String running,
            Map<String, String> settings) {
        this.title = title;
        this.leastMajor = leastMajor;
        this.leastMinor = leastMinor;
        this.group = group;
        this.rights = rights;
        this.status = status;
        this.updates = updates;
        this.replicas = replicas;
        this.running = running;
        this.settings = settings;
    }

    /** An engine's. */
    public static BinlogDialect of(SourceEngine engine) {
        return switch (engine) {
            case MARIADB -> MARIADB;
            case MYSQL -> MYSQL;
            case POSTGRESQL -> throw new IllegalArgumentException("PostgreSQL has no binary log");
        };
    }

    private static Map<String, String> settings(String... own) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("binlog_format", "ROW");
        settings.put("binlog_row_image", "FULL");
        settings.put("binlog_row_metadata", "FULL");
        for (int i = 0; i < own.length; i += 2) {
            settings.put(own[i], own[i + 1]);
        }
        return settings;
    }

    /** What it is called. */
    String title() {
        return title;
    }

    /** Whether a version, as the server tells it, is such a server's. */
    boolean isOwn(String version) {
        return version.contains(MARIADB.title) == (this == MARIADB);
    }

    /** Whether a version is late enough to be followed. */
    boolean isSince(int major, int minor) {
        return major > leastMajor || (major == leastMajor && minor >= leastMinor);
    }

    /** The first version that can be followed. */
    String least() {
        return leastMajor + "." + leastMinor;
    }

    /** The part of the server's configuration that its settings are in. */
    String group() {
        return group;
    }

    /** What a follower needs besides {@code SELECT}. */
    List<String> rights() {
        return rights;
    }

    /** Says where the log ends, and which databases it leaves out. */
    String status() {
        return status;
    }

    /** The setting by which a replica logs what its primary changes. */
    String updates() {
        return updates;
    }

    /** Says whether the server follows a primary itself. */
    String replicas() {
        return replicas;
    }

    /** The column of {@link #replicas} that tells whether what is received is applied: 0 or No where it is not. */
    String running() {
        return running;
    }

    /** What makes the log tell whole rows, and what their columns are, in the order in which it is mended. */
    Map<String, String> settings() {
        return settings;
    }

    /** The statement that sets a global variable for new sessions, of which a restart makes all. */
    String set(String name, String value) {
        String written = value.matches("[0-9]+|ON|OFF") ? value : "'" + value + "'";
        if (name.equals("gtid_mode")) {
            return "SET PERSIST enforce_gtid_consistency = ON; then, one after the other, SET PERSIST gtid_mode = OFF_PERMISSIVE, ="
                    + " ON_PERMISSIVE and = ON";
        }
        return switch (this) {
            case MARIADB ->
                "SET GLOBAL %1$s = %2$s, and the line %1$s = %3$s under [mariadb] of the server's configuration"
                        .formatted(name, written, value);
            case MYSQL -> "SET PERSIST %s = %s".formatted(name, written);
        };
    }

    /** Asks for the end of the log, in all columns of its answer's one row that {@link #endColumns} counts. */
    public String end() {
        return this == MARIADB ? "SELECT @@GLOBAL.gtid_binlog_pos" : status;
    }

    /** How many columns of the answer are the place. */
    public int endColumns() {
        return this == MARIADB ? 1 : 2;
    }
}

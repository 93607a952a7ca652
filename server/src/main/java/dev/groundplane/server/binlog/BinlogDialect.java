package dev.groundplane.server.binlog;

import dev.groundplane.services.integration.SourceEngine;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * In what MariaDB and MySQL differ for whoever looks at them. Source: MariaDB's documentation, "Replication and Binary Log System
 * Variables" and "GRANT"; MySQL Reference Manual, "Binary Logging Options and Variables" and "Privileges Provided by MySQL".
 *
 * @param title what it is called
 * @param leastMajor the first version that can be followed
 * @param leastMinor the same
 * @param group the part of the server's configuration that its settings are in
 * @param rights what a follower needs besides {@code SELECT}
 * @param status says where the log ends, and which databases it leaves out
 * @param updates the setting by which a replica logs what its primary changes
 * @param replicas says whether the server follows a primary itself
 * @param running the column of that which tells whether what is received is applied: 0 or No where it is not
 * @param settings what makes the log tell whole rows, and what their columns are, in the order in which it is mended
 */
public record BinlogDialect(
        SourceEngine engine,
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
    private static final BinlogDialect MARIADB = new BinlogDialect(
            SourceEngine.MARIADB,
            "MariaDB",
            10,
            6,
            "mariadb",
            List.of("REPLICATION SLAVE", "BINLOG MONITOR"),
            "SHOW BINLOG STATUS",
            "log_slave_updates",
            "SHOW GLOBAL STATUS LIKE 'Slaves_running'",
            "Value",
            settings("log_bin_compress", "OFF"));

    private static final BinlogDialect MYSQL = new BinlogDialect(
            SourceEngine.MYSQL,
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
        return Collections.unmodifiableMap(settings);
    }

    /** Whether a version, as the server tells it, is such a server's. */
    boolean isOwn(String version) {
        return version.contains(MARIADB.title) == title.equals(MARIADB.title);
    }

    /** Whether a version is late enough to be followed. */
    boolean isSince(int major, int minor) {
        return major > leastMajor || (major == leastMajor && minor >= leastMinor);
    }

    /** The first version that can be followed. */
    String least() {
        return leastMajor + "." + leastMinor;
    }

    /** The statement that sets a global variable for new sessions, of which a restart makes all. */
    String set(String name, String value) {
        String written = value.matches("[0-9]+|ON|OFF") ? value : "'" + value + "'";
        if (name.equals("gtid_mode")) {
            return "SET PERSIST enforce_gtid_consistency = ON; then, one after the other, SET PERSIST gtid_mode = OFF_PERMISSIVE, ="
                    + " ON_PERMISSIVE and = ON";
        }
        return engine == SourceEngine.MYSQL
                ? "SET PERSIST %s = %s".formatted(name, written)
                : "SET GLOBAL %1$s = %2$s, and the line %1$s = %3$s under [%4$s] of the server's configuration"
                        .formatted(name, written, value, group);
    }

    /** Asks for the end of the log, in all columns of its answer's one row that {@link #endColumns} counts. */
    public String end() {
        return engine == SourceEngine.MARIADB ? "SELECT @@GLOBAL.gtid_binlog_pos" : status;
    }

    /** How many columns of the answer are the place. */
    public int endColumns() {
        return engine == SourceEngine.MARIADB ? 1 : 2;
    }
}

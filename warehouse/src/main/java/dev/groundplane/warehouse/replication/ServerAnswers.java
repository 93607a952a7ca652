package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.LogPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What MariaDB and MySQL answer alike. For one connection. */
final class ServerAnswers {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    private final Connection connection;
    private @Nullable String base;

    ServerAnswers(Connection connection) {
        this.connection = connection;
    }

    /**
     * A statement's first row and column.
     *
     * @return null for NULL
     */
    @Nullable
    String one(String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A setting of the server's; empty when there is none of this name. */
    Optional<String> variable(String name) throws SQLException {
        return Optional.ofNullable(
                pairs("SHOW GLOBAL VARIABLES LIKE '%s'".formatted(name)).get(name));
    }

    /** The first two columns of a statement's rows. */
    Map<String, String> pairs(String sql) throws SQLException {
        var pairs = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                pairs.put(rows.getString(1), rows.getString(2));
            }
        }
        return pairs;
    }

    String version() throws SQLException {
        return String.valueOf(one("SELECT VERSION()"));
    }

    /** Whether a version, as the server tells it, is one or a later one. */
    static boolean isSince(String version, int major, int minor) {
        var numbers = VERSION.matcher(version);
        if (!numbers.lookingAt()) {
            return false;
        }
        var found = Integer.parseInt(numbers.group(1));
        return found > major || (found == major && Integer.parseInt(numbers.group(2)) >= minor);
    }

    /**
     * Looks at settings.
     *
     * @throws SQLException when some are not as required
     */
    void require(Map<String, String> settings) throws SQLException {
        var missing = new ArrayList<String>();
        for (var setting : settings.entrySet()) {
            if (!variable(setting.getKey()).orElse("").equalsIgnoreCase(setting.getValue())) {
                missing.add(setting.getKey() + " = " + (setting.getValue().isEmpty() ? "''" : setting.getValue()));
            }
        }
        if (!missing.isEmpty()) {
            throw new SQLException("the source's server needs "
                    + String.join(", ", missing.stream().sorted().toList()));
        }
    }

    /** What the names of the log's files begin with. */
    String base() throws SQLException {
        var known = base;
        if (known == null) {
            var path = variable("log_bin_basename").orElseThrow(() -> new SQLException("the source has no binary log"));
            known = path.substring(path.lastIndexOf('/') + 1);
            base = known;
        }
        return known;
    }

    /** The log's files in their order, with the size of each. */
    Map<String, String> files() throws SQLException {
        return pairs("SHOW BINARY LOGS");
    }

    /** The end of the log as a statement tells it. */
    LogEnd end(String statement) throws SQLException {
        return pairs(statement).entrySet().stream()
                .map(end -> new LogEnd(end.getKey(), Long.parseLong(end.getValue())))
                .findFirst()
                .orElseThrow(() -> new SQLException("the source has no binary log"));
    }

    /** Where a log ends. */
    record LogEnd(String file, long offset) {
        long position() {
            return LogPosition.of(file, offset);
        }
    }
}

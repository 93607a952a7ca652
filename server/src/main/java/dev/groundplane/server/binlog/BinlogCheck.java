package dev.groundplane.server.binlog;

import dev.groundplane.services.integration.SourceFinding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Looks whether a database can be followed, and says of each thing that is missing which statement or line mends it. Changes nothing.
 */
final class BinlogCheck {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\..*");
    private static final String RETENTION = "binlog_expire_logs_seconds";
    private static final int DAY_SECONDS = 86_400;
    private static final Set<String> SERVERS_OWN = Set.of("information_schema", "mysql", "performance_schema", "sys");
    private static final int MOST_NAMES = 20;

    private final Connection connection;
    private final BinlogDialect dialect;
    private final String database;
    private final List<SourceFinding> findings = new ArrayList<>();

    private BinlogCheck(Connection connection, BinlogDialect dialect, String database) {
        this.connection = connection;
        this.dialect = dialect;
        this.database = database;
    }

    /** What is missing, in the order in which it is mended. */
    static List<SourceFinding> of(BinlogEndpoint source, String database) {
        try (Connection connection = source.open()) {
            BinlogCheck check = new BinlogCheck(connection, source.dialect(), database);
            if (check.isFollowable()) {
                check.log();
                if (check.mayFollow()) {
                    check.logged();
                    check.tables();
                }
            }
            return List.copyOf(check.findings);
        } catch (SQLException e) {
            return List.of(BinlogUnreachable.finding(source, e));
        }
    }

    private void hinder(String problem, String remedy) {
        findings.add(new SourceFinding(true, problem, remedy));
    }

    private void limit(String problem, String remedy) {
        findings.add(new SourceFinding(false, problem, remedy));
    }

    /** Other servers do not have what is asked next. */
    private boolean isFollowable() throws SQLException {
        String version = column("SELECT VERSION()").getFirst();
        if (!dialect.isOwn(version)) {
            hinder(
                    "the server is no %s, but %s".formatted(dialect.title(), version),
                    "name its engine in JDBC_ENGINE: mariadb, or mysql");
            return false;
        }
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches() || !dialect.isSince(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)))) {
            hinder(
                    "the server is %s %s; following needs %s or later"
                            .formatted(dialect.title(), version, dialect.least()),
                    "follow a server of a later version");
            return false;
        }
        return true;
    }

    private void log() throws SQLException {
        Map<String, String> settings = settings();
        if ("OFF".equals(settings.get("log_bin"))) {
            hinder(
                    "log_bin is OFF",
                    "the lines log_bin = binlog and server_id = N, a number that no server near it has, under [%s] of its"
                                    .formatted(dialect.group())
                            + " configuration; then restart the server");
        }
        dialect.settings().forEach((name, value) -> {
            String found = settings.getOrDefault(name, "");
            if (!found.equals(value)) {
                hinder("%s is %s".formatted(name, found), dialect.set(name, value));
            }
        });
        int retention = Integer.parseInt(settings.getOrDefault(RETENTION, "0"));
        if (retention > 0 && retention < DAY_SECONDS) {
            limit(
                    "%s is %d, so that a warehouse that stays away for longer has all tables copied again"
                            .formatted(RETENTION, retention),
                    dialect.set(RETENTION, Integer.toString(DAY_SECONDS)));
        }
        if ("OFF".equals(settings.get(dialect.updates())) && isReplica()) {
            hinder(
                    "the server is a replica and %s is OFF, so that its log does not tell what its primary changes"
                            .formatted(dialect.updates()),
                    "make the connection one to the primary server; or the line %s = ON under [%s] of its configuration, and"
                                    .formatted(dialect.updates(), dialect.group())
                            + " restart the server");
        }
    }

    private Map<String, String> settings() throws SQLException {
        Map<String, String> settings = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', '" + dialect.updates() + "', '"
                                + RETENTION + "', '"
                                + String.join("', '", dialect.settings().keySet()) + "')")) {
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
        }
        return settings;
    }

    private boolean isReplica() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(dialect.replicas())) {
            while (rows.next()) {
                if (!Set.of("0", "No").contains(rows.getString(dialect.running()))) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean mayFollow() throws SQLException {
        if (SERVERS_OWN.contains(database)) {
            hinder("database %s is the server's own".formatted(database), "name another in the connection");
            return false;
        }
        try (Statement statement = connection.createStatement()) { // else the rights' lines may be quoted otherwise
            statement.execute("SET SESSION sql_mode = '', sql_quote_show_create = 1");
        }
        Grants grants = Grants.of(column("SHOW GRANTS"));
        String user = user();
        List<String> missing =
                dialect.rights().stream().filter(right -> !grants.has(right)).toList();
        if (!missing.isEmpty()) {
            hinder(
                    "user %s has no right %s".formatted(user, String.join(" and ", missing)),
                    "GRANT %s ON *.* TO %s".formatted(String.join(", ", missing), user));
        }
        if (!grants.mayRead(database)) {
            hinder(
                    "user %s may not read all of database %s".formatted(user, database),
                    "GRANT SELECT ON %s.* TO %s".formatted(quoted(database.replaceAll("[\\\\%_]", "\\\\$0")), user));
        } else if (!column("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA")
                .contains(database)) {
            hinder("the server has no database %s".formatted(database), "name one that it has in the connection");
        }
        return findings.stream().noneMatch(SourceFinding::hinders);
    }

    /** As GRANT names it: {@code 'follower'@'%'}. */
    private String user() throws SQLException {
        String user = column("SELECT CURRENT_USER()").getFirst();
        int at = user.lastIndexOf('@');
        return "'%s'@'%s'".formatted(user.substring(0, at).replace("'", "''"), user.substring(at + 1));
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** Whoever configures a server may leave databases out of its log. */
    private void logged() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(dialect.status())) {
            if (!row.next()) {
                return;
            }
            String only = row.getString("Binlog_Do_DB");
            String never = row.getString("Binlog_Ignore_DB");
            if (!only.isEmpty() && !isIn(only)) {
                leftOut("binlog_do_db", only, "add the line binlog_do_db = " + database);
            }
            if (isIn(never)) {
                leftOut("binlog_ignore_db", never, "remove the line binlog_ignore_db = " + database);
            }
        }
    }

    private boolean isIn(String databases) {
        return Arrays.asList(databases.split(",")).contains(database);
    }

    private void leftOut(String setting, String value, String remedy) {
        hinder(
                "%s is %s, so that the log does not tell of database %s".formatted(setting, value, database),
                "%s under [%s] of the server's configuration; then restart the server"
                        .formatted(remedy, dialect.group()));
    }

    private void tables() throws SQLException {
        Set<String> keyed = Set.copyOf(column(
                "SELECT DISTINCT TABLE_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND INDEX_NAME = 'PRIMARY'",
                database));
        List<String> keyless = column(
                        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'"
                                + " ORDER BY TABLE_NAME",
                        database)
                .stream()
                .filter(table -> !keyed.contains(table))
                .toList();
        if (!keyless.isEmpty()) {
            String names =
                    keyless.stream().limit(MOST_NAMES).map(BinlogCheck::quoted).collect(Collectors.joining(", "));
            int others = keyless.size() - MOST_NAMES;
            limit(
                    "tables without a primary key are not followed: %s%s"
                            .formatted(names, others > 0 ? " and %d more".formatted(others) : ""),
                    "ALTER TABLE %s.%s ADD PRIMARY KEY (...), and so on"
                            .formatted(quoted(database), quoted(keyless.getFirst())));
        }
    }

    private List<String> column(String query, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            List<String> column = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    column.add(rows.getString(1));
                }
            }
            return column;
        }
    }
}

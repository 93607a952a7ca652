package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.warehouse.replication.binlog.DeclaredType;
import dev.groundplane.warehouse.replication.binlog.LogPosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a MariaDB server's catalog tells of a database, and where its log is. For one connection. */
final class BinlogCatalog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final int OLDEST_MAJOR = 10;
    private static final int OLDEST_MINOR = 6;
    /** What a server must be set to, so that its log has whole rows of tables that it describes. */
    private static final Map<String, String> REQUIRED = Map.of(
            "log_bin", "ON",
            "binlog_format", "ROW",
            "binlog_row_image", "FULL",
            "binlog_row_metadata", "FULL",
            "log_bin_compress", "OFF");

    private static final Pattern CASCADE = Pattern.compile("ON (DELETE|UPDATE) (CASCADE|SET NULL|SET DEFAULT)");

    private final Connection connection;
    private final BinlogSource source;
    private final BinlogCharacters characters;

    /** @param characters that are known of the server */
    BinlogCatalog(Connection connection, BinlogSource source, BinlogCharacters characters) {
        this.connection = connection;
        this.source = source;
        this.characters = characters;
    }

    /**
     * A place in the log.
     *
     * @param gtid of the last transaction of each domain before it
     */
    record Place(long position, Gtids gtid) {}

    /**
     * Looks whether the server can be followed.
     *
     * @throws SQLException when it cannot, with all that is missing
     */
    void check() throws SQLException {
        var version = String.valueOf(one("SELECT VERSION()"));
        var numbers = VERSION.matcher(version);
        if (!version.contains("MariaDB")) {
            throw new SQLException("the source is no MariaDB, but " + version);
        }
        if (numbers.find()) {
            var major = Integer.parseInt(numbers.group(1));
            var minor = Integer.parseInt(numbers.group(2));
            if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
                throw new SQLException("the source is MariaDB %s; it must be 10.6 or later".formatted(version));
            }
        }
        // Where case makes no difference, the log still has one of the names alone.
        var name = one("SELECT max(SCHEMA_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = %s"
                .formatted(literal(source.database())));
        if (!source.database().equals(name)) {
            throw new SQLException("the source has no database %s%s"
                    .formatted(source.database(), name == null ? "" : ", but " + name));
        }
        var missing = new ArrayList<String>();
        for (var setting : REQUIRED.entrySet()) {
            if (!variable(setting.getKey()).orElse("").equalsIgnoreCase(setting.getValue())) {
                missing.add(setting.getKey() + " = " + setting.getValue());
            }
        }
        if (!missing.isEmpty()) {
            throw new SQLException("the source's server needs "
                    + String.join(", ", missing.stream().sorted().toList()));
        }
    }

    /** Which server it is, and which log. Whether that is still the same one also its GTIDs tell, see {@link #begin}. */
    String identity() throws SQLException {
        return "mariadb %s/%s/%s"
                .formatted(
                        variable("server_uid").orElse(""), variable("server_id").orElse(""), base());
    }

    /** What the names of the log's files begin with. */
    String base() throws SQLException {
        var path = variable("log_bin_basename").orElseThrow(() -> new SQLException("the source has no binary log"));
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The end of the log. */
    Place end() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW MASTER STATUS")) {
            if (!rows.next()) {
                throw new SQLException("the source has no binary log");
            }
            return place(rows.getString(1), rows.getLong(2));
        }
    }

    /** Begins a transaction that sees what was committed before a place of the log, and nothing else. */
    Place snapshot() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
            var found = new LinkedHashMap<String, String>();
            try (var rows = statement.executeQuery("SHOW STATUS LIKE 'binlog_snapshot_%'")) {
                while (rows.next()) {
                    found.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
                }
            }
            var file = found.get("binlog_snapshot_file");
            var offset = found.get("binlog_snapshot_position");
            if (file == null || offset == null) {
                throw new SQLException("the source does not tell where in its log a snapshot is");
            }
            return place(file, Long.parseLong(offset));
        }
    }

    private Place place(String file, long offset) throws SQLException {
        return new Place(
                LogPosition.of(file, offset),
                gtid(file, offset)
                        .orElseThrow(() -> new SQLException(
                                "the source does not tell which GTID is at %s:%d".formatted(file, offset))));
    }

    private Optional<Gtids> gtid(String file, long offset) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT BINLOG_GTID_POS(?, ?)")) {
            statement.setString(1, file);
            statement.setLong(2, offset);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return Optional.ofNullable(rows.getString(1)).map(Gtids::of);
            }
        }
    }

    /**
     * From where on the log is read by whoever has all that is before a place: from there, or from the first file there is if nothing
     * is missing before that. The same GTIDs must be there as then; else it is another log, which was made anew.
     *
     * @return empty when what comes next is not there any more
     */
    OptionalLong begin(Place place) throws SQLException {
        var files = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW BINARY LOGS")) {
            while (rows.next()) {
                files.add(rows.getString(1));
            }
        }
        var number = LogPosition.number(place.position());
        for (var file : files) {
            var isOf = LogPosition.number(file) == number;
            if (isOf || LogPosition.number(file) > number) {
                var from = isOf ? place.position() : LogPosition.of(file, LogPosition.FIRST);
                // What the protocol's request for a log cannot say is taken for lost: a place behind four gigabytes.
                return LogPosition.offset(from) < 1L << Integer.SIZE
                                && gtid(file, LogPosition.offset(from)).equals(Optional.of(place.gtid()))
                        ? OptionalLong.of(from)
                        : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /**
     * All tables that are wanted, also those that cannot be followed, as they are now.
     *
     * @param ids gives each name the identifier of its table
     */
    List<SourceTable> tables(ToIntFunction<String> ids) throws SQLException {
        var definitions = new LinkedHashMap<String, ObjectNode>();
        var referring = new HashSet<String>();
        try (var statement = connection.createStatement();
                var rows = query(
                        statement,
                        "SELECT TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME")) {
            while (rows.next()) {
                var definition = JSON.createObjectNode();
                definition.put("schema", source.database()).put("name", rows.getString(1));
                definition.putArray("columns");
                definition.putArray("key");
                if (!"InnoDB".equalsIgnoreCase(rows.getString(3))) {
                    hinder(
                            definition,
                            "its engine %s has no transactions; ALTER TABLE ... ENGINE = InnoDB"
                                    .formatted(rows.getString(3)));
                } else if (rows.getString(2).equals("SYSTEM VERSIONED")) {
                    hinder(definition, "it is system-versioned");
                }
                definitions.put(rows.getString(1), definition);
            }
        }
        try (var statement = connection.createStatement();
                var rows = query(
                        statement,
                        "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %s ORDER BY TABLE_NAME, ORDINAL_POSITION")) {
            while (rows.next()) {
                var definition = definitions.get(rows.getString(1));
                if (definition != null) {
                    column(definition, rows.getInt(2), rows.getString(3), rows.getString(4), rows.getString(5));
                }
            }
        }
        try (var statement = connection.createStatement();
                var rows = query(
                        statement,
                        "SELECT TABLE_NAME, COLUMN_NAME, INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = %s AND INDEX_NAME = 'PRIMARY' ORDER BY TABLE_NAME, SEQ_IN_INDEX")) {
            while (rows.next()) {
                var definition = definitions.get(rows.getString(1));
                if (definition != null) {
                    definition.withArray("key").add(rows.getString(2));
                }
            }
        }
        try (var statement = connection.createStatement();
                var rows = query(
                        statement,
                        "SELECT DISTINCT TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = %s AND REFERENCED_TABLE_NAME IS NOT NULL")) {
            while (rows.next()) {
                referring.add(rows.getString(1));
            }
        }
        return wanted(definitions, referring, ids);
    }

    private List<SourceTable> wanted(
            Map<String, ObjectNode> definitions, Set<String> referring, ToIntFunction<String> ids) throws SQLException {
        var tables = new ArrayList<SourceTable>();
        for (var one : definitions.entrySet()) {
            var definition = one.getValue().put("id", 0);
            if (source.filter().includes(SourceTable.of(definition))) {
                if (referring.contains(one.getKey()) && cascades(one.getKey())) {
                    hinder(
                            definition,
                            "a foreign key changes its rows by CASCADE or SET, which the source's log does not have");
                }
                definition.put("id", Integer.toUnsignedLong(ids.applyAsInt(one.getKey())));
                tables.add(SourceTable.of(definition));
            }
        }
        return tables;
    }

    private void column(ObjectNode definition, int number, String name, String declared, @Nullable String charset) {
        var column = definition.withArray("columns").addObject();
        column.put("number", number).put("name", name).put("declared", declared).put("charset", charset);
        var type = DeclaredType.of(declared);
        if (MariaDbType.of(type, false).isEmpty() || type.compressed()) {
            hinder(definition, "its column %s has the type %s".formatted(name, declared));
        } else if (type.isText() && characters.of(charset) == null) {
            hinder(
                    definition,
                    "its column %s has the character set %s; ALTER TABLE ... CONVERT TO CHARACTER SET utf8mb4"
                            .formatted(name, charset));
        }
    }

    private static void hinder(ObjectNode definition, String reason) {
        if (!definition.has("hindrance")) {
            definition.put("hindrance", reason);
        }
    }

    private boolean cascades(String table) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SHOW CREATE TABLE %s.%s".formatted(quote(source.database()), quote(table)))) {
            return rows.next()
                    && Arrays.stream(rows.getString(2).split("\n"))
                            .anyMatch(line -> line.strip().startsWith("CONSTRAINT")
                                    && line.contains(" FOREIGN KEY ")
                                    && CASCADE.matcher(line).find());
        }
    }

    /** A name in the source's SQL. */
    static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    private ResultSet query(Statement statement, String sql) throws SQLException {
        return statement.executeQuery(sql.formatted(literal(source.database())));
    }

    private Optional<String> variable(String name) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW GLOBAL VARIABLES LIKE '%s'".formatted(name))) {
            return rows.next() ? Optional.of(rows.getString(2)) : Optional.empty();
        }
    }

    private @Nullable String one(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}

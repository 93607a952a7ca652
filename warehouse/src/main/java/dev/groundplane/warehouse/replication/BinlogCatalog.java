package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.warehouse.replication.binlog.DeclaredType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server's catalog tells of a database. For one connection. */
final class BinlogCatalog {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CASCADE = Pattern.compile("ON (DELETE|UPDATE) (CASCADE|SET NULL|SET DEFAULT)");

    private final Connection connection;
    private final BinlogSource source;
    private final BinlogCharacters characters;
    private final ServerLog log;

    /** @param characters that are known of the server */
    BinlogCatalog(Connection connection, BinlogSource source, BinlogCharacters characters) {
        this.connection = connection;
        this.source = source;
        this.characters = characters;
        this.log = ServerLog.of(connection, source);
    }

    /** What the server tells of its log. */
    ServerLog log() {
        return log;
    }

    /**
     * Looks whether the server can be followed.
     *
     * @throws SQLException when it cannot, with what is missing
     */
    void check() throws SQLException {
        log.check();
        // Where case makes no difference, the log still has one of the names alone.
        var name = one("SELECT max(SCHEMA_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = %s"
                .formatted(literal(source.database())));
        if (!source.database().equals(name)) {
            throw new SQLException("the source has no database %s%s"
                    .formatted(source.database(), name == null ? "" : ", but " + name));
        }
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
                if (referring.contains(one.getKey()) && !log.hasCascades() && cascades(one.getKey())) {
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
        if (BinlogType.of(type, false).isEmpty() || type.compressed()) {
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

    private @Nullable String one(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}

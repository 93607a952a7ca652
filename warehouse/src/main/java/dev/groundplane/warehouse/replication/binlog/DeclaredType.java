package dev.groundplane.warehouse.replication.binlog;

import static dev.groundplane.warehouse.replication.binlog.LogType.BIT;
import static dev.groundplane.warehouse.replication.binlog.LogType.BLOB;
import static dev.groundplane.warehouse.replication.binlog.LogType.DATE;
import static dev.groundplane.warehouse.replication.binlog.LogType.DATETIME2;
import static dev.groundplane.warehouse.replication.binlog.LogType.DOUBLE;
import static dev.groundplane.warehouse.replication.binlog.LogType.ENUM;
import static dev.groundplane.warehouse.replication.binlog.LogType.FLOAT;
import static dev.groundplane.warehouse.replication.binlog.LogType.GEOMETRY;
import static dev.groundplane.warehouse.replication.binlog.LogType.INT24;
import static dev.groundplane.warehouse.replication.binlog.LogType.JSON;
import static dev.groundplane.warehouse.replication.binlog.LogType.LONG;
import static dev.groundplane.warehouse.replication.binlog.LogType.LONGLONG;
import static dev.groundplane.warehouse.replication.binlog.LogType.NEWDECIMAL;
import static dev.groundplane.warehouse.replication.binlog.LogType.SET;
import static dev.groundplane.warehouse.replication.binlog.LogType.SHORT;
import static dev.groundplane.warehouse.replication.binlog.LogType.STRING;
import static dev.groundplane.warehouse.replication.binlog.LogType.TIME2;
import static dev.groundplane.warehouse.replication.binlog.LogType.TIMESTAMP2;
import static dev.groundplane.warehouse.replication.binlog.LogType.TINY;
import static dev.groundplane.warehouse.replication.binlog.LogType.VARCHAR;
import static dev.groundplane.warehouse.replication.binlog.LogType.VECTOR;
import static dev.groundplane.warehouse.replication.binlog.LogType.YEAR;

import com.github.shyiko.mysql.binlog.event.deserialization.AbstractRowsEventDataDeserializer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column's type as the catalog of MariaDB or MySQL has it, and how its values are written: the log's readers and {@link #select} make the same text
 * of the same value.
 *
 * @param name in lower case, without what is behind it
 * @param unsigned whether an integer is
 * @param size the first number in parentheses; 0 for none
 * @param scale the second one
 * @param values of an {@code ENUM} or {@code SET}
 * @param compressed whether the log has its values compressed
 */
public record DeclaredType(
        String name, boolean unsigned, int size, int scale, List<String> values, boolean compressed) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int[] DECIMAL_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
    private static final int DECIMAL_GROUP = 9;
    /** Before a geometry's well-known binary is the number of its reference system. */
    private static final int REFERENCE_BYTES = 4;

    private static final int UUID_BYTES = 16;

    /** The type of a text like {@code decimal(10,2) unsigned}, the catalog's {@code COLUMN_TYPE}. */
    public static DeclaredType of(String columnType) {
        var end = 0;
        while (end < columnType.length() && Character.isLetterOrDigit(columnType.charAt(end))) {
            end++;
        }
        var name = columnType.substring(0, end).toLowerCase(Locale.ROOT);
        var rest = columnType.substring(end);
        if (name.equals("enum") || name.equals("set")) {
            return new DeclaredType(name, false, 0, 0, quoted(rest), false);
        }
        var close = rest.indexOf(')');
        var numbers = rest.startsWith("(") ? rest.substring(1, close).split(",") : new String[0];
        var words = rest.substring(close + 1).toLowerCase(Locale.ROOT);
        return new DeclaredType(
                name,
                words.contains("unsigned"),
                numbers.length > 0 ? Integer.parseInt(numbers[0].strip()) : 0,
                numbers.length > 1 ? Integer.parseInt(numbers[1].strip()) : 0,
                List.of(),
                words.contains("compressed"));
    }

    private static List<String> quoted(String list) {
        var values = new ArrayList<String>();
        var value = new StringBuilder();
        var inside = false;
        for (var i = 0; i < list.length(); i++) {
            var letter = list.charAt(i);
            if (letter != '\'') {
                if (inside) {
                    value.append(letter);
                }
            } else if (inside && i + 1 < list.length() && list.charAt(i + 1) == '\'') {
                value.append(letter);
                i++;
            } else {
                if (inside) {
                    values.add(value.toString());
                    value.setLength(0);
                }
                inside = !inside;
            }
        }
        return List.copyOf(values);
    }

    /** Whether its values are characters. */
    public boolean isText() {
        return switch (name) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> true;
            default -> false;
        };
    }

    /** Whether its values are bytes, which texts have in hexadecimal digits. */
    public boolean isBinary() {
        return switch (name) {
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "vector" -> true;
            default -> isGeometry();
        };
    }

    private boolean isGeometry() {
        return switch (name) {
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection",
                    "geomcollection" -> true;
            default -> false;
        };
    }

    /** An expression of the server's for a value's text. */
    public String select(String column) {
        return switch (name) {
            case "float" -> "CAST(%s AS DOUBLE)".formatted(column); // as such it is written with too few digits
            case "bit" -> size == 1 ? column + " + 0" : "LPAD(BIN(%s + 0), %d, '0')".formatted(column, size);
            case "year" -> column + " + 0";
            case "date", "datetime", "timestamp", "time", "uuid", "inet4", "inet6", "json" ->
                "CAST(%s AS CHAR)".formatted(column);
            default -> {
                if (isGeometry()) {
                    // Not by a function for well-known binary: MySQL's may exchange the axes.
                    yield "HEX(SUBSTR(%s, %d))".formatted(column, REFERENCE_BYTES + 1);
                }
                yield isBinary() ? "HEX(%s)".formatted(column) : column;
            }
        };
    }

    /**
     * What reads the column's values from the log.
     *
     * @param characters makes text of a text column's bytes; null when nothing does
     * @return empty when the log's type is none that the declared one has there, so that the catalog tells of another column
     */
    public Optional<ColumnReader> reader(LogType type, @Nullable Function<byte[], String> characters) {
        if (compressed) {
            return Optional.empty();
        }
        var size = type.size();
        return Optional.ofNullable(
                switch (name) {
                    case "tinyint" -> type.code() == TINY ? integer(1) : null;
                    case "smallint" -> type.code() == SHORT ? integer(2) : null;
                    case "mediumint" -> type.code() == INT24 ? integer(3) : null;
                    case "int" -> type.code() == LONG ? integer(4) : null;
                    case "bigint" -> type.code() == LONGLONG ? integer(8) : null;
                    case "decimal" -> type.code() == NEWDECIMAL ? row -> decimal(row, type) : null;
                    case "float" ->
                        type.code() == FLOAT ? row -> Float.toString(Float.intBitsToFloat((int) row.little(4))) : null;
                    case "double" ->
                        type.code() == DOUBLE ? row -> number(Double.longBitsToDouble(row.little(8))) : null;
                    case "bit" -> type.code() == BIT ? row -> bits(row.big(size)) : null;
                    case "year" -> type.code() == YEAR ? row -> year(row.little(1)) : null;
                    case "date" -> type.code() == DATE ? Temporal::date : null;
                    case "datetime" -> type.code() == DATETIME2 ? row -> Temporal.datetime(row, size) : null;
                    case "timestamp" -> type.code() == TIMESTAMP2 ? row -> Temporal.timestamp(row, size) : null;
                    case "time" -> type.code() == TIME2 ? row -> Temporal.duration(row, size) : null;
                    case "enum" -> type.code() == ENUM ? row -> one((int) row.little(size)) : null;
                    case "set" -> type.code() == SET ? row -> several(row.little(size)) : null;
                    case "json" -> type.code() == JSON ? row -> JsonText.of(bytes(row, type)) : null;
                    case "vector" -> type.code() == VECTOR ? row -> HEX.formatHex(bytes(row, type)) : null;
                    default -> string(type, characters);
                });
    }

    private @Nullable ColumnReader string(LogType type, @Nullable Function<byte[], String> characters) {
        if (type.code() != STRING && type.code() != VARCHAR && type.code() != BLOB && type.code() != GEOMETRY) {
            return null;
        }
        if (isText()) {
            return characters == null ? null : row -> characters.apply(bytes(row, type));
        }
        return switch (name) {
            // Zeros at the end are not in the log.
            case "binary" -> row -> HEX.formatHex(Arrays.copyOf(bytes(row, type), size));
            case "uuid" -> row -> uuid(Arrays.copyOf(bytes(row, type), UUID_BYTES));
            case "inet4" -> row -> InternetAddress.four(bytes(row, type));
            case "inet6" -> row -> InternetAddress.six(bytes(row, type));
            default -> {
                if (isGeometry()) {
                    yield row -> {
                        var bytes = bytes(row, type);
                        return HEX.formatHex(bytes, REFERENCE_BYTES, bytes.length);
                    };
                }
                yield isBinary() ? row -> HEX.formatHex(bytes(row, type)) : null;
            }
        };
    }

    private static byte[] bytes(Cursor row, LogType type) {
        return row.bytes((int) row.little(type.size()));
    }

    private ColumnReader integer(int bytes) {
        return unsigned ? row -> Long.toUnsignedString(row.little(bytes)) : row -> Long.toString(row.signed(bytes));
    }

    private static String decimal(Cursor row, LogType type) {
        var whole = type.size() - type.scale();
        var bytes = decimalBytes(whole) + decimalBytes(type.scale());
        BigDecimal value = AbstractRowsEventDataDeserializer.asBigDecimal(type.size(), type.scale(), row.bytes(bytes));
        return value.setScale(type.scale(), RoundingMode.UNNECESSARY).toPlainString();
    }

    private static int decimalBytes(int digits) {
        return digits / DECIMAL_GROUP * Integer.BYTES + DECIMAL_BYTES[digits % DECIMAL_GROUP];
    }

    /** With digits behind the point declared, the log may have more of them than the server shows. */
    private String number(double value) {
        return size == 0
                ? Double.toString(value)
                : new BigDecimal(value).setScale(scale, RoundingMode.HALF_EVEN).toString();
    }

    private String bits(long value) {
        var text = Long.toBinaryString(value);
        return "0".repeat(Math.max(0, size - text.length())) + text;
    }

    private static String year(long value) {
        return value == 0 ? "0" : Long.toString(1900 + value);
    }

    /** An invalid value that was let in is number zero, and the empty text. */
    private String one(int number) {
        return number == 0 ? "" : values.get(number - 1);
    }

    private String several(long bits) {
        var chosen = new ArrayList<String>();
        for (var i = 0; i < values.size(); i++) {
            if (((bits >> i) & 1) == 1) {
                chosen.add(values.get(i));
            }
        }
        return String.join(",", chosen);
    }

    private static String uuid(byte[] bytes) {
        var digits = HexFormat.of().formatHex(bytes);
        return String.join(
                "-",
                digits.substring(0, 8),
                digits.substring(8, 12),
                digits.substring(12, 16),
                digits.substring(16, 20),
                digits.substring(20));
    }
}

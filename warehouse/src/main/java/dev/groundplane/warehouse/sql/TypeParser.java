package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.ColumnType.Limit;
import java.util.Map;
import java.util.Set;

/** Redshift's names of types. "Redshift Database Developer Guide, Data types". */
final class TypeParser {
    private static final int LONGEST_CHAR = 4096;
    private static final int LONGEST_VARCHAR = 65_535;
    private static final int LONGEST_VARBYTE = 16_777_216;
    private static final int STANDARD_VARCHAR = 256;
    private static final int STANDARD_VARBYTE = 64_000;
    private static final int LARGEST_PRECISION = 38;
    private static final int STANDARD_PRECISION = 18;
    /** FLOAT of more bits is DOUBLE PRECISION. */
    static final int BITS_OF_REAL = 24;

    private static final Map<String, String> PLAIN = Map.ofEntries(
            Map.entry("SMALLINT", "SMALLINT"),
            Map.entry("INT2", "SMALLINT"),
            Map.entry("INTEGER", "INTEGER"),
            Map.entry("INT", "INTEGER"),
            Map.entry("INT4", "INTEGER"),
            Map.entry("BIGINT", "BIGINT"),
            Map.entry("INT8", "BIGINT"),
            Map.entry("REAL", "FLOAT"),
            Map.entry("FLOAT4", "FLOAT"),
            Map.entry("FLOAT8", "DOUBLE"),
            Map.entry("BOOLEAN", "BOOLEAN"),
            Map.entry("BOOL", "BOOLEAN"),
            Map.entry("DATE", "DATE"),
            Map.entry("TIMETZ", "TIMETZ"),
            Map.entry("TIMESTAMPTZ", "TIMESTAMPTZ"),
            Map.entry("SUPER", "JSON"));
    /** Types that there are not here. */
    static final Set<String> REFUSED = Set.of("GEOMETRY", "GEOGRAPHY", "HLLSKETCH");

    private TypeParser() {}

    /**
     * Reads a type.
     *
     * @throws SqlFailure when there is no such type, or none of that length
     */
    static ColumnType read(TokenReader reader) {
        var token = reader.take();
        var name = token.keyword();
        var plain = PLAIN.get(name);
        if (plain != null) {
            return ColumnType.of(plain);
        }
        if (REFUSED.contains(name)) {
            throw SqlFailure.unsupported("the type " + name);
        }
        return switch (name) {
            case "DECIMAL", "NUMERIC" -> numeric(reader);
            case "DOUBLE" -> {
                reader.expect("PRECISION");
                yield ColumnType.of("DOUBLE");
            }
            case "FLOAT" -> ColumnType.of(length(reader, 1, 53, 53, "float") <= BITS_OF_REAL ? "FLOAT" : "DOUBLE");
            case "CHAR", "CHARACTER", "NCHAR" ->
                reader.accept("VARYING") ? varying(reader) : character(length(reader, 1, LONGEST_CHAR, 1, "char"));
            case "BPCHAR" -> character(STANDARD_VARCHAR);
            case "VARCHAR", "NVARCHAR", "TEXT" -> varying(reader);
            case "VARBYTE", "VARBINARY" -> binary(reader);
            case "BINARY" -> {
                reader.expect("VARYING");
                yield binary(reader);
            }
            case "TIME" -> ColumnType.of(isZoned(reader) ? "TIMETZ" : "TIME");
            case "TIMESTAMP" -> ColumnType.of(isZoned(reader) ? "TIMESTAMPTZ" : "TIMESTAMP");
            case "INTERVAL" -> interval(reader);
            default ->
                throw SqlFailure.of(SqlState.UNDEFINED_OBJECT, "type \"%s\" does not exist".formatted(token.name()));
        };
    }

    private static ColumnType character(int length) {
        return new ColumnType("VARCHAR", Limit.CHARACTER, length);
    }

    private static ColumnType varying(TokenReader reader) {
        return new ColumnType(
                "VARCHAR", Limit.VARYING, length(reader, 1, LONGEST_VARCHAR, STANDARD_VARCHAR, "character varying"));
    }

    private static ColumnType binary(TokenReader reader) {
        return new ColumnType("BLOB", Limit.BINARY, length(reader, 1, LONGEST_VARBYTE, STANDARD_VARBYTE, "varbyte"));
    }

    private static ColumnType numeric(TokenReader reader) {
        var precision = STANDARD_PRECISION;
        var scale = 0;
        if (reader.accept("(")) {
            precision = within(reader.number(), 1, LARGEST_PRECISION, "precision", "numeric");
            if (reader.accept(",")) {
                scale = within(reader.number(), 0, precision, "scale", "numeric");
            }
            reader.expect(")");
        }
        return ColumnType.of("DECIMAL(%d,%d)".formatted(precision, scale));
    }

    private static ColumnType interval(TokenReader reader) {
        if (reader.accept("YEAR", "TO", "MONTH") || reader.accept("DAY", "TO", "SECOND")) {
            length(reader, 0, 6, 6, "interval");
        }
        return ColumnType.of("INTERVAL");
    }

    private static boolean isZoned(TokenReader reader) {
        if (reader.accept("WITH", "TIME", "ZONE")) {
            return true;
        }
        reader.accept("WITHOUT", "TIME", "ZONE");
        return false;
    }

    private static int length(TokenReader reader, int least, int most, int standard, String type) {
        if (!reader.accept("(")) {
            return standard;
        }
        var length = reader.accept("MAX") ? most : within(reader.number(), least, most, "length", type);
        reader.expect(")");
        return length;
    }

    private static int within(int value, int least, int most, String what, String type) {
        if (value < least || value > most) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "%s %d for type %s must be between %d and %d".formatted(what, value, type, least, most));
        }
        return value;
    }
}

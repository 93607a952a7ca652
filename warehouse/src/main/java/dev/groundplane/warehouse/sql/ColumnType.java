package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.Locale;

/**
 * The type that a column was declared with.
 *
 * @param name Redshift's own name, as {@code information_schema} tells it
 * @param engine the engine's type
 * @param longestBytes of a text or of bytes; 0 where there is no limit of the column's own
 */
record ColumnType(String name, String engine, int longestBytes) {
    private static final int DEFAULT_VARCHAR = 256;
    private static final int LONGEST_VARCHAR = 65_535;
    private static final int LONGEST_CHAR = 4_096;
    private static final int LONGEST_VARBYTE = 16_777_216;
    private static final int LARGEST_PRECISION = 38;

    /** Reads a type, with its length or precision. */
    static ColumnType read(TokenReader tokens) {
        var start = tokens.name().toUpperCase(Locale.ROOT);
        return switch (start) {
            case "SMALLINT", "INT2" -> plain("smallint", "SMALLINT");
            case "INTEGER", "INT", "INT4" -> plain("integer", "INTEGER");
            case "BIGINT", "INT8" -> plain("bigint", "BIGINT");
            case "REAL", "FLOAT4" -> plain("real", "FLOAT");
            case "DOUBLE" -> {
                tokens.expect("PRECISION");
                yield plain("double precision", "DOUBLE");
            }
            case "FLOAT8" -> plain("double precision", "DOUBLE");
            case "FLOAT" -> {
                var precision = tokens.sees("(") ? length(tokens, 53, 53) : 53;
                yield precision < 25 ? plain("real", "FLOAT") : plain("double precision", "DOUBLE");
            }
            case "BOOLEAN", "BOOL" -> plain("boolean", "BOOLEAN");
            case "DATE" -> plain("date", "DATE");
            case "TIMETZ" -> plain("time with time zone", "TIMETZ");
            case "TIMESTAMPTZ" -> plain("timestamp with time zone", "TIMESTAMPTZ");
            case "TIME", "TIMESTAMP" -> zoned(start, tokens);
            case "SUPER" -> plain("super", "JSON");
            case "DECIMAL", "NUMERIC", "DEC" -> numeric(tokens);
            case "VARCHAR", "NVARCHAR" -> varchar(tokens);
            case "TEXT" -> text(DEFAULT_VARCHAR);
            case "BPCHAR" -> new ColumnType("character(256)", "VARCHAR", DEFAULT_VARCHAR);
            case "CHAR", "CHARACTER", "NCHAR" -> tokens.accept("VARYING") ? varchar(tokens) : character(tokens);
            case "VARBYTE", "VARBINARY", "BINARY" -> {
                tokens.accept("VARYING");
                var length = length(tokens, 64_000, LONGEST_VARBYTE);
                yield new ColumnType("binary varying(%d)".formatted(length), "BLOB", length);
            }
            case "INTERVAL" -> {
                while (tokens.accept("YEAR") || tokens.accept("TO") || tokens.accept("MONTH") || tokens.accept("DAY")
                        || tokens.accept("SECOND")) {}
                yield plain("interval", "INTERVAL");
            }
            case "GEOMETRY", "GEOGRAPHY", "HLLSKETCH" ->
                throw SqlFailure.unsupported("type " + start.toLowerCase(Locale.ROOT));
            default ->
                throw SqlFailure.of(
                        SqlState.UNDEFINED_OBJECT,
                        "type \"%s\" does not exist".formatted(start.toLowerCase(Locale.ROOT)));
        };
    }

    private static ColumnType plain(String name, String engine) {
        return new ColumnType(name, engine, 0);
    }

    private static ColumnType zoned(String start, TokenReader tokens) {
        var name = start.toLowerCase(Locale.ROOT);
        if (tokens.accept("WITH", "TIME", "ZONE")) {
            return plain(name + " with time zone", start + "TZ");
        }
        tokens.accept("WITHOUT", "TIME", "ZONE");
        return plain(name + " without time zone", start);
    }

    private static ColumnType numeric(TokenReader tokens) {
        if (!tokens.accept("(")) {
            return plain("numeric(18,0)", "DECIMAL(18,0)");
        }
        var precision = within("precision", tokens.number(), 1, LARGEST_PRECISION);
        var scale = tokens.accept(",") ? within("scale", tokens.number(), 0, precision) : 0;
        tokens.expect(")");
        return plain("numeric(%d,%d)".formatted(precision, scale), "DECIMAL(%d,%d)".formatted(precision, scale));
    }

    private static ColumnType varchar(TokenReader tokens) {
        return text(length(tokens, DEFAULT_VARCHAR, LONGEST_VARCHAR));
    }

    private static ColumnType text(int length) {
        return new ColumnType("character varying(%d)".formatted(length), "VARCHAR", length);
    }

    private static ColumnType character(TokenReader tokens) {
        var length = length(tokens, 1, LONGEST_CHAR);
        return new ColumnType("character(%d)".formatted(length), "VARCHAR", length);
    }

    /** A length in parentheses, which may be left out or be MAX. */
    private static int length(TokenReader tokens, int otherwise, int longest) {
        if (!tokens.accept("(")) {
            return otherwise;
        }
        var length = tokens.accept("MAX") ? longest : within("length", tokens.number(), 1, longest);
        tokens.expect(")");
        return length;
    }

    private static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "%s %d of a type must be from %d to %d".formatted(what, value, least, most));
        }
        return value;
    }
}

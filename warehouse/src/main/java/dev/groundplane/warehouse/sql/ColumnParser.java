package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.ColumnClause.Identity;
import dev.groundplane.warehouse.sql.TableConstraint.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Definitions of columns and keys, as CREATE TABLE and ALTER TABLE have them. For one definition. */
final class ColumnParser {
    private static final Set<String> ENCODINGS = Set.of(
            "raw",
            "az64",
            "bytedict",
            "delta",
            "delta32k",
            "lzo",
            "mostly8",
            "mostly16",
            "mostly32",
            "runlength",
            "text255",
            "text32k",
            "zstd");
    /** What can follow a column's default. */
    private static final Set<String> ATTRIBUTES = Set.of(
            "NOT",
            "NULL",
            "IDENTITY",
            "GENERATED",
            "ENCODE",
            "DISTKEY",
            "SORTKEY",
            "UNIQUE",
            "PRIMARY",
            "REFERENCES",
            "COLLATE",
            "CONSTRAINT",
            "CHECK");

    private final TokenReader reader;
    private final List<TableConstraint> constraints = new ArrayList<>();
    private @Nullable String defaultValue;
    private boolean notNull;
    private @Nullable String encoding;
    private @Nullable Identity identity;
    private boolean distKey;
    private boolean sortKey;

    private ColumnParser(TokenReader reader) {
        this.reader = reader;
    }

    /** Reads a column with all that is said of it. */
    static ColumnClause column(TokenReader reader) {
        return new ColumnParser(reader).read();
    }

    private ColumnClause read() {
        var name = reader.name();
        var type = TypeParser.read(reader);
        while (!reader.atEnd() && !reader.sees(",") && !reader.sees(")")) {
            attribute(name);
        }
        requireIdentityType(type);
        return new ColumnClause(
                name, type, defaultValue, notNull, encoding, identity, distKey, sortKey, List.copyOf(constraints));
    }

    private void attribute(String column) {
        if (reader.accept("DEFAULT")) {
            defaultValue = expression();
        } else if (reader.accept("NOT", "NULL")) {
            notNull = true;
        } else if (reader.accept("IDENTITY")) {
            identity = identity(true);
        } else if (reader.accept("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY")) {
            identity = identity(false);
        } else if (reader.accept("ENCODE")) {
            encoding = encoding(reader);
        } else if (reader.accept("DISTKEY")) {
            distKey = true;
        } else if (reader.accept("SORTKEY")) {
            sortKey = true;
        } else if (reader.accept("COLLATE")) {
            collation();
        } else if (!reader.accept("NULL")) {
            constraints.add(columnConstraint(column));
        }
    }

    private Identity identity(boolean always) {
        reader.expect("(");
        var seed = reader.number();
        reader.expect(",");
        var step = reader.number();
        reader.expect(")");
        if (step == 0) {
            throw SqlFailure.of(SqlState.INVALID_PARAMETER_VALUE, "the step 0 of an IDENTITY gives no new values");
        }
        return new Identity(seed, step, always);
    }

    private void requireIdentityType(ColumnType type) {
        if (identity != null && !Set.of("INTEGER", "BIGINT").contains(type.engineType())) {
            throw SqlFailure.of(SqlState.DATATYPE_MISMATCH, "an identity column must have type INT or BIGINT");
        }
    }

    /** An encoding in small letters; null for the one that the warehouse chooses. */
    static @Nullable String encoding(TokenReader reader) {
        var encoding = reader.name();
        if (encoding.equals("auto")) {
            return null;
        }
        if (!ENCODINGS.contains(encoding)) {
            throw SqlFailure.of(
                    SqlState.UNDEFINED_OBJECT,
                    "encoding type \"%s\" does not exist".formatted(encoding),
                    "Use one of "
                            + String.join(", ", ENCODINGS.stream().sorted().toList()) + ".");
        }
        return encoding;
    }

    private void collation() {
        var collation = reader.name().toUpperCase(Locale.ROOT);
        if (!collation.equals("CASE_SENSITIVE") && !collation.equals("CS")) {
            throw SqlFailure.unsupported("COLLATE " + collation);
        }
    }

    /** The engine's SQL for an expression that ends where the next attribute or column begins. */
    private String expression() {
        var tokens = new ArrayList<Token>();
        for (var depth = 0; tokens.isEmpty() || depth > 0 || !endsExpression(); ) {
            var token = reader.take();
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            tokens.add(token);
        }
        return EngineSql.of(tokens);
    }

    private boolean endsExpression() {
        return reader.atEnd()
                || reader.sees(",")
                || reader.sees(")")
                || ATTRIBUTES.stream().anyMatch(reader::sees);
    }

    private TableConstraint columnConstraint(String column) {
        var name = reader.accept("CONSTRAINT") ? reader.name() : "";
        if (reader.accept("PRIMARY", "KEY")) {
            return new TableConstraint(Kind.PRIMARY_KEY, name, List.of(column), List.of(), List.of());
        }
        if (reader.accept("UNIQUE")) {
            return new TableConstraint(Kind.UNIQUE, name, List.of(column), List.of(), List.of());
        }
        if (reader.accept("REFERENCES")) {
            return foreignKey(reader, name, List.of(column));
        }
        throw noConstraint(reader);
    }

    /** Whether a key of the table is next, rather than a column. */
    static boolean seesConstraint(TokenReader reader) {
        return reader.sees("CONSTRAINT")
                || reader.sees("PRIMARY", "KEY")
                || reader.sees("UNIQUE", "(")
                || reader.sees("FOREIGN", "KEY")
                || reader.sees("CHECK", "(");
    }

    /** Reads a key of the table. */
    static TableConstraint tableConstraint(TokenReader reader) {
        var name = reader.accept("CONSTRAINT") ? reader.name() : "";
        if (reader.accept("PRIMARY", "KEY")) {
            return new TableConstraint(Kind.PRIMARY_KEY, name, reader.names(), List.of(), List.of());
        }
        if (reader.accept("UNIQUE")) {
            return new TableConstraint(Kind.UNIQUE, name, reader.names(), List.of(), List.of());
        }
        if (reader.accept("FOREIGN", "KEY")) {
            var columns = reader.names();
            reader.expect("REFERENCES");
            return foreignKey(reader, name, columns);
        }
        throw noConstraint(reader);
    }

    private static TableConstraint foreignKey(TokenReader reader, String name, List<String> columns) {
        var table = reader.qualifiedName();
        var referred = reader.sees("(") ? reader.names() : List.<String>of();
        return new TableConstraint(Kind.FOREIGN_KEY, name, columns, table, referred);
    }

    private static SqlFailure noConstraint(TokenReader reader) {
        return reader.sees("CHECK") ? SqlFailure.unsupported("CHECK") : reader.unexpected();
    }
}

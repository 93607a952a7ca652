package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column as CREATE TABLE declares it.
 *
 * @param defaultValue the tokens of an expression; empty for none
 * @param identity null unless the column numbers its rows
 * @param encoding as declared; empty where it is left to the warehouse
 * @param informational constraints that Redshift keeps and does not enforce
 */
record ColumnDefinition(
        String name,
        ColumnType type,
        boolean notNull,
        List<Token> defaultValue,
        @Nullable Identity identity,
        Optional<String> encoding,
        boolean distributionKey,
        boolean sortKey,
        List<String> informational) {

    /** The first number and the step to each next. */
    record Identity(int seed, int step) {}

    static ColumnDefinition read(TokenReader tokens) {
        var reading = new Reading(tokens.name(), ColumnType.read(tokens));
        while (reading.attribute(tokens)) {}
        return reading.column();
    }

    /** A definition that is being read. */
    private static final class Reading {
        private final String name;
        private final ColumnType type;
        private final List<String> informational = new ArrayList<>();
        private boolean notNull;
        private List<Token> defaultValue = List.of();
        private @Nullable Identity identity;
        private Optional<String> encoding = Optional.empty();
        private boolean distributionKey;
        private boolean sortKey;

        Reading(String name, ColumnType type) {
            this.name = name;
            this.type = type;
        }

        /** Reads one attribute; false when there is none. */
        boolean attribute(TokenReader tokens) {
            if (tokens.accept("NOT", "NULL")) {
                notNull = true;
            } else if (tokens.accept("NULL")) {
                notNull = false;
            } else if (tokens.accept("DEFAULT")) {
                defaultValue = expression(tokens);
            } else if (tokens.accept("IDENTITY") || tokens.accept("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY")) {
                identity = identity(tokens);
            } else if (tokens.accept("ENCODE")) {
                encoding = Optional.of(tokens.name());
            } else if (tokens.accept("DISTKEY")) {
                distributionKey = true;
            } else if (tokens.accept("SORTKEY")) {
                sortKey = true;
            } else if (tokens.accept("COLLATE")) {
                collation(tokens);
            } else if (tokens.accept("PRIMARY", "KEY")) {
                notNull = true;
                informational.add("PRIMARY KEY");
            } else if (tokens.accept("UNIQUE")) {
                informational.add("UNIQUE");
            } else if (tokens.accept("REFERENCES")) {
                informational.add("REFERENCES " + String.join(".", tokens.qualifiedName()));
                if (tokens.sees("(")) {
                    tokens.names();
                }
            } else {
                return false;
            }
            return true;
        }

        private static Identity identity(TokenReader tokens) {
            tokens.expect("(");
            var seed = tokens.number();
            tokens.expect(",");
            var step = tokens.number();
            tokens.expect(")");
            return new Identity(seed, step);
        }

        private static void collation(TokenReader tokens) {
            if (tokens.accept("CASE_INSENSITIVE") || tokens.accept("CI")) {
                throw SqlFailure.unsupported("COLLATE CASE_INSENSITIVE");
            }
            if (!tokens.accept("CASE_SENSITIVE") && !tokens.accept("CS")) {
                throw tokens.unexpected();
            }
        }

        /** Up to where the next attribute or column begins: an expression has no such words outside of parentheses. */
        private static List<Token> expression(TokenReader tokens) {
            var expression = new ArrayList<Token>();
            while (!tokens.atEnd() && !isEndOfExpression(tokens)) {
                if (tokens.sees("(")) {
                    expression.add(new Token(Token.Kind.SYMBOL, "(", 0));
                    expression.addAll(tokens.parenthesized());
                    expression.add(new Token(Token.Kind.SYMBOL, ")", 0));
                } else {
                    expression.add(tokens.take());
                }
            }
            return expression;
        }

        private static boolean isEndOfExpression(TokenReader tokens) {
            return tokens.sees(",")
                    || tokens.sees(")")
                    || tokens.sees("NOT", "NULL")
                    || tokens.sees("ENCODE")
                    || tokens.sees("DISTKEY")
                    || tokens.sees("SORTKEY")
                    || tokens.sees("PRIMARY", "KEY")
                    || tokens.sees("UNIQUE")
                    || tokens.sees("REFERENCES")
                    || tokens.sees("COLLATE");
        }

        ColumnDefinition column() {
            return new ColumnDefinition(
                    name,
                    type,
                    notNull,
                    defaultValue,
                    identity,
                    encoding,
                    distributionKey,
                    sortKey,
                    List.copyOf(informational));
        }
    }
}

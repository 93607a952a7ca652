package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.List;

/**
 * A call of a function whose arguments are in the engine's SQL already.
 *
 * @param name as written
 * @param distinct {@code DISTINCT} before its arguments
 * @param order between the parentheses of {@code WITHIN GROUP (ORDER BY …)}; empty for none
 * @param over {@code OVER (…)} with its first word; empty for none
 */
record Call(Token name, boolean distinct, List<List<Token>> arguments, List<Token> order, List<Token> over) {
    List<Token> argument(int index) {
        if (index >= arguments.size()) {
            throw SqlFailure.of(
                    SqlState.UNDEFINED_FUNCTION,
                    "function %s needs more than %d arguments".formatted(name.text(), arguments.size()));
        }
        return arguments.get(index);
    }

    /** An argument that stands for a moment: a text is a timestamp here. */
    List<Token> moment(int index) {
        var argument = argument(index);
        if (argument.size() == 1 && argument.getFirst().kind() == Token.Kind.STRING) {
            return Tokens.of(
                    "TIMESTAMP ?",
                    Tokens.string(DateTimeLiteral.timestamp(argument.getFirst().string())));
        }
        return argument.size() == 1 && argument.getFirst().kind() == Token.Kind.PARAMETER
                ? Tokens.of("CAST( ? AS TIMESTAMP)", argument)
                : argument;
    }

    /** A part of a date, with or without quotes. */
    DatePart datePart() {
        var argument = argument(0);
        return DatePart.of(
                argument.size() != 1
                        ? ""
                        : argument.getFirst().kind() == Token.Kind.STRING
                                ? argument.getFirst().string()
                                : argument.getFirst().name());
    }
}

package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code SET}, {@code RESET} and {@code SHOW} of a session's settings. */
public sealed interface SettingCommand {
    /** @param values as written, strings without their quotes */
    record Set(String name, List<String> values) implements SettingCommand {}

    /** Back to the default. */
    record Reset(String name) implements SettingCommand {}

    /** Asks for a value. */
    record Show(String name) implements SettingCommand {}

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none
     */
    static Optional<SettingCommand> of(Statement statement) {
        var tokens = new ArrayList<>(statement.tokens());
        return switch (statement.verb()) {
            case "SET" -> Optional.of(set(tokens));
            case "RESET" -> Optional.of(new Reset(name(tokens, 1)));
            case "SHOW" ->
                // SHOW TABLES FROM … and the like are queries.
                !CatalogQuery.isOne(statement) && (tokens.size() == 2 || isPhrase(tokens))
                        ? Optional.of(new Show(name(tokens, 1)))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static SettingCommand set(List<Token> tokens) {
        tokens.removeIf(token -> token.start() > tokens.getFirst().start()
                && tokens.indexOf(token) == 1
                && (token.is("SESSION") || token.is("LOCAL")));
        var name = name(tokens, 1);
        var at = isTimeZone(tokens) ? 3 : nameLength(tokens) + 1;
        if (!isTimeZone(tokens)) {
            if (at >= tokens.size()
                    || !(tokens.get(at).is("TO") || tokens.get(at).isSymbol("="))) {
                throw SqlFailure.syntax(
                        "syntax error in SET: write SET %s TO value".formatted(name),
                        tokens.getLast().start());
            }
            at++;
        }
        var values = new ArrayList<String>();
        var current = new StringBuilder();
        for (var token : tokens.subList(at, tokens.size())) {
            if (token.isSymbol(",")) {
                values.add(current.toString());
                current.setLength(0);
            } else {
                current.append(value(token));
            }
        }
        values.add(current.toString());
        if (values.size() == 1 && tokens.getLast().is("DEFAULT")) {
            return new Reset(name);
        }
        return new Set(name, values);
    }

    private static String value(Token token) {
        return switch (token.kind()) {
            case STRING -> token.string();
            case QUOTED_NAME -> token.name();
            default -> token.text();
        };
    }

    private static boolean isTimeZone(List<Token> tokens) {
        return tokens.size() > 2 && tokens.get(1).is("TIME") && tokens.get(2).is("ZONE");
    }

    private static boolean isPhrase(List<Token> tokens) {
        return isTimeZone(tokens)
                || (tokens.size() == 4
                        && (isIsolationLevel(tokens) || tokens.get(2).isSymbol(".")));
    }

    private static boolean isIsolationLevel(List<Token> tokens) {
        return tokens.get(1).is("TRANSACTION")
                && tokens.get(2).is("ISOLATION")
                && tokens.get(3).is("LEVEL");
    }

    private static int nameLength(List<Token> tokens) {
        return tokens.size() > 3 && tokens.get(2).isSymbol(".") ? 3 : 1;
    }

    private static String name(List<Token> tokens, int at) {
        if (tokens.size() <= at || !tokens.get(at).isName()) {
            throw SqlFailure.syntax(
                    "syntax error: the name of a setting is missing",
                    tokens.getLast().end());
        }
        if (isTimeZone(tokens)) {
            return "timezone";
        }
        if (tokens.get(at).is("TRANSACTION") && tokens.size() > at + 1) {
            return "transaction_isolation";
        }
        var name = new StringBuilder();
        for (var token : tokens.subList(at, Math.min(tokens.size(), at + nameLength(tokens)))) {
            name.append(token.text());
        }
        return name.toString().toLowerCase(Locale.ROOT).replace("\"", "");
    }
}

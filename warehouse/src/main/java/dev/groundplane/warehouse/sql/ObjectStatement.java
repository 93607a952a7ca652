package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code CREATE}, {@code ALTER} or {@code DROP} is about, as far as it matters for who may do it. Whether the statement is
 * right, whoever carries it out finds out.
 *
 * @param action the verb in capitals
 * @param kind of object: TABLE, VIEW, SCHEMA, or another word that follows the verb
 * @param names of the objects, each with those before it
 * @param temporary whether it is the session's own
 * @param replaces whether it may take the place of one that is there
 * @param ifNotExists whether it may leave one that is there
 * @param ifExists whether one that is not there is passed over
 * @param query that it is made of
 * @param likes tables that it takes its columns from
 * @param references tables that its foreign keys are of
 * @param lateBinding whether the tables of its query need not be there
 * @param change what an ALTER changes
 */
public record ObjectStatement(
        String action,
        String kind,
        List<List<String>> names,
        boolean temporary,
        boolean replaces,
        boolean ifNotExists,
        boolean ifExists,
        Optional<Statement> query,
        List<List<String>> likes,
        List<List<String>> references,
        boolean lateBinding,
        Change change) {
    /** What an ALTER changes. */
    public sealed interface Change {}

    /** The object's name. */
    public record Rename(String name) implements Change {}

    /** A column's name. */
    public record RenameColumn(String column, String name) implements Change {}

    /** A column goes. */
    public record DropColumn(String column) implements Change {}

    /** Another user owns it. */
    public record Owner(String user) implements Change {}

    /** Anything else, or nothing. */
    public record Other() implements Change {}

    private static final Set<String> ACTIONS = Set.of("CREATE", "ALTER", "DROP");

    /** The one that a statement is; empty for other statements. */
    public static Optional<ObjectStatement> of(Statement statement) {
        return ACTIONS.contains(statement.verb()) ? Optional.of(new Parser(statement).read()) : Optional.empty();
    }

    /** Whether it is about tables or views. */
    public boolean isRelation() {
        return kind.equals("TABLE") || kind.equals("VIEW");
    }

    private static final class Parser {
        private final Statement statement;
        private final TokenReader reader;
        private boolean temporary;
        private boolean replaces;
        private boolean ifExists;
        private boolean lateBinding;
        private Change change = new Other();
        private final List<List<String>> likes = new ArrayList<>();
        private final List<List<String>> references = new ArrayList<>();
        private Optional<Statement> query = Optional.empty();

        Parser(Statement statement) {
            this.statement = statement;
            this.reader = new TokenReader(statement.tokens());
        }

        ObjectStatement read() {
            var action = reader.take().keyword();
            modifiers();
            var kind = reader.take().keyword();
            lateBinding = kind.equals("VIEW") && isLateBinding();
            if (kind.equals("MATERIALIZED")) {
                kind = reader.take().keyword();
            }
            if (!Set.of("TABLE", "VIEW", "SCHEMA").contains(kind)) {
                return done(action, kind, List.of(), false);
            }
            var ifNotExists = reader.accept("IF", "NOT", "EXISTS");
            ifExists = reader.accept("IF", "EXISTS");
            var names = new ArrayList<List<String>>();
            if (kind.equals("SCHEMA") && reader.accept("AUTHORIZATION")) {
                var owner = reader.principalName();
                change = new Owner(owner);
                names.add(List.of(owner.toLowerCase(java.util.Locale.ROOT)));
            } else {
                names.add(reader.qualifiedName());
            }
            temporary |= names.getFirst().getFirst().startsWith("#");
            switch (action) {
                case "DROP" -> {
                    while (reader.accept(",")) {
                        names.add(reader.qualifiedName());
                    }
                }
                case "ALTER" -> {
                    change = change();
                    references(reader.rest());
                }
                default -> rest(kind);
            }
            return done(action, kind, names, ifNotExists);
        }

        private ObjectStatement done(String action, String kind, List<List<String>> names, boolean ifNotExists) {
            return new ObjectStatement(
                    action,
                    kind,
                    names,
                    temporary,
                    replaces,
                    ifNotExists,
                    ifExists,
                    query,
                    likes,
                    references,
                    lateBinding,
                    change);
        }

        private void modifiers() {
            while (true) {
                if (reader.accept("OR", "REPLACE")) {
                    replaces = true;
                } else if (reader.accept("TEMP") || reader.accept("TEMPORARY")) {
                    temporary = true;
                } else if (!reader.accept("LOCAL")) {
                    return;
                }
            }
        }

        private Change change() {
            if (reader.accept("RENAME", "TO")) {
                return new Rename(reader.name());
            }
            if (reader.accept("RENAME")) {
                reader.accept("COLUMN");
                var column = reader.name();
                reader.expect("TO");
                return new RenameColumn(column, reader.name());
            }
            if (reader.accept("OWNER", "TO")) {
                return new Owner(reader.principalName());
            }
            if (reader.accept("DROP")) {
                reader.accept("COLUMN");
                reader.accept("IF", "EXISTS");
                return reader.sees("CONSTRAINT") ? new Other() : new DropColumn(reader.name());
            }
            return new Other();
        }

        /** What follows the name in a CREATE. */
        private void rest(String kind) {
            if (kind.equals("SCHEMA")) {
                if (reader.accept("AUTHORIZATION")) {
                    change = new Owner(reader.principalName());
                }
                return;
            }
            var tokens = reader.rest();
            var depth = 0;
            for (var i = 0; i < tokens.size(); i++) {
                var token = tokens.get(i);
                depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
                if (depth == 0 && token.is("AS")) {
                    query(tokens.subList(i + 1, tokens.size()));
                    return;
                }
                if (depth == 1
                        && token.is("LIKE")
                        && i > 0
                        && !tokens.get(i - 1).isName()) {
                    likes.add(named(tokens.subList(i + 1, tokens.size())));
                }
            }
            references(tokens);
        }

        private void references(List<Token> tokens) {
            for (var i = 0; i < tokens.size(); i++) {
                if (tokens.get(i).is("REFERENCES")) {
                    references.add(named(tokens.subList(i + 1, tokens.size())));
                }
            }
        }

        private static List<String> named(List<Token> tokens) {
            return new TokenReader(tokens).qualifiedName();
        }

        private void query(List<Token> tokens) {
            var end = lateBinding ? tokens.size() - 4 : tokens.size();
            if (end > 0) {
                query = Optional.of(statement.part(tokens.subList(0, end)));
            }
        }

        private boolean isLateBinding() {
            var tokens = statement.tokens();
            var from = tokens.size() - 4;
            return from > 0
                    && new TokenReader(tokens.subList(from, tokens.size())).sees("WITH", "NO", "SCHEMA", "BINDING");
        }
    }

    /** The user whom a schema is made for; null when it is whoever makes it. */
    public @Nullable String newOwner() {
        return change instanceof Owner(var user) ? user : null;
    }
}

package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GRANT} and {@code REVOKE} of privileges, and {@code ALTER DEFAULT PRIVILEGES}. Source: Redshift's "GRANT", "REVOKE".
 *
 * @param grants false for REVOKE
 * @param privileges what is granted
 * @param target on what
 * @param grantees to whom
 * @param option with the option to grant it on; of REVOKE, only that option
 * @param cascade of REVOKE, whether others lose what they have from whom it is taken
 */
public record GrantCommand(
        boolean grants, List<Item> privileges, Target target, List<Grantee> grantees, boolean option, boolean cascade) {
    /** @param columns empty for the whole object */
    public record Item(Privilege privilege, List<String> columns) {}

    /** On what privileges are. */
    public sealed interface Target {}

    /** Tables and views by name. */
    public record Relations(List<List<String>> names) implements Target {}

    /** All tables and views that schemas, also of other databases, have now. */
    public record AllIn(List<List<String>> schemas) implements Target {}

    /** Schemas by name, also of other databases. */
    public record Schemas(List<List<String>> names) implements Target {}

    /** Databases by name. */
    public record Databases(List<String> names) implements Target {}

    /**
     * Tables and views that will be made.
     *
     * @param owners whose; empty for the session's user
     * @param schemas where; empty for everywhere
     */
    public record Future(List<String> owners, List<String> schemas) implements Target {}

    /** What there is to grant on an object of a kind. */
    static Set<Privilege> allOf(Target target) {
        return switch (target) {
            case Relations of -> Privilege.OF_RELATIONS;
            case AllIn of -> Privilege.OF_RELATIONS;
            case Future of -> Privilege.OF_RELATIONS;
            case Schemas of -> Privilege.OF_SCHEMAS;
            case Databases of -> Privilege.OF_DATABASES;
        };
    }

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none, or is about what has no privileges here
     */
    public static Optional<GrantCommand> of(Statement statement) {
        return new GrantParser(statement).command();
    }

    /** What CommandComplete says. */
    public String tag() {
        return target instanceof Future ? "ALTER DEFAULT PRIVILEGES" : grants ? "GRANT" : "REVOKE";
    }

    /** Reads one. */
    private static final class GrantParser {
        private final Statement statement;
        private final TokenReader reader;

        GrantParser(Statement statement) {
            this.statement = statement;
            this.reader = new TokenReader(statement.tokens());
        }

        Optional<GrantCommand> command() {
            return switch (statement.verb()) {
                case "GRANT", "REVOKE" -> Optional.of(command(null));
                case "ALTER" ->
                    reader.accept("ALTER", "DEFAULT", "PRIVILEGES") ? Optional.of(command(future())) : Optional.empty();
                default -> Optional.empty();
            };
        }

        private Future future() {
            var owners =
                    reader.accept("FOR", "USER") || reader.accept("FOR", "ROLE") ? principals() : List.<String>of();
            return new Future(owners, reader.accept("IN", "SCHEMA") ? names() : List.of());
        }

        private GrantCommand command(@Nullable Future future) {
            var grants = reader.accept("GRANT");
            if (!grants) {
                reader.expect("REVOKE");
            }
            var optionOnly = !grants && reader.accept("GRANT", "OPTION", "FOR");
            var items = items();
            reader.expect("ON");
            var target = future == null ? target() : tables(future);
            reader.expect(grants ? "TO" : "FROM");
            var grantees = new ArrayList<>(List.of(Grantee.read(reader)));
            while (reader.accept(",")) {
                grantees.add(Grantee.read(reader));
            }
            var option = optionOnly || (grants && reader.accept("WITH", "GRANT", "OPTION"));
            var cascade = !grants && reader.accept("CASCADE");
            if (!grants && !cascade) {
                reader.accept("RESTRICT");
            }
            if (!reader.atEnd()) {
                throw reader.unexpected();
            }
            return new GrantCommand(grants, checked(items, target), target, grantees, option, cascade);
        }

        private static List<Item> checked(List<Item> items, Target target) {
            var allowed = allOf(target);
            if (items.isEmpty()) {
                return allowed.stream().map(one -> new Item(one, List.of())).toList();
            }
            for (var item : items) {
                if (!allowed.contains(item.privilege())) {
                    throw SqlFailure.unsupported(item.privilege() + " on such an object");
                }
                if (!item.columns().isEmpty()
                        && (!(target instanceof Relations)
                                || !Set.of(Privilege.SELECT, Privilege.UPDATE).contains(item.privilege()))) {
                    throw SqlFailure.unsupported(item.privilege() + " of columns");
                }
            }
            return items;
        }

        /** Empty for ALL. */
        private List<Item> items() {
            if (reader.accept("ALL")) {
                reader.accept("PRIVILEGES");
                return List.of();
            }
            var items = new ArrayList<Item>();
            do {
                var word = reader.take();
                var privilege = Privilege.of(word.text())
                        .orElseThrow(() -> SqlFailure.unsupported("the privilege " + word.keyword()));
                items.add(new Item(privilege, reader.sees("(") ? reader.names() : List.of()));
            } while (reader.accept(","));
            return items;
        }

        private Target target() {
            if (reader.accept("SCHEMA")) {
                return new Schemas(paths());
            }
            if (reader.accept("DATABASE")) {
                return new Databases(names());
            }
            if (reader.accept("ALL", "TABLES", "IN", "SCHEMA")) {
                return new AllIn(paths());
            }
            for (var other : List.of(
                    "ALL", "FUNCTION", "PROCEDURE", "LANGUAGE", "COPY", "MODEL", "DATASHARE", "EXTERNAL", "RLS")) {
                if (reader.sees(other)) {
                    throw SqlFailure.unsupported(statement.verb() + " ON " + other);
                }
            }
            reader.accept("TABLE");
            return new Relations(paths());
        }

        private Future tables(Future future) {
            if (!reader.accept("TABLES")) {
                throw SqlFailure.unsupported(
                        "default privileges on " + reader.take().keyword());
            }
            return future;
        }

        private List<List<String>> paths() {
            var paths = new ArrayList<>(List.of(reader.qualifiedName()));
            while (reader.accept(",")) {
                paths.add(reader.qualifiedName());
            }
            return paths;
        }

        private List<String> names() {
            var names = new ArrayList<>(List.of(reader.name()));
            while (reader.accept(",")) {
                names.add(reader.name());
            }
            return names;
        }

        private List<String> principals() {
            var names = new ArrayList<>(List.of(reader.principalName()));
            while (reader.accept(",")) {
                names.add(reader.principalName());
            }
            return names;
        }
    }
}

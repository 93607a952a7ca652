package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.PolicyCommand.Conjunction;
import dev.groundplane.warehouse.sql.PolicyCommand.Expressions;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.PolicyCommand.Parameter;
import dev.groundplane.warehouse.sql.PolicyCommand.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a statement about policies. For one statement. */
final class PolicyParser {
    private final Statement statement;
    private final TokenReader reader;

    PolicyParser(Statement statement) {
        this.statement = statement;
        this.reader = new TokenReader(statement.tokens());
    }

    Optional<PolicyCommand> command() {
        var command = begun();
        if (command.isPresent() && !reader.atEnd()) {
            throw reader.unexpected();
        }
        return command;
    }

    private Optional<PolicyCommand> begun() {
        var verb = statement.verb();
        for (var kind : Kind.values()) {
            if (reader.accept(verb, kind.name(), "POLICY")) {
                return Optional.ofNullable(
                        switch (verb) {
                            case "CREATE" -> create(kind);
                            case "ALTER" -> new PolicyCommand.Alter(kind, reader.name(), expressions());
                            case "DROP" -> drop(kind);
                            case "ATTACH" -> attach(kind);
                            case "DETACH" -> detach(kind);
                            default -> null;
                        });
            }
        }
        return switch (verb) {
            case "ALTER" -> security();
            case "GRANT", "REVOKE" -> permit(verb);
            default -> Optional.empty();
        };
    }

    private PolicyCommand create(Kind kind) {
        var ifNotExists = kind == Kind.MASKING && reader.accept("IF", "NOT", "EXISTS");
        var name = reader.name();
        ifNotExists |= kind == Kind.MASKING && reader.accept("IF", "NOT", "EXISTS");
        var parameters = new ArrayList<Parameter>();
        var alias = "";
        if (kind == Kind.MASKING || reader.sees("WITH")) {
            reader.expect("WITH");
            reader.expect("(");
            do {
                parameters.add(parameter());
            } while (reader.accept(","));
            reader.expect(")");
            if (kind == Kind.RLS && (reader.accept("AS") || !reader.sees("USING"))) {
                alias = reader.name();
            }
        }
        var expressions = expressions();
        if (kind == Kind.RLS && expressions.parts().size() > 1) {
            throw SqlFailure.syntax("syntax error in USING: a policy of rows has one condition", 0);
        }
        return new PolicyCommand.Create(kind, name, ifNotExists, List.copyOf(parameters), alias, expressions);
    }

    private Parameter parameter() {
        var name = reader.name();
        var type = TypeParser.read(reader);
        return new Parameter(name, type.name(), type.engineType());
    }

    private PolicyCommand drop(Kind kind) {
        var ifExists = reader.accept("IF", "EXISTS");
        var name = reader.name();
        var cascade = reader.accept("CASCADE");
        if (!cascade) {
            reader.accept("RESTRICT");
        }
        return new PolicyCommand.Drop(kind, name, ifExists, cascade);
    }

    private PolicyCommand attach(Kind kind) {
        var name = reader.name();
        var tables = tables(kind);
        var outputs = kind == Kind.MASKING ? columns() : List.<String>of();
        var inputs = kind == Kind.MASKING && reader.accept("USING") ? columns() : List.<String>of();
        reader.expect("TO");
        var grantees = grantees(kind);
        var priority = kind == Kind.MASKING && reader.accept("PRIORITY") ? reader.number() : 0;
        return new PolicyCommand.Attach(kind, name, tables, outputs, inputs, grantees, priority);
    }

    private PolicyCommand detach(Kind kind) {
        var name = reader.name();
        var tables = tables(kind);
        var outputs = kind == Kind.MASKING ? columns() : List.<String>of();
        reader.expect("FROM");
        return new PolicyCommand.Detach(kind, name, tables, outputs, grantees(kind));
    }

    private List<List<String>> tables(Kind kind) {
        reader.expect("ON");
        reader.accept("TABLE");
        var tables = new ArrayList<>(List.of(reader.qualifiedName()));
        while (kind == Kind.RLS && reader.accept(",")) {
            tables.add(reader.qualifiedName());
        }
        return tables;
    }

    private List<String> columns() {
        if (!reader.seesNames()) {
            throw reader.sees("(")
                    ? SqlFailure.unsupported("a masking policy of a part of a SUPER value")
                    : reader.unexpected();
        }
        return reader.names();
    }

    private List<Grantee> grantees(Kind kind) {
        var grantees = new ArrayList<Grantee>();
        do {
            if (reader.sees("GROUP")) {
                throw SqlFailure.unsupported("a policy for a group: attach it to a role; it");
            }
            grantees.add(Grantee.read(reader));
        } while (kind == Kind.RLS && reader.accept(","));
        return grantees;
    }

    /** {@code USING (…)} */
    private Expressions expressions() {
        reader.expect("USING");
        var tokens = reader.parenthesized();
        if (tokens.isEmpty()) {
            throw reader.unexpected();
        }
        var text = statement.part(tokens).text();
        var parts = Tokens.split(tokens).stream().map(EngineSql::of).toList();
        return new Expressions(text, parts);
    }

    /** {@code ALTER TABLE … ROW LEVEL SECURITY} */
    private Optional<PolicyCommand> security() {
        if (!reader.accept("ALTER", "TABLE")) {
            return Optional.empty();
        }
        var table = reader.qualifiedName();
        if (!reader.accept("ROW", "LEVEL", "SECURITY")) {
            return Optional.empty();
        }
        var on = reader.accept("ON");
        if (!on) {
            reader.expect("OFF");
        }
        var conjunction = Optional.<Conjunction>empty();
        if (reader.accept("CONJUNCTION", "TYPE")) {
            conjunction = Optional.of(reader.accept("OR") ? Conjunction.OR : Conjunction.AND);
            if (conjunction.get() == Conjunction.AND) {
                reader.expect("AND");
            }
        }
        if (reader.accept("FOR", "DATASHARES")) {
            throw SqlFailure.unsupported("ROW LEVEL SECURITY … FOR DATASHARES");
        }
        return Optional.of(new PolicyCommand.Security(table, on, conjunction));
    }

    /** {@code GRANT EXPLAIN RLS TO ROLE …} */
    private Optional<PolicyCommand> permit(String verb) {
        reader.expect(verb);
        var permissions = new ArrayList<Permission>();
        do {
            var found = List.of(Permission.values()).stream()
                    .filter(one -> reader.accept(one.name().split("_")))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            permissions.add(found.get());
        } while (reader.accept(","));
        reader.expect(verb.equals("GRANT") ? "TO" : "FROM");
        var roles = new ArrayList<String>();
        do {
            reader.expect("ROLE");
            roles.add(reader.principalName());
        } while (reader.accept(","));
        return Optional.of(new PolicyCommand.Permit(verb.equals("GRANT"), permissions, roles));
    }
}

package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Ddl.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads statements that define objects. "Redshift Database Developer Guide, SQL commands". */
public final class DdlParser {
    private final Statement statement;
    private final TokenReader reader;

    private DdlParser(Statement statement) {
        this.statement = statement;
        this.reader = new TokenReader(statement.tokens());
    }

    /**
     * The definition that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none, or asks for what is not supported
     */
    public static Optional<Ddl> of(Statement statement) {
        var parser = new DdlParser(statement);
        var ddl = parser.read();
        if (ddl.isPresent() && !parser.reader.atEnd()) {
            throw parser.reader.unexpected();
        }
        return ddl;
    }

    private Optional<Ddl> read() {
        return switch (statement.verb()) {
            case "CREATE" -> create();
            case "ALTER" -> alter();
            case "DROP" -> drop();
            case "TRUNCATE" -> Optional.of(truncate());
            case "COMMENT" -> Optional.of(comment());
            case "REFRESH" -> Optional.of(refresh());
            case "VACUUM" -> Optional.of(MaintenanceParser.vacuum(reader));
            case "ANALYZE", "ANALYSE" -> Optional.of(MaintenanceParser.analyze(reader));
            case "SHOW" -> show();
            default -> Optional.empty();
        };
    }

    private Optional<Ddl> create() {
        if (isCreateTable()) {
            return Optional.of(CreateTableParser.read(reader, statement));
        }
        if (reader.sees("CREATE", "VIEW")
                || reader.sees("CREATE", "OR", "REPLACE", "VIEW")
                || reader.sees("CREATE", "MATERIALIZED", "VIEW")) {
            return Optional.of(ViewParser.create(reader, statement));
        }
        if (reader.accept("CREATE", "SCHEMA")) {
            return Optional.of(createSchema());
        }
        return reader.accept("CREATE", "DATABASE") ? Optional.of(createDatabase()) : Optional.empty();
    }

    private boolean isCreateTable() {
        return reader.sees("CREATE", "TABLE")
                || reader.sees("CREATE", "TEMP", "TABLE")
                || reader.sees("CREATE", "TEMPORARY", "TABLE")
                || reader.sees("CREATE", "LOCAL", "TEMP", "TABLE")
                || reader.sees("CREATE", "LOCAL", "TEMPORARY", "TABLE");
    }

    private Ddl createSchema() {
        var ifNotExists = reader.accept("IF", "NOT", "EXISTS");
        if (reader.accept("AUTHORIZATION")) {
            var owner = reader.name();
            return new Ddl.CreateSchema(owner, ifNotExists, owner);
        }
        var name = reader.name();
        var owner = reader.accept("AUTHORIZATION") ? reader.name() : null;
        if (reader.sees("QUOTA")) {
            throw SqlFailure.unsupported("QUOTA");
        }
        return new Ddl.CreateSchema(name, ifNotExists, owner);
    }

    private Ddl createDatabase() {
        var name = reader.name();
        if (reader.accept("FROM", "INTEGRATION")) {
            return new Ddl.CreateDatabase(name, null, integration());
        }
        reader.accept("WITH");
        String owner = null;
        while (!reader.atEnd()) {
            if (reader.accept("OWNER")) {
                reader.accept("=");
                owner = reader.name();
            } else if (!isHarmlessOption()) {
                throw SqlFailure.unsupported(
                        "CREATE DATABASE with " + reader.take().keyword());
            }
        }
        return new Ddl.CreateDatabase(name, owner, null);
    }

    private Ddl.Integration integration() {
        var id = string();
        var database = reader.accept("DATABASE") ? nameOrString() : null;
        if (!reader.atEnd()) {
            throw SqlFailure.unsupported(
                    "CREATE DATABASE FROM INTEGRATION with " + reader.take().keyword());
        }
        return new Ddl.Integration(id, database);
    }

    private String string() {
        var token = reader.take();
        if (token.kind() != Token.Kind.STRING) {
            throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(token.text()), token.start());
        }
        return token.string();
    }

    private String nameOrString() {
        return reader.seesString() ? string() : reader.name();
    }

    /** What is so without being said. */
    private boolean isHarmlessOption() {
        return reader.accept("CONNECTION", "LIMIT", "UNLIMITED")
                || reader.accept("COLLATE", "CASE_SENSITIVE")
                || reader.accept("COLLATE", "CS")
                || reader.accept("ISOLATION", "LEVEL", "SNAPSHOT");
    }

    private Optional<Ddl> alter() {
        if (reader.accept("ALTER", "TABLE")) {
            return Optional.of(AlterTableParser.read(reader));
        }
        if (reader.accept("ALTER", "DATABASE")) {
            var database = reader.name();
            if (reader.accept("INTEGRATION", "REFRESH")) {
                return Optional.of(refreshIntegration(database));
            }
        }
        return Optional.empty();
    }

    private Ddl refreshIntegration(String database) {
        if (reader.accept("TABLE") || reader.accept("TABLES")) {
            var tables = new ArrayList<List<String>>();
            do {
                tables.add(reader.qualifiedName());
            } while (reader.accept(","));
            return new Ddl.RefreshIntegration(database, tables, null, false);
        }
        var failed = reader.accept("INERROR");
        if (!failed) {
            reader.expect("ALL");
        }
        reader.expect("TABLES");
        var schema = reader.accept("IN", "SCHEMA") ? reader.name() : null;
        return new Ddl.RefreshIntegration(database, List.of(), schema, failed);
    }

    private Optional<Ddl> drop() {
        reader.expect("DROP");
        var kind = objectKind(List.of(Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SCHEMA, Kind.DATABASE));
        if (kind == null) {
            return Optional.empty();
        }
        var ifExists = reader.accept("IF", "EXISTS");
        var names = new ArrayList<List<String>>();
        do {
            names.add(reader.qualifiedName());
        } while (reader.accept(","));
        return Optional.of(new Ddl.Drop(kind, ifExists, names, cascade(reader)));
    }

    /** Whether CASCADE is next, rather than RESTRICT or nothing. */
    static boolean cascade(TokenReader reader) {
        if (reader.accept("RESTRICT")) {
            return false;
        }
        return reader.accept("CASCADE");
    }

    private @Nullable Kind objectKind(List<Kind> kinds) {
        return kinds.stream()
                .filter(kind -> reader.accept(kind.name().split("_")))
                .findFirst()
                .orElse(null);
    }

    private Ddl truncate() {
        reader.expect("TRUNCATE");
        reader.accept("TABLE");
        return new Ddl.Truncate(reader.qualifiedName());
    }

    private Ddl comment() {
        reader.expect("COMMENT", "ON");
        var kind = objectKind(List.of(Kind.values()));
        if (kind != Kind.TABLE && kind != Kind.VIEW && kind != Kind.COLUMN) {
            throw SqlFailure.unsupported(
                    "COMMENT ON " + (kind == null ? reader.take().keyword() : kind.sql()));
        }
        var name = reader.qualifiedName();
        reader.expect("IS");
        var text = reader.take();
        if (text.is("NULL")) {
            return new Ddl.CommentOn(kind, name, null);
        }
        if (text.kind() != Token.Kind.STRING) {
            throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(text.text()), text.start());
        }
        return new Ddl.CommentOn(kind, name, text.string());
    }

    private Ddl refresh() {
        reader.expect("REFRESH", "MATERIALIZED", "VIEW");
        var name = reader.qualifiedName();
        cascade(reader);
        return new Ddl.RefreshMaterializedView(name);
    }

    private Optional<Ddl> show() {
        if (reader.accept("SHOW", "TABLE")) {
            return Optional.of(new Ddl.ShowDefinition(Kind.TABLE, reader.qualifiedName()));
        }
        return reader.accept("SHOW", "VIEW")
                ? Optional.of(new Ddl.ShowDefinition(Kind.VIEW, reader.qualifiedName()))
                : Optional.empty();
    }
}

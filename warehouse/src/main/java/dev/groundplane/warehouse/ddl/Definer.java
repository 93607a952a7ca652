package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.engine.SystemDatabase;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Carries out definitions, each wholly or not at all. For one statement of a session. */
public final class Definer {
    private final DdlContext context;
    private long rows;
    private @Nullable String definition;

    public Definer(DdlContext context) {
        this.context = context;
    }

    /**
     * Carries out a definition.
     *
     * @throws SqlFailure when what it names is not there, or is there already, or is in use
     * @throws SQLException when the engine cannot
     */
    public void define(Ddl ddl) throws SQLException {
        switch (ddl) {
            case Ddl.CreateDatabase create -> {
                requireOwner(create.owner());
                new DatabaseCommands(context).create(create);
            }
            case Ddl.Drop drop when drop.kind() == Kind.DATABASE -> new DatabaseCommands(context).drop(drop);
            case Ddl.Vacuum vacuum -> new Maintenance(context).vacuum(vacuum);
            default -> context.engine().atomically(() -> change(ddl));
        }
    }

    private void change(Ddl ddl) throws SQLException {
        switch (ddl) {
            case Ddl.CreateTable create -> new Tables(context).create(create);
            case Ddl.CreateTableAs create -> rows = new Tables(context).create(create);
            case Ddl.AlterTable alter -> new TableAlterations(context).alter(alter);
            case Ddl.CreateView create -> new Views(context).create(create);
            case Ddl.CreateMaterializedView create -> new MaterializedViews(context).create(create);
            case Ddl.RefreshMaterializedView refresh -> new MaterializedViews(context).refresh(refresh);
            case Ddl.Drop drop -> new Drops(context).drop(drop);
            case Ddl.Truncate(var table) -> new Maintenance(context).truncate(table);
            case Ddl.CreateSchema create -> createSchema(create);
            case Ddl.CommentOn comment -> new Comments(context).comment(comment);
            case Ddl.Analyze analyze -> new Maintenance(context).analyze(analyze);
            case Ddl.ShowDefinition show -> definition = new Definitions(context).of(show);
            case Ddl.CreateDatabase create -> throw new IllegalStateException("no part of a transaction");
            case Ddl.RefreshIntegration refresh -> throw new IllegalStateException("no definition");
            case Ddl.Vacuum vacuum -> throw new IllegalStateException("no part of a transaction");
        }
    }

    private void createSchema(Ddl.CreateSchema create) throws SQLException {
        var name = create.name();
        if (name.equals(HiddenSchema.MAIN)
                || name.startsWith("pg_")
                || name.equals("information_schema")
                || SystemDatabase.SCHEMAS.contains(name)) {
            throw SqlFailure.of(SqlState.RESERVED_NAME, "unacceptable schema name \"%s\"".formatted(name));
        }
        if (new Relations(context).schemaExists(name)) {
            if (create.ifNotExists()) {
                return;
            }
            throw SqlFailure.of(SqlState.DUPLICATE_SCHEMA, "schema \"%s\" already exists".formatted(name));
        }
        requireNoDatabase(name);
        context.engine()
                .run("CREATE SCHEMA %s.%s"
                        .formatted(Names.quote(context.engine().database()), Names.quote(name)));
    }

    /** The engine would not know what a name before a dot is. */
    private void requireNoDatabase(String name) throws SQLException {
        if (!context.engine()
                .rows("SELECT 1 FROM duckdb_databases() WHERE lower(database_name) = ?", name)
                .isEmpty()) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "schema \"%s\" cannot have this name: there is a database of that name".formatted(name),
                    "A name as in %s.t would mean both.".formatted(name));
        }
    }

    private void requireOwner(@Nullable String owner) {
        if (owner != null && !owner.equals(context.user()) && !owner.equals("current_user")) {
            throw SqlFailure.unsupported("the owner \"%s\", who is not \"%s\",".formatted(owner, context.user()));
        }
    }

    /** How many rows a query gave that was defined by. */
    public long rows() {
        return rows;
    }

    /** What SHOW TABLE or SHOW VIEW asked for; null for other statements. */
    public @Nullable String definition() {
        return definition;
    }
}

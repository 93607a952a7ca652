package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.warehouse.access.Access;
import dev.groundplane.warehouse.ddl.DdlContext;
import dev.groundplane.warehouse.ddl.Definer;
import dev.groundplane.warehouse.sql.CommandTag;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.DdlParser;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Definitions of tables, views, schemas and databases. */
record DdlStatement(Statement statement, Ddl ddl) implements Command {
    static Optional<DdlStatement> of(Statement statement) {
        return DdlParser.of(statement).map(ddl -> new DdlStatement(statement, ddl));
    }

    @Override
    public List<Column> columns() {
        return ddl instanceof Ddl.ShowDefinition show ? shown(show, "").columns() : List.of();
    }

    @Override
    public boolean defines() {
        return !(ddl instanceof Ddl.ShowDefinition
                || ddl instanceof Ddl.Vacuum
                || ddl instanceof Ddl.Analyze
                || ddl instanceof Ddl.Truncate);
    }

    /** What follows CREATE, ALTER and DROP, and TRUNCATE, VACUUM and ANALYZE, {@code Access} knows by itself. */
    @Override
    public void authorize(SessionContext session) throws SQLException {
        var access = session.access();
        switch (ddl) {
            case Ddl.CommentOn comment ->
                access.requireOwner(
                        comment.kind() == Ddl.Kind.COLUMN
                                ? comment.name().subList(0, comment.name().size() - 1)
                                : comment.name());
            case Ddl.RefreshMaterializedView(var name) -> access.requireRefresh(name);
            case Ddl.ShowDefinition show -> access.requirePrivilege(Privilege.SELECT, show.name());
            default -> Command.super.authorize(session);
        }
    }

    /** Named as Redshift does. */
    private static PlainResult shown(Ddl.ShowDefinition show, String text) {
        var kind = show.kind().words();
        return PlainResult.of(
                "SHOW",
                "Show %s DDL statement".formatted(kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1)),
                text);
    }

    private static DdlContext.Policies policies(Access access, List<String> parameters) {
        return new DdlContext.Policies() {
            @Override
            public String guarded(Statement query, String sql) throws SQLException {
                return access.guarded(query, parameters, sql);
            }

            @Override
            public void requireUnprotected(String sql) throws SQLException {
                access.requireUnprotected(sql);
            }
        };
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var definer = new Definer(context(session, parameters));
        if (ddl instanceof Ddl.RefreshMaterializedView(var name)) {
            session.access().asOwner(name, () -> definer.define(ddl));
        } else {
            definer.define(ddl);
        }
        if (ddl instanceof Ddl.CreateSchema) {
            session.engine().searchPath(session.settings().searchPath()); // which may name it already
        }
        var definition = definer.definition();
        return ddl instanceof Ddl.ShowDefinition show && definition != null
                ? shown(show, definition)
                : PlainResult.of(tag(definer.rows()));
    }

    /** What definitions of a session are carried out with. */
    static DdlContext context(SessionContext session, List<String> parameters) {
        return new DdlContext(
                session.engine(),
                session.engine().path(),
                session.user(),
                session.settings().statementTimeout(),
                parameters,
                policies(session.access(), parameters));
    }

    private String tag(long rows) {
        return switch (ddl) {
            case Ddl.CreateMaterializedView create -> "CREATE MATERIALIZED VIEW";
            case Ddl.Drop drop -> "DROP " + drop.kind().sql();
            case Ddl.RefreshMaterializedView refresh -> "REFRESH MATERIALIZED VIEW";
            case Ddl.Truncate truncate -> "TRUNCATE TABLE";
            default -> CommandTag.of(statement, rows);
        };
    }
}

package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Views that name other relations. Late-binding views depend on nothing. */
final class Dependents {
    private final EngineSession engine;
    private final Relations relations;

    Dependents(DdlContext context) {
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    /** The views that name a relation themselves. */
    List<Relation> of(Relation relation) throws SQLException {
        var dependents = new ArrayList<Relation>();
        for (var view : relations.all()) {
            var definition = view.notes().view();
            if (definition != null && !definition.lateBinding() && names(definition, relation)) {
                dependents.add(view);
            }
        }
        return dependents;
    }

    private boolean names(Notes.View definition, Relation relation) throws SQLException {
        return !relation.isTemporary()
                && definition.query().contains(relation.name())
                && ViewQuery.of(engine, definition.query()).references().stream()
                        .anyMatch(reference -> isOf(reference, relation));
    }

    private static boolean isOf(ViewQuery.Reference reference, Relation relation) {
        var name = reference.name();
        return name.size() > 1 && relation.isNamed(name);
    }

    /** Drops the views that name a relation, or refuses when there are any. */
    void drop(Relation relation, boolean cascade) throws SQLException {
        var dependents = of(relation);
        if (!dependents.isEmpty() && !cascade) {
            throw stillThere(
                    "drop " + relation.kind().words() + " " + relation.name(), dependents.getFirst(), relation);
        }
        for (var view : dependents) {
            dropView(view);
        }
    }

    /** Drops a view and what depends on it. */
    void dropView(Relation view) throws SQLException {
        drop(view, true);
        engine.run("DROP VIEW IF EXISTS " + view.sql());
    }

    /**
     * After a table's columns have changed: drops the views that do not fit any more, or refuses when there are any.
     *
     * @param what was done, as in "drop column a"
     */
    void requireFit(Relation table, String what, boolean cascade) throws SQLException {
        for (var view : of(table)) {
            if (!fits(view)) {
                if (!cascade) {
                    throw stillThere(what, view, table);
                }
                dropView(view);
            }
        }
    }

    private boolean fits(Relation view) {
        try (var prepared =
                engine.prepare(Objects.requireNonNull(view.notes().view()).query())) {
            return true;
        } catch (SQLException doesNotBind) {
            return false;
        }
    }

    private static SqlFailure stillThere(String what, Relation view, Relation on) {
        return new SqlFailure(new Report(
                Report.Severity.ERROR,
                SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                "cannot %s because other objects depend on it".formatted(what),
                "%s %s depends on %s %s"
                        .formatted(view.kind().words(), view.name(), on.kind().words(), on.name()),
                "Drop %s first, or use CASCADE where the statement has it.".formatted(view.name()),
                0));
    }

    /** After a relation got another name: the views that name it follow. */
    void rename(Relation from, Relation to, List<Relation> dependents) throws SQLException {
        for (var view : dependents) {
            var definition = Objects.requireNonNull(view.notes().view());
            var query = ViewQuery.of(engine, definition.query());
            var names = new ArrayList<@Nullable String>();
            for (var reference : query.references()) {
                var name = Names.quote(to.schema()) + "." + Names.quote(to.name());
                names.add(
                        !isOf(reference, from)
                                ? null
                                : reference.hasAlias() ? name : name + " AS " + Names.quote(from.name()));
            }
            var renamed = query.with(names);
            new Views.Definition(
                            view,
                            new Notes.View(renamed, renamed, definition.columns(), false, definition.data()),
                            view.notes())
                    .write(engine);
        }
    }
}

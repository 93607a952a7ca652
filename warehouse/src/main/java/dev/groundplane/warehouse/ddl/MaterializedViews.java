package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Views whose rows are kept: a table in the hidden schema, and a view that shows it, which users can write nothing into. */
final class MaterializedViews {
    private final DdlContext context;
    private final EngineSession engine;
    private final Relations relations;

    MaterializedViews(DdlContext context) {
        this.context = context;
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    void create(Ddl.CreateMaterializedView create) throws SQLException {
        var place = relations.place(create.name(), false);
        relations.requireFree(place);
        var written = context.engineSql(create.query());
        context.policies().requireUnprotected(written);
        var query = new Views(context).bound(written);
        var data = new Relation(
                place.database(),
                HiddenSchema.MAIN,
                "mv_tbl__" + UUID.randomUUID().toString().replace("-", ""),
                false,
                Notes.Relation.NONE);
        new Tables(context).create(data, List.of(), query, create.options());
        new Views.Definition(
                        place,
                        new Notes.View(query, create.query().text(), List.of(), false, data.name()),
                        Notes.Relation.NONE.withDistStyle(create.options().distStyle()))
                .write(engine);
    }

    void refresh(Ddl.RefreshMaterializedView refresh) throws SQLException {
        var view = Objects.requireNonNull(relations
                .require(refresh.name(), Kind.MATERIALIZED_VIEW)
                .notes()
                .view());
        var data = Relation.sql(engine.database(), HiddenSchema.MAIN, Objects.requireNonNull(view.data()));
        context.runLong("DELETE FROM " + data);
        context.runLong("INSERT INTO %s %s".formatted(data, view.query()));
    }
}

package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.engine.SystemDatabase;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes views. The engine understands their queries anew each time, with the names that they are given here. */
final class Views {
    /**
     * While a late-binding view is made, this variable of the engine has a query in its place: its own tables need not exist yet.
     * Users cannot set variables.
     */
    private static final String STAND_IN = "late_binding_stand_in";

    /** The column that it has until then, which system views pass over. */
    private static final String UNBOUND = "\"?unbound?\"";

    private final DdlContext context;
    private final EngineSession engine;
    private final Relations relations;

    Views(DdlContext context) {
        this.context = context;
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    void create(Ddl.CreateView create) throws SQLException {
        var place = relations.place(create.name(), false);
        var present = relations.at(place);
        if (present.isPresent()) {
            if (!create.orReplace()) {
                relations.requireFree(place);
            }
            if (present.get().kind() != Kind.VIEW) {
                throw Relations.wrongKind(present.get(), Kind.VIEW);
            }
        }
        var written = context.engineSql(create.query());
        var query = create.lateBinding() ? written : bound(written);
        requireQualified(query, create.lateBinding());
        var view = new Notes.View(query, create.query().text(), create.columns(), create.lateBinding(), null);
        new Definition(place, view, present.map(Relation::notes).orElse(Notes.Relation.NONE)).write(engine);
    }

    private void requireQualified(String query, boolean lateBinding) throws SQLException {
        if (!lateBinding) {
            return;
        }
        for (var reference : ViewQuery.of(engine, query).references()) {
            if (reference.name().size() == 1) {
                throw SqlFailure.of(
                        SqlState.INVALID_TABLE_DEFINITION,
                        "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING",
                        "Write the schema before \"%s\"."
                                .formatted(reference.name().getFirst()));
            }
        }
    }

    /** A query that means the same whoever asks and whatever comes: its tables with their schemas, its columns by name. */
    String bound(String sql) throws SQLException {
        var query = ViewQuery.of(engine, sql);
        var names = new ArrayList<@Nullable String>();
        for (var reference : query.references()) {
            if (isSystem(reference.name())) {
                names.add(null);
                continue;
            }
            var relation = relations.find(reference.name());
            if (relation.isPresent() && relation.get().isTemporary()) {
                throw SqlFailure.of(
                        SqlState.INVALID_TABLE_DEFINITION,
                        "a view cannot be made of the temporary table \"%s\""
                                .formatted(relation.get().name()));
            }
            names.add(relation.map(found -> Names.quote(found.schema()) + "." + Names.quote(found.name()))
                    .orElse(null));
        }
        var qualified = query.with(names);
        return query.hasStar()
                ? "SELECT %s FROM (%s) AS %s".formatted(TableDefinition.list(columns(qualified)), qualified, "q")
                : qualified;
    }

    /** The warehouse's own views have their whole names already. */
    private static boolean isSystem(List<String> name) {
        return name.size() == 3 && name.getFirst().equals(SystemDatabase.NAME);
    }

    private List<String> columns(String query) throws SQLException {
        var columns = new ArrayList<String>();
        try (var prepared = engine.prepare(query)) {
            var described = prepared.getMetaData();
            for (var i = 1; i <= described.getColumnCount(); i++) {
                var name = described.getColumnName(i);
                if (columns.contains(name)) {
                    throw SqlFailure.of(
                            SqlState.DUPLICATE_COLUMN, "column \"%s\" specified more than once".formatted(name));
                }
                columns.add(name);
            }
        }
        return columns;
    }

    /** A view and what it shows; writing it again changes nothing. */
    record Definition(Relation place, Notes.View view, Notes.Relation notes) {
        void write(EngineSession engine) throws SQLException {
            if (view.lateBinding()) {
                var count = Math.max(1, view.columns().size());
                engine.run("SET VARIABLE %s = 'SELECT %s'"
                        .formatted(STAND_IN, String.join(", ", Collections.nCopies(count, "NULL AS " + UNBOUND))));
            }
            try {
                engine.run("CREATE OR REPLACE VIEW %s%s AS %s".formatted(place.sql(), columns(), body()));
            } finally {
                if (view.lateBinding()) {
                    engine.run("RESET VARIABLE " + STAND_IN);
                }
            }
            engine.run("COMMENT ON VIEW %s IS %s".formatted(place.sql(), Notes.literal(notes.withView(view))));
        }

        private String columns() {
            return view.columns().isEmpty() ? "" : "(" + TableDefinition.list(view.columns()) + ")";
        }

        private String body() {
            if (view.data() != null) {
                return "SELECT * FROM "
                        + Relation.sql(place.database(), HiddenSchema.MAIN, Objects.requireNonNull(view.data()));
            }
            return view.lateBinding()
                    ? "SELECT * FROM query(coalesce(getvariable('%s'), %s))"
                            .formatted(STAND_IN, Names.literal(view.query()))
                    : view.query();
        }
    }
}

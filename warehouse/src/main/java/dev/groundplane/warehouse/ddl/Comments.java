package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;

/** {@code COMMENT ON}. */
final class Comments {
    private final EngineSession engine;
    private final Relations relations;

    Comments(DdlContext context) {
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    void comment(Ddl.CommentOn comment) throws SQLException {
        var name = comment.name();
        if (comment.kind() != Kind.COLUMN) {
            var relation = relations.require(name);
            if (relation.isView() != (comment.kind() == Kind.VIEW)) {
                throw Relations.wrongKind(relation, comment.kind());
            }
            engine.run("COMMENT ON %s %s IS %s"
                    .formatted(
                            comment.kind().sql(),
                            relation.sql(),
                            Notes.literal(relation.notes().withComment(comment.text()))));
            return;
        }
        if (name.size() < 2) {
            throw SqlFailure.syntax(
                    "COMMENT ON COLUMN needs the table's name before \"%s\"".formatted(name.getLast()), 0);
        }
        var relation = relations.require(name.subList(0, name.size() - 1));
        var column = TableDefinition.of(engine, relation).column(name.getLast(), relation);
        TableDefinition.writeNotes(
                engine, relation, column.name(), column.notes().withComment(comment.text()));
    }
}

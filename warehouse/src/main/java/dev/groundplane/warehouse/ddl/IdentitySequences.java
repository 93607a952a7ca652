package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.ColumnClause.Identity;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.util.UUID;

/** Identity columns are the engine's sequences as defaults. They are in the hidden schema and no part of their tables there. */
final class IdentitySequences {
    /** What their names begin with. */
    static final String PREFIX = "identity_";

    private final EngineSession engine;

    IdentitySequences(EngineSession engine) {
        this.engine = engine;
    }

    /** Makes a sequence for a column of a table; the column's default. */
    String make(Identity identity, Relation table) throws SQLException {
        var sequence = PREFIX + UUID.randomUUID().toString().replace("-", "");
        var name = Names.quote(table.database()) + "." + HiddenSchema.MAIN + "." + sequence;
        engine.run("CREATE %s MINVALUE %d MAXVALUE %d START %d INCREMENT %d"
                .formatted(
                        table.isTemporary() ? "TEMP SEQUENCE " + sequence : "SEQUENCE " + name,
                        Long.MIN_VALUE + 1,
                        Long.MAX_VALUE,
                        identity.seed(),
                        identity.step()));
        return "nextval(" + Names.literal(name) + ")";
    }
}

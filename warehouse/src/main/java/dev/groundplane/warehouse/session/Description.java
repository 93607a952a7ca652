package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement that was not carried out will give.
 *
 * @param columns of its rows; empty when it gives none
 * @param plan that tells them; null when it is not the engine's
 */
record Description(List<Column> columns, @Nullable EnginePlan plan) implements AutoCloseable {
    /** Of a statement that the warehouse carries out itself. */
    static Description of(List<Column> columns) {
        return new Description(columns, null);
    }

    /** Of a statement of the engine's; owns its plan. */
    static Description of(EnginePlan plan) throws SQLException {
        try {
            return new Description(plan.columns(), plan);
        } catch (SQLException | RuntimeException e) {
            plan.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (plan == null) {
            return;
        }
        try {
            plan.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the engine does not free a plan", e);
        }
    }
}

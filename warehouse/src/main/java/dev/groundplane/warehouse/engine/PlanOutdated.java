package dev.groundplane.warehouse.engine;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rows of a statement are others than it was planned with, because a table of it was defined anew meanwhile. */
public final class PlanOutdated extends SQLException {
    private static final long serialVersionUID = 1;

    /** @param cause null for none */
    public PlanOutdated(@Nullable Throwable cause) {
        super("cached plan must not change result type", cause);
    }
}

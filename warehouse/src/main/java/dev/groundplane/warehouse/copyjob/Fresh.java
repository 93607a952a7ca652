package dev.groundplane.warehouse.copyjob;

import dev.groundplane.warehouse.engine.EngineSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Files that are to be loaded, the eldest first, in a table of the session's own. For one thread. */
final class Fresh implements AutoCloseable {
    private static final String TABLE = "temp.main.fresh";

    private final EngineSession engine;

    /** @param query gives them */
    Fresh(EngineSession engine, String query) throws SQLException {
        this.engine = engine;
        engine.run(
                "CREATE OR REPLACE TEMP TABLE fresh AS SELECT row_number() OVER (ORDER BY last, modified, name) AS n, *"
                        + " FROM (%s)".formatted(query));
    }

    /**
     * Some of them.
     *
     * @param from the place of the first one, from 0
     */
    List<FreshFile> some(long from, long count) throws SQLException {
        return engine
                .rows("SELECT name, bytes, etag, epoch_us(modified), known FROM %s WHERE n > %d AND n <= %d ORDER BY n"
                        .formatted(TABLE, from, from + count))
                .stream()
                .map(row -> new FreshFile(
                        new LandedFile(
                                Ledger.text(row, 0),
                                Long.parseLong(Ledger.text(row, 1)),
                                Ledger.text(row, 2),
                                Instant.EPOCH.plus(Long.parseLong(Ledger.text(row, 3)), ChronoUnit.MICROS)),
                        Boolean.parseBoolean(Ledger.text(row, 4))))
                .toList();
    }

    @Override
    public void close() throws SQLException {
        engine.run("DROP TABLE IF EXISTS " + TABLE);
    }
}

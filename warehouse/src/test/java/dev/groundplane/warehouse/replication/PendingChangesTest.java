package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.pgoutput.Tuple;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much of a transaction of the source is kept in memory. */
final class PendingChangesTest {
    private static final SourceTable TABLE = new SourceTable(
            1,
            "public",
            "large",
            List.of(new SourceTable.Column(1, "id", SourceType.of(23, -1), null)),
            List.of("id"),
            List.of(),
            "{}");

    @TempDir
    Path directory;

    /** @param bytes of each change */
    @ParameterizedTest
    @CsvSource({"100000, 10", "100, 1000000"})
    void what_many_or_large_changes_say_is_in_the_engine_before_their_transaction_ends(int changes, int bytes)
            throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(64L << 20, 1L << 30, 1));
                var session = engine.session("dev");
                var other = engine.session("dev")) {
            new TableAlteration(session).create(TABLE);
            var pending = new PendingChanges(session);
            for (var i = 0; i < changes; i++) {
                var row = new Tuple(List.of(Integer.toString(i)), new BitSet());
                pending.add(TABLE, rows -> rows.insert(row), bytes);
            }
            assertThat(count(session)).isGreaterThan(changes / 2);
            assertThat(count(other)).isZero();
            pending.write();
            session.end(true);
            assertThat(count(other)).isEqualTo(changes);
        }
    }

    private static int count(EngineSession session) throws Exception {
        return Integer.parseInt(
                session.rows("SELECT count(*) FROM public.large").getFirst().getFirst());
    }
}

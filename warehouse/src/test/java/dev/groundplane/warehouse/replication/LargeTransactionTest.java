package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A transaction of the source that is larger than what is kept in memory. */
final class LargeTransactionTest extends ReplicationFixture {
    @Test
    void a_million_rows_come_as_a_whole_with_what_their_transaction_did_to_them() throws Exception {
        source("CREATE TABLE large(id int PRIMARY KEY, n int, note text)");
        follow();
        awaitState("large", "Synced");
        source("""
                BEGIN;
                INSERT INTO large SELECT i, 0, 'made' FROM generate_series(1, 1000000) i;
                UPDATE large SET n = id, note = 'changed' WHERE id % 20 = 0;
                DELETE FROM large WHERE id % 50 = 1;
                COMMIT""");
        var whole = List.of("980000");
        var seen = new HashSet<List<String>>();
        await(() -> {
            var now = target("SELECT count(*) FROM public.large");
            seen.addAll(now);
            assertThat(now).containsExactly(whole);
        });
        assertThat(seen).isSubsetOf(List.of("0"), whole);
        var checksum =
                "SELECT min(id), max(id), md5(string_agg(id || ':' || n || note, ',' ORDER BY id)) FROM public.large";
        assertThat(target(checksum)).isEqualTo(sourceRows(checksum));
    }
}

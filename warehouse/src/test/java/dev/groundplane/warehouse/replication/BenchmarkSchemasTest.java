package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Schemas and transactions that others measure databases with, of several sessions at once. */
final class BenchmarkSchemasTest extends ReplicationFixture {
    private static final int SESSIONS = 4;
    private static final int TRANSACTIONS = 200;

    @Test
    void order_entry_is_equal_in_all_columns() throws Exception {
        source(OrderEntry.TABLES);
        follow();
        var sessions = IntStream.range(0, SESSIONS)
                .<Callable<Void>>mapToObj(this::enterOrders)
                .toList();
        try (var threads = Executors.newFixedThreadPool(SESSIONS)) {
            for (var result : threads.invokeAll(sessions)) {
                result.get();
            }
        }
        for (var table : OrderEntry.KEYS.entrySet()) {
            awaitEqual(table.getKey(), table.getValue());
        }
        // Of all kinds of transactions there were some.
        assertThat(target("SELECT count(*) > 100, count(o_carrier_id) > 10 FROM public.orders"))
                .containsExactly(List.of("true", "true"));
        assertThat(target("SELECT count(*) > 100 FROM public.history")).containsExactly(List.of("true"));
    }

    private Callable<Void> enterOrders(int seed) {
        return () -> {
            var random = new Random(seed);
            try (var connection = newConnection()) {
                for (var left = TRANSACTIONS; left > 0; left--) {
                    try {
                        OrderEntry.transact(connection, random);
                    } catch (SQLException e) { // sessions that waited for each other
                        connection.rollback();
                    }
                }
            }
            return null;
        };
    }

    @Test
    void pgbench_is_equal_but_for_its_table_without_a_key() throws Exception {
        pgbench("--initialize", "--scale=1", "--quiet");
        follow();
        pgbench("--client=" + SESSIONS, "--transactions=" + TRANSACTIONS, "--no-vacuum");
        awaitEqual("pgbench_tellers", "tid"); // each transaction changes one
        awaitEqual("pgbench_branches", "bid");
        awaitEqual("pgbench_accounts", "aid");
        assertThat(target("SELECT table_name, reason FROM groundplane.replicated_table WHERE state = 'Failed'"))
                .containsExactly(List.of("pgbench_history", "it has no primary key"));
    }
}

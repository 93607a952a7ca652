package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.testing.PostgresCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes on one database; here in one JVM, which makes no difference to the database. */
@Timeout(60) // a deadlock fails instead of hanging the build
class PostgresReplicasTest {
    private static final Scope HERE = new Scope("111111111111", "us-east-1");
    private static final ResourceType<String> THING = ResourceType.of("test:thing", value -> value, text -> text);

    private final PostgresCluster cluster = PostgresCluster.shared();
    private final PostgresServer server = new PostgresServer(cluster.schema(), null);
    private final Replica one = new Replica();
    private final Replica two = new Replica();

    private final class Replica implements AutoCloseable {
        final Events events = new Events();
        final Database database = new PostgresDatabase(server, Resources.MIGRATIONS, events);
        final Resources<String> things = new Resources<>(database, events, THING);

        void insert(String name, String value) {
            database.write(tx -> things.insert(tx, HERE, name, value, Map.of()));
        }

        BlockingQueue<ResourceChange> told() {
            BlockingQueue<ResourceChange> told = new LinkedBlockingQueue<>();
            events.subscribe("test:thing", told::add);
            return told;
        }

        @Override
        public void close() {
            database.close();
        }
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void aReadSeesWhatAnotherHasAcknowledged() {
        for (int i = 0; i < 200; i++) {
            String name = "n" + i;
            assertThat(two.things.find(HERE, name)).isEmpty();
            one.insert(name, "red");
            assertThat(two.things.find(HERE, name)).as(name).isPresent();
            assertThat(two.things.list(HERE, "", "", Resources.ALL).items()).hasSize(i + 1);
        }
    }

    @Test
    void transactionsOfAllProcessesAreAlone() throws Exception {
        one.insert("counter", "0");
        List<Replica> writers = List.of(one, two, one, two);
        int each = 50;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
            List<Future<?>> running = new ArrayList<>();
            for (Replica writer : writers) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        writer.database.write(tx -> {
                            Stored<String> counter =
                                    writer.things.find(tx, HERE, "counter").orElseThrow();
                            String next = Integer.toString(Integer.parseInt(counter.value()) + 1);
                            return writer.things.update(tx, counter.with(next));
                        });
                    }
                }));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        }

        assertThat(two.things.find(HERE, "counter").orElseThrow().value())
                .isEqualTo(Integer.toString(writers.size() * each));
    }

    @Test
    void whatOneChangesAllAreToldOnce() throws InterruptedException {
        BlockingQueue<ResourceChange> atOne = one.told();
        BlockingQueue<ResourceChange> atTwo = two.told();
        one.insert("a", "red");
        two.insert("b", "blue");

        for (BlockingQueue<ResourceChange> told : List.of(atOne, atTwo)) {
            // A process is told of its own changes as they are committed, and may hear of another's earlier one after
            // that.
            assertThat(List.of(told.take(), told.take()))
                    .extracting(ResourceChange::name)
                    .containsExactlyInAnyOrder("a", "b");
        }
        one.insert("c", "green"); // whatever was told twice would have come before
        assertThat(atOne.take().name()).isEqualTo("c");
        assertThat(atTwo.take().name()).isEqualTo("c");
    }

    @Test
    void nothingIsToldOfWhatWasUndone() throws InterruptedException {
        BlockingQueue<ResourceChange> atTwo = two.told();
        one.told();
        assertThatThrownBy(() -> one.database.write(tx -> {
                    one.things.insert(tx, HERE, "never", "red", Map.of());
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        one.insert("a", "red");

        assertThat(atTwo.take().name()).isEqualTo("a");
    }

    @Test
    void oneLeadsAndWhenItHasGoneTheOtherDoes() throws InterruptedException {
        CountDownLatch oneLeads = new CountDownLatch(1);
        CountDownLatch twoLeads = new CountDownLatch(1);
        one.database.replicas().whileLeading(oneLeads::countDown);
        two.database.replicas().whileLeading(twoLeads::countDown);
        assertThat(one.database.replicas().alive())
                .containsExactlyInAnyOrder(
                        one.database.replicas().self(), two.database.replicas().self());

        Replica first = awaitLeader();
        Replica second = first == one ? two : one;
        first.close();
        (second == one ? oneLeads : twoLeads).await();

        assertThat(second.database.replicas().leads()).isTrue();
        while (second.database.replicas().alive().size() > 1) {
            Thread.onSpinWait(); // until the server has noticed that the sessions have ended
        }
        assertThat(second.database.replicas().alive())
                .containsExactly(second.database.replicas().self());
    }

    @Test
    void theLeaderHasWorkWhenAnotherHasGone() throws InterruptedException {
        Replica leader = awaitLeader();
        BlockingQueue<Boolean> times = new LinkedBlockingQueue<>();
        leader.database.replicas().whileLeading(() -> times.add(true));
        times.take(); // at once
        Replica other = leader == one ? two : one;
        BlockingQueue<ResourceChange> told = leader.told();
        other.told();
        other.insert("a", "red"); // so that the leader knows of it
        told.take();
        other.close();

        assertThat(times.take()).isTrue();
    }

    private Replica awaitLeader() throws InterruptedException {
        CountDownLatch led = new CountDownLatch(1);
        one.database.replicas().whileLeading(led::countDown);
        two.database.replicas().whileLeading(led::countDown);
        led.await();
        return one.database.replicas().leads() ? one : two;
    }

    @Test
    void aServerThatStartsAgainIsFoundAgain() throws InterruptedException {
        CountDownLatch gap = new CountDownLatch(1);
        two.events.afterGap(gap::countDown);
        one.insert("a", "red");
        cluster.stop();
        assertThatThrownBy(() -> one.insert("b", "red"))
                .isInstanceOfSatisfying(
                        GroundplaneException.class,
                        e -> assertThat(e.kind()).isEqualTo(ErrorKind.INSUFFICIENT_RESOURCES));
        cluster.start();

        one.insert("c", "red");
        assertThat(two.things.find(HERE, "a")).isPresent();
        assertThat(two.things.find(HERE, "b")).isEmpty();
        gap.await();
        BlockingQueue<ResourceChange> told = two.told();
        one.told();
        one.insert("d", "red");
        assertThat(told.take().name()).isEqualTo("d");
    }
}

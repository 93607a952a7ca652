package dev.groundplane.services.parallelcluster;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.CreateClusterResponse;
import dev.groundplane.services.parallelcluster.model.DescribeClusterResponse;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** ParallelCluster over a store of its own; what follows changes takes its steps when the test says so. */
final class SlurmFixture implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Scope SCOPE = new Scope(ACCOUNT, "us-east-1");

    /** Three nodes that are there always, and three more. */
    static final String CONFIGURATION = """
            Image: {Os: alinux2023}
            HeadNode:
              InstanceType: t3.micro
              Networking: {SubnetId: subnet-12345678}
            Scheduling:
              Scheduler: slurm
              SlurmQueues:
                - Name: main
                  Networking: {SubnetIds: [subnet-12345678]}
                  ComputeResources:
                    - {Name: small, InstanceType: c5.large, MinCount: 2, MaxCount: 4}
                    - {Name: big, InstanceType: c5.xlarge, MaxCount: 1}
                - Name: rare
                  Networking: {SubnetIds: [subnet-12345678]}
                  ComputeResources:
                    - {Name: small, InstanceType: m5.large, MinCount: 1, MaxCount: 1}
            """;

    /** A report in which all nodes that are there always are ready. */
    static final String[] READY = {"main-st-small-1 idle", "main-st-small-2 mix", "rare-st-small-1 alloc"};

    final FakeClusters slurm = new FakeClusters();
    final ParallelCluster parallelCluster;
    final ClusterStore store;
    final Database database;
    volatile Instant now = Instant.parse("2026-01-15T12:00:00Z");
    private final ClusterReconciler reconciler;

    SlurmFixture(Path directory) {
        Events events = new Events();
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        parallelCluster = new ParallelCluster(database, events, slurm, () -> now);
        store = new ClusterStore(database, events);
        reconciler = new ClusterReconciler(store, events, slurm, () -> now);
    }

    ParallelClusterApi client() {
        return parallelCluster.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    static CreateClusterRequest request(String name, String configuration) {
        return new CreateClusterRequest(name, configuration, Set.of(), ValidationLevel.ERROR, false, true);
    }

    CreateClusterResponse create(String name) {
        return client().createCluster(request(name, CONFIGURATION));
    }

    /** A cluster that has come up. */
    void createWhole(String name) {
        create(name);
        settle();
        report(name, READY);
        settle();
    }

    /** Takes steps until all clusters are as they are wanted, or wait. */
    void settle() {
        List<?> before;
        do {
            before = store.clusters().all();
            store.clusters().all().forEach(reconciler::step);
        } while (!before.equals(store.clusters().all()));
    }

    /** After how long a cluster is looked at again, if nothing tells before. */
    Optional<Duration> step(String name) {
        return reconciler.step(store.require(SCOPE, name));
    }

    HpcCluster stored(String name) {
        return store.require(SCOPE, name).value();
    }

    DescribeClusterResponse describe(String name) {
        return client().describeCluster(name);
    }

    /** The nodes that there are. */
    Set<String> nodes(String name) {
        return new TreeSet<>(slurm.nodes.getOrDefault(stored(name).id(), Set.of()));
    }

    /** The head node tells these lines. */
    Optional<String> report(String name, String... lines) {
        String id = stored(name).id();
        return parallelCluster.report(id, slurm.secret(id), String.join("\n", lines) + "\n");
    }

    /** @return how the call is refused, to be looked at more closely */
    static ParallelClusterException refused(int status, String message, ThrowingCallable call) {
        ParallelClusterException[] refusal = new ParallelClusterException[1];
        Consumer<ParallelClusterException> keep = e -> refusal[0] = e;
        assertThatExceptionOfType(ParallelClusterException.class)
                .isThrownBy(call)
                .withMessageContaining(message)
                .returns(status, ParallelClusterException::status)
                .satisfies(keep);
        return refusal[0];
    }

    @Override
    public void close() {
        reconciler.close();
        parallelCluster.close();
        database.close();
    }
}

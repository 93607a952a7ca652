package dev.groundplane.server.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.integration.SourceFinding;
import dev.groundplane.services.integration.ZeroEtl;
import dev.groundplane.services.rds.DatabaseServer;
import dev.groundplane.services.rds.DatabaseServers;
import dev.groundplane.services.rds.Rds;
import dev.groundplane.services.redshift.Redshift;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.CopyJobFiles;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import dev.groundplane.services.warehouse.Warehouses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;

/** Ports of warehouses over the ends of control planes. Nobody connects as a client. */
class WarehouseGatewayTest {
    private static final String LOOPBACK = "127.0.0.1";

    @TempDir
    private Path directory;

    /** Workers that run, each by the id of its namespace. */
    private final Set<String> workers = ConcurrentHashMap.newKeySet();

    private Database database;
    private ControlPlane process;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(
                directory.resolve("db"),
                Stream.of(Resources.MIGRATIONS, CopyJobFiles.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList());
        process = new ControlPlane();
    }

    @AfterEach
    void close() {
        process.end();
        database.close();
    }

    /** Nobody asks for a server. */
    private static final class NoServers implements DatabaseServers {
        @Override
        public List<String> versions() {
            return List.of();
        }

        @Override
        public Optional<String> run(DatabaseServer server) {
            return Optional.empty();
        }

        @Override
        public boolean stop(String id) {
            return true;
        }

        @Override
        public void remove(String id) {}

        @Override
        public void copy(String id, Optional<DatabaseServer> running, String copy) {}

        @Override
        public void restore(String copy, String id) {}

        @Override
        public void removeCopy(String copy) {}

        @Override
        public String administratorPassword(String id) {
            return "";
        }
    }

    private static final class NoSources implements IntegrationSources {
        @Override
        public List<SourceFinding> check(DatabaseEndpoint source, String database, String name) {
            return List.of();
        }

        @Override
        public void forget(DatabaseEndpoint source, String database, String name) {}
    }

    /** What ends with a control plane's process. */
    private final class ControlPlane {
        private final Events events = new Events();
        private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-15T12:00:00Z"));
        private final RolePassing passing = (caller, role, principal) -> RolePassing.Verdict.NO_SUCH_ROLE;
        private final WarehouseFoundation foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> true,
                clock);
        private final RedshiftServerless serverless =
                new RedshiftServerless(database, events, LOOPBACK, passing, foundation, clock);
        private final IntegrationStore integrated = new IntegrationStore(database, events);
        private final Redshift redshift = new Redshift(
                database,
                events,
                LOOPBACK,
                passing,
                foundation,
                scope -> {
                    throw new IllegalStateException("no cluster's password is managed");
                },
                integrated,
                (scope, bucket) -> false,
                arn -> false,
                clock);
        private final Rds rds = new Rds(
                database,
                events,
                new NoServers(),
                LOOPBACK,
                foundation.ports(),
                scope -> {
                    throw new IllegalStateException("no cluster's password is managed");
                },
                id -> id,
                arn -> false,
                integrated,
                clock);
        private final WarehouseGateway gateway = new WarehouseGateway(
                new Warehouses(List.of(serverless, redshift), foundation),
                serverless,
                new Backups(database, events, foundation, List.of(serverless.backups(), redshift.backups())),
                scope -> new Tasks(workers),
                Map.of(),
                new ZeroEtl(integrated, events, List.of(rds), new NoSources(), clock).claims(),
                new CopyJobFiles(database),
                new WorkerCommand(directory, directory.resolve("warehouse"), "http://127.0.0.1:1", Optional.empty()),
                LOOPBACK,
                () -> {
                    throw new IllegalStateException("no client comes");
                },
                Duration.ofMinutes(5),
                clock);

        private void end() {
            gateway.close();
            serverless.close();
            foundation.close();
        }

        private String status() {
            return redshift.client(new RootCall(database))
                    .describeClusters(r -> r.clusterIdentifier("risk"))
                    .clusters()
                    .getFirst()
                    .clusterStatus();
        }
    }

    private record Tasks(Set<String> running) implements EcsClient {
        @Override
        public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
            return DescribeClustersResponse.builder()
                    .clusters(Cluster.builder().build())
                    .build();
        }

        @Override
        public ListTasksResponse listTasks(ListTasksRequest request) {
            return ListTasksResponse.builder()
                    .taskArns(running.stream()
                            .filter(worker -> worker.equals(request.startedBy()))
                            .toList())
                    .build();
        }

        @Override
        public StopTaskResponse stopTask(StopTaskRequest request) {
            running.remove(request.task());
            return StopTaskResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static ServerSocket listener(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = listener(0)) {
            return socket.getLocalPort();
        }
    }

    private static void connect(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    private void createCluster(int port) {
        process.redshift
                .client(new RootCall(database))
                .createCluster(r -> r.clusterIdentifier("risk")
                        .nodeType("ra3.large")
                        .masterUsername("boss")
                        .masterUserPassword("Secret1234")
                        .port(port));
    }

    @Test
    void aRebootOutlivesTheProcessThatWasToMakeIt() throws Exception {
        createCluster(freePort());
        process.gateway.start();
        assertThat(process.status()).isEqualTo("available");
        process.end();
        process = new ControlPlane();
        workers.add(process.redshift.warehouses().getFirst().namespaceId());
        process.redshift.client(new RootCall(database)).rebootCluster(r -> r.clusterIdentifier("risk"));
        assertThat(process.status()).as("nobody has taken notice").isEqualTo("rebooting");

        process.end();
        process = new ControlPlane();
        process.gateway.start();

        assertThat(workers).as("workers of the run before").isEmpty();
        assertThat(process.status()).isEqualTo("available");
    }

    @Test
    void aWorkerOfTheSameRunGoesOn() throws Exception {
        createCluster(freePort());
        process.gateway.start();
        workers.add(process.redshift.warehouses().getFirst().namespaceId());
        process.end();

        process = new ControlPlane();
        process.gateway.start();

        assertThat(workers).hasSize(1);
    }

    @Test
    void aPortOfAnotherProgramIsToldOfUntilItIsOpen() throws Exception {
        int port = freePort();
        var client = process.serverless.client(new RootCall(database));
        client.createNamespace(r -> r.namespaceName("risk"));
        client.createWorkgroup(
                r -> r.workgroupName("risk").namespaceName("risk").port(port));
        int other = freePort();
        createCluster(other);

        try (ServerSocket program = listener(port)) {
            process.gateway.start();

            assertThat(process.gateway.closed()).singleElement().satisfies(closed -> {
                assertThat(closed.warehouse().title()).isEqualTo("workgroup risk");
                assertThat(closed.reason()).contains("in use");
            });
            connect(other);
            assertThat(MachinePorts.isFree(LOOPBACK, program.getLocalPort())).isFalse();
        }

        assertThat(MachinePorts.isFree(LOOPBACK, port)).isTrue();
        process.gateway.refresh();
        assertThat(process.gateway.closed()).isEmpty();
        connect(port);
    }
}

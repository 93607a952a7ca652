package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.services.StoredCall;
import dev.groundplane.testing.PostgresCluster;
import dev.groundplane.testing.TestStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ClusterNotFoundException;
import software.amazon.awssdk.services.redshift.model.DescribeClustersRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClustersResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamResponse;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** The Data API over a PostgreSQL server, which stands for the workgroup and the cluster {@code risk}. */
final class DataApi implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Scope SCOPE = new Scope(ACCOUNT, "us-east-1");
    static final Caller ROOT = Caller.root(ACCOUNT, "");
    private static final int PATIENCE_SECONDS = 60;

    final Database database;
    final RedshiftData data;
    volatile Instant now;
    private final Events events = new Events();
    private final LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();

    DataApi(Path directory, long largestResult, Instant now) {
        this.now = now;
        int port = PostgresCluster.shared().port();
        database = TestStore.open(
                directory.resolve("db"),
                Stream.of(Resources.MIGRATIONS, RedshiftData.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList(),
                events);
        data = new RedshiftData(
                database,
                events,
                new PostgresWorkgroup(port),
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                () -> this.now,
                largestResult);
        events.subscribe(StatementStore.STATEMENT, change -> changes.add(change.name()));
    }

    RedshiftDataClient client() {
        return client(ROOT);
    }

    RedshiftDataClient client(Caller caller) {
        return data.client(new StoredCall(database, caller, SCOPE));
    }

    String submit(String sql) {
        return client().executeStatement(r -> r.sql(sql).workgroupName("risk").database("postgres"))
                .id();
    }

    /** Runs a statement to its end. */
    DescribeStatementResponse run(String sql) {
        return end(submit(sql));
    }

    DescribeStatementResponse end(String id) {
        return when(id, StatementStore::hasEnded);
    }

    DescribeStatementResponse started(String id) {
        return when(id, statement -> statement.status() == StatusString.STARTED);
    }

    private DescribeStatementResponse when(String id, Predicate<DescribeStatementResponse> reached) {
        while (true) {
            DescribeStatementResponse is = client().describeStatement(r -> r.id(id));
            if (reached.test(is)) {
                return is;
            }
            try {
                if (changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
                    throw new AssertionError("nothing happens any more to " + is);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        data.close();
        database.close();
    }

    private record PostgresWorkgroup(int port) implements Neighbours {
        @Override
        public RedshiftServerlessClient workgroups(Scope scope) {
            return new Redshift(port);
        }

        @Override
        public RedshiftClient clusters(Scope scope) {
            return new Clusters(port);
        }

        @Override
        public GetClusterCredentialsResponse clusterCredentials(Call call, GetClusterCredentialsRequest request) {
            return GetClusterCredentialsResponse.builder()
                    .dbUser(request.dbUser())
                    .dbPassword("any")
                    .build();
        }

        @Override
        public GetClusterCredentialsWithIamResponse clusterCredentials(
                Call call, GetClusterCredentialsWithIamRequest request) {
            return GetClusterCredentialsWithIamResponse.builder()
                    .dbUser("groundplane")
                    .dbPassword("any")
                    .build();
        }

        @Override
        public GetCredentialsResponse credentials(Call call, GetCredentialsRequest request) {
            return GetCredentialsResponse.builder()
                    .dbUser("groundplane")
                    .dbPassword("any")
                    .build();
        }

        @Override
        public GetSecretValueResponse secret(Call call, GetSecretValueRequest request) {
            String text = request.secretId().equals("good")
                    ? "{\"username\":\"groundplane\",\"password\":\"any\"}"
                    : "no json";
            return GetSecretValueResponse.builder().secretString(text).build();
        }
    }

    private record Clusters(int port) implements RedshiftClient {
        @Override
        public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
            if (!request.clusterIdentifier().equals("risk")) {
                throw ClusterNotFoundException.builder().build();
            }
            return DescribeClustersResponse.builder()
                    .clusters(Cluster.builder()
                            .clusterIdentifier("risk")
                            .endpoint(e -> e.address("127.0.0.1").port(port))
                            .build())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private record Redshift(int port) implements RedshiftServerlessClient {
        @Override
        public GetWorkgroupResponse getWorkgroup(GetWorkgroupRequest request) {
            if (!request.workgroupName().equals("risk")) {
                throw ResourceNotFoundException.builder().build();
            }
            return GetWorkgroupResponse.builder().workgroup(only()).build();
        }

        @Override
        public ListWorkgroupsResponse listWorkgroups(ListWorkgroupsRequest request) {
            return ListWorkgroupsResponse.builder().workgroups(only()).build();
        }

        private Workgroup only() {
            return Workgroup.builder()
                    .workgroupName("risk")
                    .workgroupArn(SCOPE.arn("redshift-serverless", "workgroup/1"))
                    .endpoint(e -> e.address("127.0.0.1").port(port))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}

package dev.groundplane.server.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import software.amazon.awssdk.core.waiters.Waiter;
import software.amazon.awssdk.core.waiters.WaiterAcceptor;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DbClusterAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DescribeIntegrationsResponse;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;
import software.amazon.awssdk.services.rds.waiters.RdsWaiter;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** An Aurora PostgreSQL cluster that the bank trades in, and a database of the warehouse that follows it. */
final class TradingDatabase implements Step {
    /** The database at the source, and the one that follows it. */
    static final String DATABASE = "trading";

    private static final String NAME = "bank-trading";
    private static final String ENGINE = "aurora-postgresql";
    private static final int ATTEMPTS = 600;

    private static final String DESKS = """
            CREATE TABLE IF NOT EXISTS desk (name text PRIMARY KEY, risk_limit numeric(14,2) NOT NULL);
            CREATE TABLE IF NOT EXISTS trade (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, desk text NOT NULL REFERENCES desk, index_name text NOT NULL,
                quantity integer NOT NULL, price double precision NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
            INSERT INTO desk VALUES ('derivatives', 50000), ('equities', 2000000), ('pensions', 5000000) ON CONFLICT DO NOTHING""";

    private final Workspace workspace;
    private final BankWarehouse warehouse;

    TradingDatabase(Workspace workspace, BankWarehouse warehouse) {
        this.workspace = workspace;
        this.warehouse = warehouse;
    }

    @Override
    public String title() {
        return "make a PostgreSQL cluster for the trading desks, which the warehouse follows";
    }

    @Override
    public void run() throws IOException, SQLException {
        try (RdsClient rds = workspace.connection().rds()) {
            makeCluster(rds);
            try (Connection trading = connect(rds);
                    Statement statement = trading.createStatement()) {
                statement.execute(DESKS);
            }
            follow(integrate(rds));
        }
    }

    private static void makeCluster(RdsClient rds) {
        try {
            rds.createDBCluster(b -> b.dbClusterIdentifier(NAME)
                    .engine(ENGINE)
                    .databaseName(DATABASE)
                    .masterUsername("trader")
                    .manageMasterUserPassword(true));
        } catch (DbClusterAlreadyExistsException e) {
            // of an earlier run
        }
        String instance = NAME + "-1";
        try {
            rds.createDBInstance(b -> b.dbInstanceIdentifier(instance)
                    .dbClusterIdentifier(NAME)
                    .engine(ENGINE)
                    .dbInstanceClass("db.t3.medium"));
        } catch (DbInstanceAlreadyExistsException e) {
            // of an earlier run
        }
        try (RdsWaiter waiter = RdsWaiter.builder().client(rds).build()) {
            waiter.waitUntilDBInstanceAvailable(b -> b.dbInstanceIdentifier(instance), TradingDatabase::often);
        }
    }

    private static void often(WaiterOverrideConfiguration.Builder waiting) {
        waiting.maxAttempts(ATTEMPTS)
                .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(200)));
    }

    private static DBCluster cluster(RdsClient rds) {
        return rds.describeDBClusters(b -> b.dbClusterIdentifier(NAME))
                .dbClusters()
                .getFirst();
    }

    /** The integration's id, once it is active. */
    private String integrate(RdsClient rds) {
        String source = cluster(rds).dbClusterArn();
        try {
            rds.createIntegration(b -> b.integrationName(NAME)
                    .sourceArn(source)
                    .targetArn(warehouse.namespace())
                    .dataFilter("include: %s.*.*".formatted(DATABASE)));
        } catch (IntegrationAlreadyExistsException e) {
            // of an earlier run
        }
        Waiter<DescribeIntegrationsResponse> active = Waiter.builder(DescribeIntegrationsResponse.class)
                .addAcceptor(WaiterAcceptor.successOnResponseAcceptor(
                        found -> of(found).status() == IntegrationStatus.ACTIVE))
                .addAcceptor(WaiterAcceptor.errorOnResponseAcceptor(
                        found -> of(found).status() == IntegrationStatus.FAILED,
                        "the integration %s has failed".formatted(NAME)))
                .addAcceptor(WaiterAcceptor.retryOnResponseAcceptor(found -> true))
                .overrideConfiguration(TradingDatabase::often)
                .build();
        active.run(() -> rds.describeIntegrations(b -> {}));
        String arn = of(rds.describeIntegrations(b -> {})).integrationArn();
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    private static Integration of(DescribeIntegrationsResponse found) {
        return found.integrations().stream()
                .filter(integration -> integration.integrationName().equals(NAME))
                .findFirst()
                .orElseThrow();
    }

    private void follow(String integration) throws SQLException {
        try (Connection connection = warehouse.connect();
                PreparedStatement known =
                        connection.prepareStatement("SELECT 1 FROM svv_redshift_databases WHERE database_name = ?");
                Statement statement = connection.createStatement()) {
            known.setString(1, DATABASE);
            try (ResultSet row = known.executeQuery()) {
                if (!row.next()) {
                    statement.execute("CREATE DATABASE %1$s FROM INTEGRATION '%2$s' DATABASE '%1$s'"
                            .formatted(DATABASE, integration));
                }
            }
        }
    }

    /** Lets all users of the warehouse read what it has followed. */
    void share() throws SQLException {
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("GRANT USAGE ON SCHEMA %s.public TO PUBLIC".formatted(DATABASE));
            statement.execute("GRANT SELECT ON ALL TABLES IN SCHEMA %s.public TO PUBLIC".formatted(DATABASE));
        }
    }

    /** A session at the cluster, as its master user, with the password that Secrets Manager keeps. The caller closes it. */
    Connection connect() throws IOException, SQLException {
        try (RdsClient rds = workspace.connection().rds()) {
            return connect(rds);
        }
    }

    private Connection connect(RdsClient rds) throws IOException, SQLException {
        DBCluster cluster = cluster(rds);
        try (SecretsManagerClient secrets = workspace.connection().secretsManager()) {
            JsonNode master = new ObjectMapper()
                    .readTree(secrets.getSecretValue(
                                    b -> b.secretId(cluster.masterUserSecret().secretArn()))
                            .secretString());
            return Sessions.open(
                    cluster.endpoint(),
                    cluster.port(),
                    DATABASE,
                    master.path("username").asText(),
                    master.path("password").asText());
        }
    }
}

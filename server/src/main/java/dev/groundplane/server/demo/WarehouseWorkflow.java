package dev.groundplane.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.redshiftserverless.model.Endpoint;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;

/** Runs Airflow's DAG {@code bank_warehouse}, which loads the market data, and asks for the risk through psql. */
final class WarehouseWorkflow implements Step {
    private static final String LOG = "airflow-warehouse";
    private static final String QUERY =
            "SELECT index_name, value_at_risk, worst_loss, windows FROM value_at_risk ORDER BY value_at_risk";

    private final Workspace workspace;
    private final AirflowSetup airflow;
    private final BankWarehouse warehouse;
    private List<String> table = List.of();

    WarehouseWorkflow(Workspace workspace, AirflowSetup airflow, BankWarehouse warehouse) {
        this.workspace = workspace;
        this.airflow = airflow;
        this.warehouse = warehouse;
    }

    @Override
    public String title() {
        return "run the Airflow DAG bank_warehouse: COPY from S3, then risk by SQL through psql";
    }

    @Override
    public void run() throws IOException, InterruptedException {
        workspace.run(
                LOG,
                airflow.command("dags", "test", "bank_warehouse"),
                Map.of(
                        "AIRFLOW_VAR_RISK_DIRECTORY",
                        workspace.risk().toString(),
                        "AIRFLOW_VAR_MARKET_BUCKET",
                        BankWarehouse.BUCKET,
                        "AIRFLOW_VAR_WAREHOUSE_WORKGROUP",
                        BankWarehouse.WORKGROUP,
                        "AIRFLOW_CONN_WAREHOUSE_LOADER",
                        "{\"conn_type\": \"aws\", \"extra\": {\"role_arn\": \"%s\"}}".formatted(warehouse.role())));
        if (Workspace.isInstalled("psql")) {
            query();
        }
    }

    private void query() throws IOException, InterruptedException {
        GetCredentialsResponse user = warehouse.credentials();
        workspace.run(
                "psql",
                List.of("psql", "-X", "--pset=footer=off", "-c", QUERY, address(user.dbUser())),
                Map.of("PGPASSWORD", user.dbPassword()));
        table = Files.readAllLines(workspace.log("psql")).stream()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private String address(String user) {
        Endpoint endpoint = warehouse.workgroup().endpoint();
        return "host=%s port=%d dbname=%s user=%s"
                .formatted(endpoint.address(), endpoint.port(), BankWarehouse.DATABASE, user);
    }

    /** What psql printed, line by line; where else the figures are if it is not installed. */
    List<String> summary() {
        if (table.isEmpty()) {
            return List.of(
                    "psql is not installed (Debian: postgresql-client); the figures are in " + workspace.log(LOG));
        }
        List<String> lines = new ArrayList<>(List.of("10-day 99% value at risk by SQL, asked through psql"));
        lines.addAll(table);
        return lines;
    }

    /** The command that asks again, with a password of its own. */
    String command() {
        return """
                PGPASSWORD=$(aws redshift-serverless get-credentials --workgroup-name %s --db-name %s \\
                    --query dbPassword --output text) psql '%s' -c 'SELECT * FROM value_at_risk'""".formatted(BankWarehouse.WORKGROUP, BankWarehouse.DATABASE, address("IAM:root"));
    }
}

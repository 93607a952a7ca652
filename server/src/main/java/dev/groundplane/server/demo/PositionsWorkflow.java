package dev.groundplane.server.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs Airflow's DAG {@code bank_positions}, which joins trades of PostgreSQL with market data of S3, and reads its view. */
final class PositionsWorkflow implements Step {
    private static final String QUERY =
            "SELECT desk, value_at_risk::bigint, risk_limit::bigint FROM position_at_risk ORDER BY desk";

    private final Workspace workspace;
    private final AirflowSetup airflow;
    private final BankWarehouse warehouse;
    private final List<String> summary = new ArrayList<>();

    PositionsWorkflow(Workspace workspace, AirflowSetup airflow, BankWarehouse warehouse) {
        this.workspace = workspace;
        this.airflow = airflow;
        this.warehouse = warehouse;
    }

    @Override
    public String title() {
        return "run the Airflow DAG bank_positions: trades of PostgreSQL and files of S3 in one query";
    }

    @Override
    public void run() throws IOException, InterruptedException, SQLException {
        workspace.run(
                "airflow-positions",
                airflow.command("dags", "test", "bank_positions"),
                Map.of("AIRFLOW_VAR_WAREHOUSE_WORKGROUP", BankWarehouse.WORKGROUP));
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet desk = statement.executeQuery(QUERY)) {
            while (desk.next()) {
                summary.add(String.format(
                        Locale.ROOT,
                        "%-11s value at risk %,12d  limit %,12d  %s",
                        desk.getString(1),
                        desk.getLong(2),
                        desk.getLong(3),
                        desk.getLong(2) > desk.getLong(3) ? "BREACHED" : "kept"));
            }
        }
    }

    /** How each desk stands, a line each. */
    List<String> summary() {
        return summary;
    }
}

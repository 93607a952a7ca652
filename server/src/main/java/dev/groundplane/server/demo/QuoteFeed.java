package dev.groundplane.server.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Files of prices that are dropped into S3, and the table that has them by itself. */
final class QuoteFeed implements Step {
    /** The table. */
    static final String TABLE = "quote";

    private static final String JOB = "quotes";
    private static final String PREFIX = "quotes/";

    private final Workspace workspace;
    private final BankWarehouse warehouse;

    QuoteFeed(Workspace workspace, BankWarehouse warehouse) {
        this.workspace = workspace;
        this.warehouse = warehouse;
    }

    @Override
    public String title() {
        return "make a table that has what is dropped into S3 (COPY JOB)";
    }

    @Override
    public void run() throws IOException, SQLException {
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + TABLE
                    + " (number bigint, index_name varchar(10), price double precision, at timestamp)");
            statement.execute("GRANT SELECT ON %s TO PUBLIC".formatted(TABLE));
            if (!isThere(statement)) {
                statement.execute("COPY %s FROM 's3://%s/%s' IAM_ROLE '%s' CSV JOB CREATE %s AUTO ON"
                        .formatted(TABLE, BankWarehouse.BUCKET, PREFIX, warehouse.role(), JOB));
            }
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (ResultSet job =
                statement.executeQuery("SELECT 1 FROM sys_copy_job WHERE job_name = '%s'".formatted(JOB))) {
            return job.next();
        }
    }

    /** Drops a file. The caller closes the client. */
    void drop(S3Client s3, long number, Map<String, Double> prices) {
        StringJoiner lines = new StringJoiner("\n");
        prices.forEach((index, price) -> lines.add("%d,%s,%s,%s".formatted(number, index, price, Instant.now())));
        s3.putObject(
                b -> b.bucket(BankWarehouse.BUCKET).key("%s%d.csv".formatted(PREFIX, number)),
                RequestBody.fromString(lines.toString()));
    }

    /** A client for {@link #drop}. The caller closes it. */
    S3Client client() {
        return workspace.connection().s3();
    }
}

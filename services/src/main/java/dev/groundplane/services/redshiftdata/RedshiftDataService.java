package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
import software.amazon.awssdk.services.redshiftdata.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.CancelStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.CancelStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.DescribeTableRequest;
import software.amazon.awssdk.services.redshiftdata.model.DescribeTableResponse;
import software.amazon.awssdk.services.redshiftdata.model.ExecuteStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.ExecuteStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultRequest;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultResponse;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultV2Request;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultV2Response;
import software.amazon.awssdk.services.redshiftdata.model.ListDatabasesRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListDatabasesResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListSchemasRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListSchemasResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListStatementsRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListStatementsResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListTablesRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListTablesResponse;

/**
 * The Redshift Data API for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/redshift-data/latest/APIReference/Welcome.html">API reference</a>. An operation that changes
 * something may be called once.
 */
public final class RedshiftDataService implements RedshiftDataClient {
    private final Call call;
    private final RedshiftData data;

    RedshiftDataService(Call call, RedshiftData data) {
        this.call = call;
        this.data = data;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public ExecuteStatementResponse executeStatement(ExecuteStatementRequest request) {
        return data.submissions().execute(call, request);
    }

    @Override
    public BatchExecuteStatementResponse batchExecuteStatement(BatchExecuteStatementRequest request) {
        return data.submissions().batch(call, request);
    }

    @Override
    public DescribeStatementResponse describeStatement(DescribeStatementRequest request) {
        return data.statements().describe(call, request);
    }

    @Override
    public CancelStatementResponse cancelStatement(CancelStatementRequest request) {
        return data.statements().cancel(call, request);
    }

    @Override
    public ListStatementsResponse listStatements(ListStatementsRequest request) {
        return data.statements().list(call, request);
    }

    @Override
    public GetStatementResultResponse getStatementResult(GetStatementResultRequest request) {
        return data.results().get(call, request);
    }

    @Override
    public GetStatementResultV2Response getStatementResultV2(GetStatementResultV2Request request) {
        return data.results().getV2(call, request);
    }

    @Override
    public ListDatabasesResponse listDatabases(ListDatabasesRequest request) {
        return data.metadata().databases(call, request);
    }

    @Override
    public ListSchemasResponse listSchemas(ListSchemasRequest request) {
        return data.metadata().schemas(call, request);
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest request) {
        return data.metadata().tables(call, request);
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
        return data.metadata().table(call, request);
    }
}

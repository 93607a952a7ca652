package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.warehouse.sql.Statement;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** PostgreSQL's simple query protocol: a script whose statements commit or fail together, unless it says otherwise. */
final class SimpleQuery {
    private final StatementRunner runner;
    private final TransactionBlock transaction;
    private final MessageOutput output;

    SimpleQuery(StatementRunner runner, TransactionBlock transaction, MessageOutput output) {
        this.runner = runner;
        this.transaction = transaction;
        this.output = output;
    }

    void run(String script) throws IOException, SQLException {
        var statements = Statement.all(script);
        if (statements.isEmpty()) {
            output.emptyQueryResponse();
        }
        for (var statement : statements) {
            if (statements.size() > 1) {
                transaction.beginImplicit();
            }
            run(statement);
        }
        transaction.endImplicit();
    }

    private void run(Statement statement) throws IOException {
        try (var result = runner.run(statement, List.of())) {
            if (result.hasRows()) {
                output.rowDescription(result.columns(), List.of());
                result.writeRows(output, List.of(), 0);
            }
            for (var notice : result.notices()) {
                output.notice(Report.info(notice));
            }
            output.commandComplete(result.tag());
        }
    }
}

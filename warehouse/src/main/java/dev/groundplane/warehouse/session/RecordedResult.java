package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.history.RunningStatement;
import dev.groundplane.warehouse.history.RunningStatement.Status;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result whose statement is over when its rows were written, or nobody wants more of them. For one thread. */
final class RecordedResult implements Result {
    private final Result result;
    private final RunningStatement statement;
    private long bytes;

    RecordedResult(Result result, RunningStatement statement) {
        this.result = result;
        this.statement = statement;
    }

    @Override
    public List<Column> columns() {
        return result.columns();
    }

    @Override
    public boolean hasRows() {
        return result.hasRows();
    }

    @Override
    public boolean writeRows(MessageOutput output, List<Format> formats, int limit) throws IOException {
        var before = output.written();
        try {
            var complete = result.writeRows(output, formats, limit);
            bytes += output.written() - before;
            if (complete) {
                end(Status.SUCCESS, null);
            }
            return complete;
        } catch (SqlFailure e) {
            end(StatementLog.status(e.report()), e.report().message());
            throw e;
        } catch (IOException e) {
            end(Status.FAILED, "the client has gone");
            throw e;
        } catch (RuntimeException e) { // the session's loop tells its client; the statement is over all the same
            end(Status.FAILED, e.toString());
            throw e;
        }
    }

    private void end(Status status, @Nullable String error) {
        statement.ended(status, error, result.rowsWritten(), bytes);
    }

    @Override
    public List<String> notices() {
        return result.notices();
    }

    @Override
    public long rowsWritten() {
        return result.rowsWritten();
    }

    @Override
    public String tag() {
        return result.tag();
    }

    @Override
    public void close() {
        end(Status.SUCCESS, null);
        result.close();
    }
}

package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Format;
import dev.groundplane.warehouse.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement with its parameters' values, and how far it has been carried out. For one thread. */
final class Portal implements AutoCloseable {
    private final Optional<Statement> statement;
    private final List<String> parameters;
    private final List<Format> resultFormats;
    private @Nullable Result result;

    /** @param parameters literals of the engine */
    Portal(Optional<Statement> statement, List<String> parameters, List<Format> resultFormats) {
        this.statement = statement;
        this.parameters = parameters;
        this.resultFormats = resultFormats;
    }

    Optional<Statement> statement() {
        return statement;
    }

    List<String> parameters() {
        return parameters;
    }

    List<Format> resultFormats() {
        return resultFormats;
    }

    /** What it gave so far; null before it was executed. */
    @Nullable
    Result result() {
        return result;
    }

    void executed(Result result) {
        this.result = result;
    }

    @Override
    public void close() {
        if (result != null) {
            result.close();
        }
    }
}

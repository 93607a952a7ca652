package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.function.Functions;
import dev.groundplane.warehouse.function.TextFunction;
import java.sql.SQLException;
import java.util.Collections;
import java.util.function.Function;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBWritableVector;

/** Makes the functions that are written in Java known to the engine. */
final class ScalarFunctions {
    private ScalarFunctions() {}

    static void register(DuckDBConnection connection, Callers callers, BackendSignals signals) throws SQLException {
        for (var function : Functions.ALL) {
            DuckDBFunctions.scalarFunction()
                    .withName(function.name())
                    .withParameters(Collections.nCopies(function.arguments(), DuckDBColumnType.VARCHAR)
                            .toArray(DuckDBColumnType[]::new))
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withVectorizedFunction((input, output) -> apply(function, input, output))
                    .register(connection);
        }
        DuckDBFunctions.scalarFunction()
                .withName("signal_backend")
                .withParameters(DuckDBColumnType.VARCHAR, DuckDBColumnType.INTEGER, DuckDBColumnType.VARCHAR)
                .withReturnType(DuckDBColumnType.INTEGER)
                .withVolatile() // planning it must not do it
                .withVectorizedFunction((input, output) -> send(callers, signals, input, output))
                .register(connection);
        // The engine's function of this name is of numbers alone.
        DuckDBFunctions.scalarFunction()
                .withName("trunc")
                .withParameters(DuckDBColumnType.TIMESTAMP)
                .withReturnType(DuckDBColumnType.DATE)
                .withVectorizedFunction(ScalarFunctions::dates)
                .register(connection);
    }

    /** The functions of all sources. */
    static void register(DuckDBConnection connection, Function<SystemSource, String> values) throws SQLException {
        for (var source : SystemSource.values()) {
            DuckDBFunctions.scalarFunction()
                    .withName(source.function())
                    .withReturnType(DuckDBColumnType.VARCHAR)
                    .withFunction(() -> values.apply(source))
                    .withVolatile() // its value is another one with each query
                    .register(connection);
        }
    }

    private static void send(
            Callers callers, BackendSignals signals, DuckDBDataChunkReader input, DuckDBWritableVector output) {
        for (var row = 0L; row < input.rowCount(); row++) {
            if (input.vector(1).isNull(row) || input.vector(2).isNull(row)) {
                output.setNull(row);
            } else {
                var found = signals.send(
                        BackendSignals.Signal.valueOf(input.vector(0).getString(row)),
                        input.vector(1).getInt(row),
                        callers.require(input.vector(2).getString(row)));
                output.setInt(row, found ? 1 : 0);
            }
        }
    }

    private static void dates(DuckDBDataChunkReader input, DuckDBWritableVector output) {
        var timestamps = input.vector(0);
        for (var row = 0L; row < input.rowCount(); row++) {
            if (timestamps.isNull(row)) {
                output.setNull(row);
            } else {
                output.setDate(row, timestamps.getLocalDateTime(row).toLocalDate());
            }
        }
    }

    private static void apply(TextFunction function, DuckDBDataChunkReader input, DuckDBWritableVector output) {
        for (var row = 0L; row < input.rowCount(); row++) {
            var arguments = new String[function.arguments()];
            var present = true;
            for (var i = 0; i < arguments.length && present; i++) {
                var vector = input.vector(i);
                present = !vector.isNull(row);
                if (present) {
                    arguments[i] = vector.getString(row);
                }
            }
            var result = present ? function.body().apply(arguments) : null;
            if (result == null) {
                output.setNull(row);
            } else {
                output.setString(row, result);
            }
        }
    }
}

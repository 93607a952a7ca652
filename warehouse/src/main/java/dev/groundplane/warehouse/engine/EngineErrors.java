package dev.groundplane.warehouse.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.Report.Severity;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.function.FunctionFailure;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The engine's errors as PostgreSQL's. The engine tells them as JSON, see its setting {@code errors_as_json}. */
public final class EngineErrors {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A constraint that holds values to a column's length. */
    private static final Pattern LENGTH_CHECK =
            Pattern.compile("CHECK\\(\\((strlen|octet_length)\\((rtrim\\()?.* <= (\\d+)\\)\\)");

    private EngineErrors() {}

    /** What a client is told of an engine's error. Its position is left out: it is one in the engine's SQL. */
    public static Report report(SQLException failure) {
        var text = String.valueOf(failure.getMessage());
        if (failure instanceof PlanOutdated) {
            return Report.error(SqlState.FEATURE_NOT_SUPPORTED, text); // as PostgreSQL, and drivers look for it
        }
        var json = text.indexOf('{');
        if (json >= 0) {
            try {
                return report(JSON.readTree(text.substring(json)));
            } catch (JsonProcessingException notJson) {
                return Report.error(SqlState.INTERNAL_ERROR, text);
            }
        }
        return text.contains("INTERRUPT")
                ? Report.error(SqlState.QUERY_CANCELED, "Query cancelled on user's request")
                : Report.error(stateOfText(text), text);
    }

    /**
     * Whether the engine lets nobody use a database any more until it is opened again: it could not write the file after it had
     * written its log, for want of room as an example.
     */
    public static boolean isUnusable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException
                    && String.valueOf(cause.getMessage()).contains("has been invalidated")) {
                return true;
            }
        }
        return false;
    }

    private static Report report(JsonNode error) {
        var type = error.path("exception_type").asText();
        var message = error.path("exception_message").asText();
        var lines = message.split("\n", 2);
        var ofFunction = FunctionFailure.sqlState(lines[0]);
        if (ofFunction != null) {
            return Report.error(ofFunction, FunctionFailure.message(lines[0]));
        }
        var state = state(
                type, error.path("error_subtype").asText(), error.path("type").asText(), message);
        if (state.equals(SqlState.QUERY_CANCELED)) {
            return Report.error(state, "Query cancelled on user's request");
        }
        return new Report(Severity.ERROR, state, message(state, lines[0], error), null, hint(lines), 0);
    }

    private static @Nullable String hint(String[] lines) {
        return lines.length == 1 ? null : lines[1].strip();
    }

    /** PostgreSQL's words where clients look at them. */
    private static String message(String state, String message, JsonNode error) {
        var name = error.path("name").asText();
        return switch (state) {
            case SqlState.UNDEFINED_TABLE -> "relation \"%s\" does not exist".formatted(name);
            case SqlState.UNDEFINED_COLUMN -> "column \"%s\" does not exist".formatted(name);
            case SqlState.DIVISION_BY_ZERO -> "division by zero";
            case SqlState.STRING_DATA_RIGHT_TRUNCATION -> tooLong(message);
            default -> message;
        };
    }

    /** In Redshift's words. The constraint has the form that a column's type gives it. */
    private static String tooLong(String message) {
        var check = LENGTH_CHECK.matcher(message);
        if (!check.find()) {
            return message;
        }
        var type = check.group(1).equals("octet_length")
                ? "binary varying"
                : check.group(2) == null ? "character varying" : "character";
        return "value too long for type %s(%s)".formatted(type, check.group(3));
    }

    private static String state(String type, String subtype, String object, String message) {
        return switch (type) {
            case "Parser", "Syntax" -> SqlState.SYNTAX_ERROR;
            case "Catalog" -> catalog(subtype, object, message);
            case "Binder" -> binder(subtype, message);
            case "Conversion" ->
                message.contains("date") || message.contains("timestamp")
                        ? SqlState.INVALID_DATETIME_FORMAT
                        : SqlState.INVALID_TEXT_REPRESENTATION;
            case "Out of Range" -> SqlState.NUMERIC_VALUE_OUT_OF_RANGE;
            case "Divide by Zero" -> SqlState.DIVISION_BY_ZERO;
            case "Constraint" -> constraint(message);
            case "Not implemented" -> SqlState.FEATURE_NOT_SUPPORTED;
            case "TransactionContext" -> transaction(message);
            case "Out of Memory" -> SqlState.OUT_OF_MEMORY;
            case "INTERRUPT", "Interrupt" -> SqlState.QUERY_CANCELED;
            case "Data Corruption" -> SqlState.DATA_CORRUPTED;
            case "Permission" -> SqlState.INSUFFICIENT_PRIVILEGE;
            case "Invalid Input", "Invalid" -> stateOfText(message);
            default -> SqlState.INTERNAL_ERROR;
        };
    }

    private static String stateOfText(String message) {
        return message.contains("Division by zero") ? SqlState.DIVISION_BY_ZERO : SqlState.DATA_EXCEPTION;
    }

    private static String catalog(String subtype, String object, String message) {
        if (message.endsWith("is not an table")) {
            return SqlState.WRONG_OBJECT_TYPE;
        }
        var missing = subtype.equals("MISSING_ENTRY") || message.contains("does not exist");
        return switch (object.toLowerCase(Locale.ROOT)) {
            case "table", "view" -> missing ? SqlState.UNDEFINED_TABLE : SqlState.DUPLICATE_TABLE;
            case "schema" -> missing ? SqlState.INVALID_SCHEMA_NAME : SqlState.DUPLICATE_SCHEMA;
            case "scalar function", "aggregate function", "table function", "macro function" ->
                SqlState.UNDEFINED_FUNCTION;
            default ->
                message.contains("already exists") && message.startsWith("Schema")
                        ? SqlState.DUPLICATE_SCHEMA
                        : message.contains("already exists") ? SqlState.DUPLICATE_TABLE : SqlState.UNDEFINED_OBJECT;
        };
    }

    private static String binder(String subtype, String message) {
        if (message.startsWith("Can only ") && message.endsWith(" base table")) {
            return SqlState.WRONG_OBJECT_TYPE;
        }
        if (subtype.equals("COLUMN_NOT_FOUND") || message.contains("not found in FROM clause")) {
            return SqlState.UNDEFINED_COLUMN;
        }
        if (subtype.equals("NO_MATCHING_FUNCTION")) {
            return SqlState.UNDEFINED_FUNCTION;
        }
        if (message.contains("GROUP BY")) {
            return SqlState.GROUPING_ERROR;
        }
        return message.startsWith("Ambiguous") ? SqlState.AMBIGUOUS_COLUMN : SqlState.DATATYPE_MISMATCH;
    }

    private static String constraint(String message) {
        if (message.startsWith("NOT NULL")) {
            return SqlState.NOT_NULL_VIOLATION;
        }
        if (LENGTH_CHECK.matcher(message).find()) {
            return SqlState.STRING_DATA_RIGHT_TRUNCATION;
        }
        return message.contains("UNIQUE") ? SqlState.UNIQUE_VIOLATION : SqlState.INTEGRITY_CONSTRAINT_VIOLATION;
    }

    private static String transaction(String message) {
        if (message.contains("aborted")) {
            return SqlState.IN_FAILED_TRANSACTION;
        }
        return message.contains("Conflict") || message.contains("conflict")
                ? SqlState.SERIALIZATION_FAILURE
                : SqlState.ACTIVE_TRANSACTION;
    }
}

package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshiftdata.model.ColumnMetadata;
import software.amazon.awssdk.services.redshiftdata.model.DatabaseConnectionException;
import software.amazon.awssdk.services.redshiftdata.model.DescribeTableRequest;
import software.amazon.awssdk.services.redshiftdata.model.DescribeTableResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListDatabasesRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListDatabasesResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListSchemasRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListSchemasResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListTablesRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListTablesResponse;
import software.amazon.awssdk.services.redshiftdata.model.QueryTimeoutException;
import software.amazon.awssdk.services.redshiftdata.model.TableMember;

/** What is in databases, asked of Redshift's system views while the caller waits. Thread-safe. */
final class Metadata {
    private static final int LARGEST_PAGE = 1000;
    private static final int PATIENCE_SECONDS = 60;
    private static final String EVERYTHING = "%";

    private static final String DATABASES = """
            SELECT database_name FROM svv_redshift_databases WHERE database_name > ? ORDER BY database_name""";
    private static final String SCHEMAS = """
            SELECT schema_name FROM svv_all_schemas WHERE database_name = ? AND schema_name LIKE ? AND schema_name > ?
            ORDER BY schema_name""";
    private static final String TABLES = """
            SELECT schema_name, table_name, table_type FROM svv_all_tables
            WHERE database_name = ? AND schema_name LIKE ? AND table_name LIKE ?
            AND (schema_name > ? OR (schema_name = ? AND table_name > ?)) ORDER BY schema_name, table_name""";
    private static final String COLUMNS = """
            SELECT schema_name, table_name, column_name, data_type, is_nullable, column_default,
            character_maximum_length, numeric_precision, numeric_scale, ordinal_position FROM svv_all_columns
            WHERE database_name = ? AND (? = '' OR schema_name = ?) AND (? = '' OR table_name = ?)
            AND (schema_name > ? OR (schema_name = ? AND (table_name > ? OR (table_name = ? AND ordinal_position > ?))))
            ORDER BY schema_name, table_name, ordinal_position""";

    private final Targets targets;

    Metadata(Targets targets) {
        this.targets = targets;
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** @param more whether there are further ones */
    private record Part<T>(List<T> items, boolean more) {
        T last() {
            return items.getLast();
        }
    }

    ListDatabasesResponse databases(Call call, ListDatabasesRequest request) {
        String[] after = Rules.after(request.nextToken(), 1);
        int size = Rules.pageSize(request.maxResults(), LARGEST_PAGE);
        Part<String> found = ask(call, request, request.database(), size, row -> row.getString(1), DATABASES, after[0]);
        return ListDatabasesResponse.builder()
                .databases(found.items())
                .nextToken(found.more() ? Rules.token(found.last()) : null)
                .build();
    }

    ListSchemasResponse schemas(Call call, ListSchemasRequest request) {
        String[] after = Rules.after(request.nextToken(), 1);
        int size = Rules.pageSize(request.maxResults(), LARGEST_PAGE);
        Part<String> found = ask(
                call,
                request,
                connected(request.connectedDatabase(), request.database()),
                size,
                row -> row.getString(1),
                SCHEMAS,
                request.database(),
                pattern(request.schemaPattern()),
                after[0]);
        return ListSchemasResponse.builder()
                .schemas(found.items())
                .nextToken(found.more() ? Rules.token(found.last()) : null)
                .build();
    }

    ListTablesResponse tables(Call call, ListTablesRequest request) {
        String[] after = Rules.after(request.nextToken(), 2);
        int size = Rules.pageSize(request.maxResults(), LARGEST_PAGE);
        Part<TableMember> found = ask(
                call,
                request,
                connected(request.connectedDatabase(), request.database()),
                size,
                row -> TableMember.builder()
                        .schema(row.getString(1))
                        .name(row.getString(2))
                        .type(type(row.getString(3)))
                        .build(),
                TABLES,
                request.database(),
                pattern(request.schemaPattern()),
                pattern(request.tablePattern()),
                after[0],
                after[0],
                after[1]);
        return ListTablesResponse.builder()
                .tables(found.items())
                .nextToken(
                        found.more()
                                ? Rules.token(
                                        found.last().schema(), found.last().name())
                                : null)
                .build();
    }

    /** As AWS calls them. */
    private static String type(String type) {
        return type.equals("TEMPORARY TABLE") ? "LOCAL TEMPORARY" : type;
    }

    /** @param position of a column in its table */
    private record Described(ColumnMetadata column, int position) {}

    DescribeTableResponse table(Call call, DescribeTableRequest request) {
        String[] after = Rules.after(request.nextToken(), 3);
        int size = Rules.pageSize(request.maxResults(), LARGEST_PAGE);
        if (!after[2].isEmpty() && !after[2].matches("\\d{1,9}")) {
            throw Rules.unknownToken(request.nextToken());
        }
        int position = after[2].isEmpty() ? 0 : Integer.parseInt(after[2]);
        String schema = Objects.requireNonNullElse(request.schema(), "");
        String table = Objects.requireNonNullElse(request.table(), "");
        Part<Described> found = ask(
                call,
                request,
                connected(request.connectedDatabase(), request.database()),
                size,
                Metadata::described,
                COLUMNS,
                request.database(),
                schema,
                schema,
                table,
                table,
                after[0],
                after[0],
                after[1],
                after[1],
                position);
        return DescribeTableResponse.builder()
                .tableName(request.table())
                .columnList(found.items().stream().map(Described::column).toList())
                .nextToken(found.more() ? token(found.last()) : null)
                .build();
    }

    private static String token(Described last) {
        return Rules.token(last.column().schemaName(), last.column().tableName(), Integer.toString(last.position()));
    }

    private static Described described(ResultSet row) throws SQLException {
        String type = row.getString(4).toLowerCase(Locale.ROOT);
        int length = row.getInt(7);
        ColumnMetadata column = ColumnMetadata.builder()
                .schemaName(row.getString(1))
                .tableName(row.getString(2))
                .name(row.getString(3))
                .label(row.getString(3))
                .typeName(shortName(type))
                .nullable(row.getString(5).equals("NO") ? 0 : 1)
                .columnDefault(row.getString(6))
                .length(length)
                .precision(length > 0 ? length : row.getInt(8))
                .scale(row.getInt(9))
                .isCaseSensitive(length > 0)
                .isCurrency(false)
                .isSigned(length == 0 && row.getInt(8) > 0)
                .build();
        return new Described(column, row.getInt(10));
    }

    /** The name that results have for a type, too. */
    private static String shortName(String type) {
        return switch (type) {
            case "boolean" -> "bool";
            case "smallint" -> "int2";
            case "integer" -> "int4";
            case "bigint" -> "int8";
            case "real" -> "float4";
            case "double precision" -> "float8";
            case "character" -> "bpchar";
            case "character varying" -> "varchar";
            case "binary varying" -> "varbyte";
            case "time without time zone" -> "time";
            case "time with time zone" -> "timetz";
            case "timestamp without time zone" -> "timestamp";
            case "timestamp with time zone" -> "timestamptz";
            default -> type;
        };
    }

    private static String pattern(@Nullable String pattern) {
        return pattern == null || pattern.isEmpty() ? EVERYTHING : pattern;
    }

    private static @Nullable String connected(@Nullable String connected, @Nullable String database) {
        return connected == null || connected.isEmpty() ? database : connected;
    }

    private <T> Part<T> ask(
            Call call,
            SdkPojo request,
            @Nullable String database,
            int size,
            Row<T> item,
            String query,
            @Nullable Object... values) {
        Target target = targets.of(call, request, database);
        try (Connection connection = WarehouseConnection.open(target);
                PreparedStatement select = connection.prepareStatement(query)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setMaxRows(size + 1);
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            List<T> items = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    items.add(item.of(rows));
                }
            }
            return items.size() > size ? new Part<>(items.subList(0, size), true) : new Part<>(items, false);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Nobody who answers is the service's fault, a database or a user that is not there the caller's. */
    private static RuntimeException failure(SQLException cause) {
        String state = Objects.requireNonNullElse(cause.getSQLState(), "");
        String message = String.valueOf(cause.getMessage());
        if (state.equals(Running.CANCELLED)) {
            return QueryTimeoutException.builder().message(message).cause(cause).build();
        }
        return state.startsWith("08") || state.startsWith("57")
                ? DatabaseConnectionException.builder()
                        .message(message)
                        .cause(cause)
                        .build()
                : DataErrors.invalid("%s", message);
    }
}

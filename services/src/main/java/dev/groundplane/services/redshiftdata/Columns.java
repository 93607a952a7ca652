package dev.groundplane.services.redshiftdata;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.redshiftdata.model.ColumnMetadata;
import software.amazon.awssdk.services.redshiftdata.model.Field;

/** What the columns of a result are to the Data API's clients. Source: its reference, ColumnMetadata and Field. */
final class Columns {
    private static final Set<String> WHOLE = Set.of("int2", "int4", "int8", "oid");
    private static final Set<String> FLOATING = Set.of("float4", "float8");
    private static final Set<String> TEXT = Set.of("varchar", "bpchar", "text", "name", "super");
    private static final String NUMERIC = "numeric";

    private Columns() {}

    static List<ColumnMetadata> of(ResultSetMetaData described) throws SQLException {
        List<ColumnMetadata> columns = new ArrayList<>();
        for (int i = 1; i <= described.getColumnCount(); i++) {
            String type = described.getColumnTypeName(i);
            columns.add(ColumnMetadata.builder()
                    .name(described.getColumnLabel(i))
                    .label(described.getColumnLabel(i))
                    .typeName(type)
                    .precision(described.getPrecision(i))
                    .scale(described.getScale(i))
                    .isSigned(WHOLE.contains(type) || FLOATING.contains(type) || type.equals(NUMERIC))
                    .isCaseSensitive(TEXT.contains(type))
                    .isCurrency(false)
                    // Results do not tell of which table's columns they are made.
                    .nullable(ResultSetMetaData.columnNullable)
                    .schemaName("")
                    .tableName("")
                    .length(0)
                    .build());
        }
        return columns;
    }

    /** @param text the value as the warehouse writes it; null for NULL */
    static Field field(String type, @Nullable String text) {
        if (text == null) {
            return Field.fromIsNull(true);
        }
        if (WHOLE.contains(type)) {
            return Field.fromLongValue(Long.parseLong(text));
        }
        if (FLOATING.contains(type)) {
            return Field.fromDoubleValue(Double.parseDouble(text));
        }
        return switch (type) {
            case "bool" -> Field.fromBooleanValue(text.equals("t"));
            case "varbyte", "bytea" -> Field.fromBlobValue(SdkBytes.fromByteArray(bytes(text)));
            default -> Field.fromStringValue(text);
        };
    }

    private static byte[] bytes(String text) {
        return HexFormat.of().parseHex(text.startsWith("\\x") ? text.substring(2) : text);
    }
}

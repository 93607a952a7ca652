package dev.groundplane.services.redshiftdata;

import dev.groundplane.wire.WireForm;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftdata.model.ColumnMetadata;
import software.amazon.awssdk.services.redshiftdata.model.Field;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultResponse;
import software.amazon.awssdk.services.redshiftdata.model.ResultFormatString;

/** How rows are written into the pages of a result. Belongs to one result; not thread-safe. */
interface PageFormat {
    /** Adds a row; null stands for NULL. */
    void add(@Nullable String[] row);

    /** The page of all rows since the last one. */
    String page();

    static PageFormat of(ResultFormatString format, List<ColumnMetadata> columns) {
        return format == ResultFormatString.CSV ? new Csv() : new Json(columns);
    }

    /** Records of fields, in the form of a response of GetStatementResult. */
    final class Json implements PageFormat {
        static final WireForm<GetStatementResultResponse> FORM =
                WireForm.of(GetStatementResultResponse.class, GetStatementResultResponse::builder);

        private final List<ColumnMetadata> columns;
        private List<List<Field>> records = new ArrayList<>();

        private Json(List<ColumnMetadata> columns) {
            this.columns = columns;
        }

        @Override
        public void add(@Nullable String[] row) {
            List<Field> fields = new ArrayList<>(row.length);
            for (int i = 0; i < row.length; i++) {
                fields.add(Columns.field(columns.get(i).typeName(), row[i]));
            }
            records.add(fields);
        }

        @Override
        public String page() {
            String page = FORM.encode(
                    GetStatementResultResponse.builder().records(records).build());
            records = new ArrayList<>();
            return page;
        }
    }

    /** RFC 4180. NULL is nothing, empty text is a pair of quotes. */
    final class Csv implements PageFormat {
        private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");

        private StringBuilder lines = new StringBuilder();

        private Csv() {}

        @Override
        public void add(@Nullable String[] row) {
            for (int i = 0; i < row.length; i++) {
                lines.append(i == 0 ? "" : ",").append(value(row[i]));
            }
            lines.append("\r\n");
        }

        private static String value(@Nullable String value) {
            if (value == null) {
                return "";
            }
            return value.isEmpty() || QUOTED.matcher(value).find() ? '"' + value.replace("\"", "\"\"") + '"' : value;
        }

        @Override
        public String page() {
            String page = lines.toString();
            lines = new StringBuilder();
            return page;
        }
    }
}

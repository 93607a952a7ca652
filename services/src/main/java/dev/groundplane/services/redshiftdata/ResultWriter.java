package dev.groundplane.services.redshiftdata;

import dev.groundplane.services.redshiftdata.ResultPages.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftdata.model.ColumnMetadata;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultResponse;
import software.amazon.awssdk.services.redshiftdata.model.ResultFormatString;

/** Stores results page by page while they come, so that no more than a page is in memory. Thread-safe. */
final class ResultWriter {
    /** SQLSTATE program_limit_exceeded. */
    private static final String TOO_LARGE = "54000";

    private static final int PAGE_CHARACTERS = 1024 * 1024;
    private static final int PAGE_ROWS = 10_000;
    private static final int LONGEST_ROW = 64 * 1024;
    /** As Redshift, after compression. */
    static final long LARGEST_RESULT = 500L * 1024 * 1024;

    private final ResultPages pages;
    private final long largest;

    /** @param largest bytes that a result may take */
    ResultWriter(ResultPages pages, long largest) {
        this.pages = pages;
        this.largest = largest;
    }

    /** @param bytes what the rows' text takes, uncompressed */
    record Written(long rows, long bytes) {}

    /** @throws SQLException also when the result is too large */
    Written write(Place place, ResultFormatString format, ResultSet rows) throws SQLException {
        List<ColumnMetadata> columns = Columns.of(rows.getMetaData());
        PageFormat page = PageFormat.of(format, columns);
        @Nullable String[] row = new @Nullable String[columns.size()];
        long stored = pages.write(
                place,
                0,
                PageFormat.Json.FORM.encode(GetStatementResultResponse.builder()
                        .columnMetadata(columns)
                        .build()));
        int number = 1;
        long rowCount = 0;
        long bytes = 0;
        int inPage = 0;
        int characters = 0;
        while (rows.next()) {
            int length = read(rows, row);
            page.add(row);
            rowCount++;
            bytes += length;
            characters += length;
            inPage++;
            if (characters >= PAGE_CHARACTERS || inPage == PAGE_ROWS) {
                stored += pages.write(place, number++, page.page());
                checkSize(stored);
                inPage = 0;
                characters = 0;
            }
        }
        if (inPage > 0) {
            checkSize(stored + pages.write(place, number, page.page()));
        }
        return new Written(rowCount, bytes);
    }

    private static int read(ResultSet rows, @Nullable String[] row) throws SQLException {
        int length = 0;
        for (int i = 0; i < row.length; i++) {
            String value = rows.getString(i + 1);
            row[i] = value;
            length += value == null ? 0 : value.length();
        }
        if (length > LONGEST_ROW) {
            throw new SQLException(
                    "Packet for query is too large: a row has %d characters, more than %d."
                            .formatted(length, LONGEST_ROW),
                    TOO_LARGE);
        }
        return length;
    }

    private void checkSize(long stored) throws SQLException {
        if (stored > largest) {
            throw new SQLException(
                    "Database response exceeded size limit: more than %d bytes; use LIMIT, or UNLOAD."
                            .formatted(largest),
                    TOO_LARGE);
        }
    }
}

package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.services.redshiftdata.ResultPages.Place;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultRequest;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultResponse;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultV2Request;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultV2Response;
import software.amazon.awssdk.services.redshiftdata.model.QueryRecords;
import software.amazon.awssdk.services.redshiftdata.model.ResultFormatString;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftdata.model.SubStatementData;

/** Gives out stored results a page at a time. Thread-safe. */
final class Results {
    private final Statements statements;
    private final ResultPages pages;

    Results(Statements statements, ResultPages pages) {
        this.statements = statements;
        this.pages = pages;
    }

    /** @param next the page's token; null for the last one */
    private record Found(
            GetStatementResultResponse head,
            String content,
            long rows,
            @Nullable String next) {}

    GetStatementResultResponse get(Call call, GetStatementResultRequest request) {
        Found found = find(call, request.id(), request.nextToken(), ResultFormatString.JSON);
        GetStatementResultResponse.Builder answer = found.content().isEmpty()
                ? GetStatementResultResponse.builder().records(List.of())
                : PageFormat.Json.FORM.decode(found.content()).toBuilder();
        return answer.columnMetadata(found.head().columnMetadata())
                .totalNumRows(found.rows())
                .nextToken(found.next())
                .build();
    }

    GetStatementResultV2Response getV2(Call call, GetStatementResultV2Request request) {
        Found found = find(call, request.id(), request.nextToken(), ResultFormatString.CSV);
        return GetStatementResultV2Response.builder()
                .records(QueryRecords.fromCsvRecords(found.content()))
                .columnMetadata(found.head().columnMetadata())
                .resultFormat(ResultFormatString.CSV)
                .totalNumRows(found.rows())
                .nextToken(found.next())
                .build();
    }

    private Found find(Call call, @Nullable String id, @Nullable String token, ResultFormatString format) {
        DescribeStatementResponse whole = statements.require(call, id).value();
        String given = Rules.statementId(id);
        int part = Statements.part(given);
        Optional<SubStatementData> one =
                part == 0 ? Optional.empty() : Optional.of(whole.subStatements().get(part - 1));
        boolean hasResult =
                one.map(SubStatementData::hasResultSet).orElse(whole.hasResultSet() && !whole.hasSubStatements());
        if (whole.status() != StatusString.FINISHED || !hasResult) {
            throw DataErrors.missing(
                    "Query does not have result. Please check query status with DescribeStatement.", given);
        }
        if (whole.resultFormat() != format) {
            throw DataErrors.invalid(
                    "The result of %s has the format %s; ask for it with %s.",
                    given,
                    whole.resultFormatAsString(),
                    format == ResultFormatString.CSV ? "GetStatementResult" : "GetStatementResultV2");
        }
        Place place = new Place(whole.id(), part);
        int number = number(token);
        Optional<String> content = pages.read(place, number);
        if (content.isEmpty() && number > 1) {
            throw Rules.unknownToken(String.valueOf(token));
        }
        boolean more = content.isPresent() && pages.has(place, number + 1);
        return new Found(
                PageFormat.Json.FORM.decode(
                        pages.read(place, 0).orElseThrow(() -> DataErrors.missing("The result is gone.", given))),
                content.orElse(""),
                one.map(SubStatementData::resultRows).orElse(whole.resultRows()),
                more ? Rules.token(Integer.toString(number + 1)) : null);
    }

    private static int number(@Nullable String token) {
        String text = Rules.after(token, 1)[0];
        if (text.isEmpty()) {
            return 1;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw Rules.unknownToken(String.valueOf(token));
        }
        return Integer.parseInt(text);
    }
}

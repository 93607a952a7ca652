package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftdata.model.CancelStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.CancelStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.ListStatementsRequest;
import software.amazon.awssdk.services.redshiftdata.model.ListStatementsResponse;
import software.amazon.awssdk.services.redshiftdata.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftdata.model.StatementData;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftdata.model.SubStatementData;

/** A caller's own statements: described, listed, cancelled. Thread-safe. */
final class Statements {
    private static final int LARGEST_PAGE = 100;

    private final StatementStore store;
    private final Targets targets;
    private final InstantSource clock;

    Statements(StatementStore store, Targets targets, InstantSource clock) {
        this.store = store;
        this.targets = targets;
        this.clock = clock;
    }

    /** An id without the number of a statement of a batch. */
    static String whole(String id) {
        int colon = id.indexOf(':');
        return colon < 0 ? id : id.substring(0, colon);
    }

    /** Which statement of a batch an id means, from 1; 0 for the whole. */
    static int part(String id) {
        int colon = id.indexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(id.substring(colon + 1));
    }

    /**
     * The caller's own statement.
     *
     * @param id perhaps with the number of one of its statements
     * @throws ResourceNotFoundException when there is none, or it is another identity's
     */
    Stored<DescribeStatementResponse> require(Call call, @Nullable String id) {
        String given = Rules.statementId(id);
        String identity = Owner.of(call.caller()).identity();
        return store.statements()
                .find(call.scope(), whole(given))
                .filter(found -> identity.equals(found.extra().get(StatementStore.OWNER)))
                .filter(found -> part(given) <= found.value().subStatements().size())
                .orElseThrow(() -> DataErrors.notFound(given));
    }

    /** {@code aws:userid} of whoever submitted a statement; empty when there is none. */
    Optional<String> submitter(Scope scope, String id) {
        return store.statements()
                .find(scope, whole(id))
                .map(found -> found.extra().getOrDefault(StatementStore.USER_ID, ""));
    }

    DescribeStatementResponse describe(Call call, DescribeStatementRequest request) {
        DescribeStatementResponse whole = require(call, request.id()).value();
        int part = part(request.id());
        if (part == 0) {
            return whole;
        }
        SubStatementData one = whole.subStatements().get(part - 1);
        return whole.toBuilder()
                .id(one.id())
                .status(one.statusAsString())
                .error(one.error())
                .duration(one.duration())
                .queryString(one.queryString())
                .resultRows(one.resultRows())
                .resultSize(one.resultSize())
                .hasResultSet(one.hasResultSet())
                .updatedAt(one.updatedAt())
                .subStatements((List<SubStatementData>) null)
                .build();
    }

    ListStatementsResponse list(Call call, ListStatementsRequest request) {
        int size = Rules.pageSize(request.maxResults(), LARGEST_PAGE);
        Predicate<Stored<DescribeStatementResponse>> wanted = wanted(call, request);
        String identity = Owner.of(call.caller()).identity();
        String after = Rules.after(request.nextToken(), 1)[0];
        List<StatementData> found = new ArrayList<>();
        boolean more = true;
        while (more && found.size() < size) {
            Page<DescribeStatementResponse> page =
                    store.statements().listByIndex(call.scope(), StatementStore.OWNER, identity, after, LARGEST_PAGE);
            more = page.next().isPresent();
            for (Stored<DescribeStatementResponse> stored : page.items()) {
                if (found.size() == size) {
                    more = true;
                    break;
                }
                after = stored.name();
                if (wanted.test(stored)) {
                    found.add(data(stored));
                }
            }
        }
        return ListStatementsResponse.builder()
                .statements(found)
                .nextToken(more ? Rules.token(after) : null)
                .build();
    }

    private Predicate<Stored<DescribeStatementResponse>> wanted(Call call, ListStatementsRequest request) {
        StatusString status = request.statusAsString() == null
                ? StatusString.FINISHED
                : StatusString.fromValue(request.statusAsString());
        if (status == StatusString.UNKNOWN_TO_SDK_VERSION) {
            throw DataErrors.invalid(
                    "Status '%s' must be one of %s.", request.statusAsString(), StatusString.knownValues());
        }
        if (request.clusterIdentifier() != null && request.workgroupName() != null) {
            throw DataErrors.invalid("Either ClusterIdentifier or WorkgroupName may be given, not both.");
        }
        Optional<Site> site = Optional.ofNullable(request.workgroupName())
                .map(name -> new Site(false, targets.name(call.scope(), name)))
                .or(() -> Optional.ofNullable(request.clusterIdentifier())
                        .map(name -> new Site(true, name.toLowerCase(Locale.ROOT))));
        String prefix = Rules.statementName(request.statementName());
        Owner caller = Owner.of(call.caller());
        boolean anySession = Objects.requireNonNullElse(request.roleLevel(), true);
        return stored -> (status == StatusString.ALL || status == stored.value().status())
                && stored.extra().getOrDefault(StatementStore.NAME, "").startsWith(prefix)
                && (anySession || caller.userId().equals(stored.extra().get(StatementStore.USER_ID)))
                && (request.database() == null
                        || request.database().equals(stored.value().database()))
                && (site.isEmpty() || site.get().equals(Site.of(stored.value())));
    }

    private static StatementData data(Stored<DescribeStatementResponse> stored) {
        DescribeStatementResponse value = stored.value();
        String name = stored.extra().getOrDefault(StatementStore.NAME, "");
        boolean batch = stored.extra().containsKey(StatementStore.BATCH);
        return StatementData.builder()
                .id(value.id())
                .queryString(value.queryString())
                .queryStrings(
                        batch
                                ? value.subStatements().stream()
                                        .map(SubStatementData::queryString)
                                        .toList()
                                : null)
                .queryParameters(value.hasQueryParameters() ? value.queryParameters() : null)
                .isBatchStatement(batch)
                .secretArn(value.secretArn())
                .status(value.status())
                .statementName(name.isEmpty() ? null : name)
                .resultFormat(value.resultFormat())
                .sessionId(value.sessionId())
                .createdAt(value.createdAt())
                .updatedAt(value.updatedAt())
                .build();
    }

    /**
     * Ends a statement that has not begun; tells one that runs to end, whose status then says what came of it. Either way what it
     * did is undone.
     */
    CancelStatementResponse cancel(Call call, CancelStatementRequest request) {
        String id = require(call, whole(Rules.statementId(request.id()))).name();
        return call.commit(tx -> {
            var changed = store.change(tx, call.scope(), id, this::cancelled);
            if (changed.isEmpty()) {
                throw DataErrors.notFound(id);
            }
            Stored<DescribeStatementResponse> statement = changed.get();
            if (StatementStore.hasEnded(statement.value())
                    && statement.extra().containsKey(StatementStore.BEGINS_SESSION)) {
                store.sessions()
                        .deleteIfPresent(tx, call.scope(), statement.value().sessionId());
            }
            return CancelStatementResponse.builder().status(true).build();
        });
    }

    private Stored<DescribeStatementResponse> cancelled(Stored<DescribeStatementResponse> stored) {
        DescribeStatementResponse value = stored.value();
        if (StatementStore.hasEnded(value)) {
            throw DataErrors.invalid(
                    "Could not cancel a query that is already in %s state with ID: %s",
                    value.statusAsString(), value.id());
        }
        Stored<DescribeStatementResponse> marked = stored.withExtra(StatementStore.CANCELLED, "true");
        if (value.status() != StatusString.SUBMITTED) {
            return marked;
        }
        return StatementStore.ended(
                marked,
                value.toBuilder()
                        .status(StatusString.ABORTED)
                        .subStatements(SubStatements.undone(value.subStatements(), clock.instant()))
                        .updatedAt(clock.instant())
                        .build());
    }
}

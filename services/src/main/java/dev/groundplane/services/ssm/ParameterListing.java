package dev.groundplane.services.ssm;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.DescribeParametersRequest;
import software.amazon.awssdk.services.ssm.model.DescribeParametersResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;

/** Parameters by path and by filters, page by page in order of their names. */
final class ParameterListing {
    private static final int CHUNK = 100;
    private static final int MAX_DESCRIBED = 50;
    private static final int MAX_BY_PATH = 10;

    private final ParameterStore store;
    private final Scope scope;
    private final ParameterReads reads;

    ParameterListing(ParameterStore store, Scope scope, ParameterReads reads) {
        this.store = store;
        this.scope = scope;
        this.reads = reads;
    }

    DescribeParametersResponse describe(DescribeParametersRequest request) {
        ParameterErrors.supported(request, "Filters.*", "ParameterFilters.*", "MaxResults", "NextToken");
        if (!request.filters().isEmpty() && !request.parameterFilters().isEmpty()) {
            throw ParameterErrors.invalid("You can use either Filters or ParameterFilters in a single request.");
        }
        Predicate<Stored<ParameterMetadata>> wanted =
                ParameterFilters.of(request.parameterFilters()).and(ParameterFilters.ofOldForm(request.filters()));
        Page<ParameterMetadata> page =
                page("", wanted, request.nextToken(), ParameterErrors.pageSize(request.maxResults(), MAX_DESCRIBED));
        return DescribeParametersResponse.builder()
                .parameters(page.items().stream().map(Stored::value).toList())
                .nextToken(page.next().orElse(null))
                .build();
    }

    GetParametersByPathResponse byPath(GetParametersByPathRequest request) {
        String path = ParameterName.path(request.path());
        boolean recursive = Boolean.TRUE.equals(request.recursive());
        boolean decrypt = Boolean.TRUE.equals(request.withDecryption());
        Optional<ParameterStringFilter> label = ParameterFilters.checkByPath(request.parameterFilters());
        List<ParameterStringFilter> others = request.parameterFilters().stream()
                .filter(f -> label.isEmpty() || !f.equals(label.get()))
                .toList();
        Predicate<Stored<ParameterMetadata>> wanted = ParameterFilters.of(others)
                .and(p -> ParameterName.isBelow(p.name(), path, recursive))
                .and(p -> label.isEmpty() || labelled(p, label.get()).isPresent());
        Page<ParameterMetadata> page = page(
                path.isEmpty() ? "" : path + "/",
                wanted,
                request.nextToken(),
                ParameterErrors.pageSize(request.maxResults(), MAX_BY_PATH));
        List<Parameter> parameters = page.items().stream()
                .map(p -> label.flatMap(l -> labelled(p, l))
                        .map(version -> reads.parameter(p.value(), version, decrypt))
                        .orElseGet(() -> reads.newest(p, decrypt)))
                .toList();
        return GetParametersByPathResponse.builder()
                .parameters(parameters)
                .nextToken(page.next().orElse(null))
                .build();
    }

    private Optional<Stored<ParameterHistory>> labelled(
            Stored<ParameterMetadata> parameter, ParameterStringFilter label) {
        return label.values().stream()
                .flatMap(value -> reads.labelled(parameter.name(), value).stream())
                .findFirst();
    }

    private Page<ParameterMetadata> page(
            String prefix, Predicate<Stored<ParameterMetadata>> wanted, @Nullable String token, int limit) {
        List<Stored<ParameterMetadata>> found = new ArrayList<>();
        Optional<String> next = Optional.of(Objects.requireNonNullElse(token, ""));
        while (next.isPresent()) {
            Page<ParameterMetadata> chunk = store.parameters().list(scope, prefix, next.get(), CHUNK);
            for (Stored<ParameterMetadata> parameter : chunk.items()) {
                if (wanted.test(parameter)) {
                    if (found.size() == limit) {
                        return new Page<>(found, Optional.of(found.getLast().name()));
                    }
                    found.add(parameter);
                }
            }
            next = chunk.next();
        }
        return new Page<>(found, Optional.empty());
    }
}

package dev.groundplane.services.ssm;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.GetParameterHistoryRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterHistoryResponse;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;

/** Values of parameters by name, version and label. */
final class ParameterReads {
    private static final String SECRETS = "/aws/reference/secretsmanager/";
    private static final int MAX_HISTORY = 50;

    private final ParameterStore store;
    private final Scope scope;

    ParameterReads(ParameterStore store, Scope scope) {
        this.store = store;
        this.scope = scope;
    }

    GetParameterResponse get(GetParameterRequest request) {
        return GetParameterResponse.builder()
                .parameter(read(request.name(), Boolean.TRUE.equals(request.withDecryption())))
                .build();
    }

    /** Those that exist, and the names of the others. */
    GetParametersResponse get(GetParametersRequest request) {
        checkCount(request.names());
        List<Parameter> found = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : new LinkedHashSet<>(request.names())) {
            try {
                found.add(read(name, Boolean.TRUE.equals(request.withDecryption())));
            } catch (ParameterNotFoundException | ParameterVersionNotFoundException e) {
                unknown.add(name);
            }
        }
        return GetParametersResponse.builder()
                .parameters(found)
                .invalidParameters(unknown)
                .build();
    }

    static void checkCount(List<String> names) {
        if (names.isEmpty() || names.size() > ParameterWrites.MAX_NAMES) {
            throw ParameterErrors.invalid(
                    "1 validation error detected: Value '%s' at 'names' failed to satisfy constraint: Member must have"
                            + " length between 1 and %d.",
                    names, ParameterWrites.MAX_NAMES);
        }
    }

    private Parameter read(@Nullable String text, boolean decrypt) {
        ParameterName.Selection selection = ParameterName.selection(scope, text);
        if (selection.name().startsWith(SECRETS)) {
            throw ParameterErrors.invalid(
                    "%s is not implemented by Groundplane; use GetSecretValue of Secrets Manager.", selection.name());
        }
        Stored<ParameterMetadata> parameter =
                store.find(scope, selection.name()).orElseThrow(() -> ParameterErrors.notFound(selection.name()));
        Stored<ParameterHistory> version = version(parameter, selection.selector());
        return parameter(parameter.value(), version, decrypt).toBuilder()
                .selector(selection.selector() == null ? null : ":" + selection.selector())
                .build();
    }

    private Stored<ParameterHistory> version(Stored<ParameterMetadata> parameter, @Nullable String selector) {
        String name = parameter.name();
        if (selector == null || selector.matches("\\d{1,10}")) {
            long number = selector == null ? parameter.value().version() : Long.parseLong(selector);
            return store.versions()
                    .find(scope, ParameterStore.key(name, number))
                    .orElseThrow(() -> ParameterErrors.versionNotFound(Long.toString(number), name));
        }
        return labelled(name, selector).orElseThrow(() -> ParameterErrors.versionNotFound(selector, name));
    }

    /** The version of a parameter that carries a label. */
    Optional<Stored<ParameterHistory>> labelled(String name, String label) {
        return store.versions(scope, name).stream()
                .filter(v -> v.value().labels().contains(label))
                .findFirst();
    }

    /** The newest version, as GetParametersByPath returns it. */
    Parameter newest(Stored<ParameterMetadata> parameter, boolean decrypt) {
        return parameter(parameter.value(), version(parameter, null), decrypt);
    }

    Parameter parameter(ParameterMetadata parameter, Stored<ParameterHistory> version, boolean decrypt) {
        ParameterHistory value = version.value();
        return Parameter.builder()
                .name(value.name())
                .type(value.type())
                .value(value(version, decrypt))
                .version(value.version())
                .lastModifiedDate(value.lastModifiedDate())
                .arn(parameter.arn())
                .dataType(value.dataType())
                .build();
    }

    private String value(Stored<ParameterHistory> version, boolean decrypt) {
        boolean sealed = version.value().type() == ParameterType.SECURE_STRING && !decrypt;
        return sealed ? ParameterStore.ciphertext(version) : store.open(version);
    }

    GetParameterHistoryResponse history(GetParameterHistoryRequest request) {
        String name = ParameterName.selection(scope, request.name()).name();
        Stored<ParameterMetadata> parameter = store.find(scope, name).orElseThrow(() -> ParameterErrors.notFound(name));
        int limit = ParameterErrors.pageSize(request.maxResults(), MAX_HISTORY);
        String after = Objects.requireNonNullElse(request.nextToken(), "");
        if (!after.isEmpty() && !after.startsWith(parameter.name() + ":")) {
            throw ParameterErrors.invalidToken();
        }
        var page = store.versions().list(scope, parameter.name() + ":", after, limit);
        boolean decrypt = Boolean.TRUE.equals(request.withDecryption());
        return GetParameterHistoryResponse.builder()
                .parameters(page.items().stream()
                        .map(v -> v.value().toBuilder()
                                .value(value(v, decrypt))
                                .labels(List.copyOf(v.value().labels()))
                                .build())
                        .toList())
                .nextToken(page.next().orElse(null))
                .build();
    }
}

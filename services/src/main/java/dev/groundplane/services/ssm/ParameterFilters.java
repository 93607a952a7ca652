package dev.groundplane.services.ssm;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterOptionException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterValueException;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParametersFilter;

/**
 * Filters of listings, as the API reference's page of {@code ParameterStringFilter} has them: all must match, each with one
 * of its values.
 */
final class ParameterFilters {
    private static final String TAG = "tag:";
    private static final String LABEL = "Label";
    private static final List<String> KEYS = List.of("Path", "Name", "Type", "KeyId", "Tier", "DataType");
    private static final List<String> KEYS_BY_PATH = List.of("Type", "KeyId", LABEL);
    private static final Map<String, List<String>> OPTIONS =
            Map.of("Path", List.of("Recursive", "OneLevel"), "Name", List.of("BeginsWith", "Equals", "Contains"));
    private static final List<String> PLAIN_OPTIONS = List.of("BeginsWith", "Equals");

    private ParameterFilters() {}

    /** @throws InvalidFilterKeyException and its kin when a filter is not valid */
    static Predicate<Stored<ParameterMetadata>> of(List<ParameterStringFilter> filters) {
        List<String> seen = new ArrayList<>();
        Predicate<Stored<ParameterMetadata>> all = parameter -> true;
        for (ParameterStringFilter filter : filters) {
            String key = String.valueOf(filter.key());
            if (!KEYS.contains(key) && !key.startsWith(TAG)) {
                throw invalidKey(key, KEYS);
            }
            if (seen.contains(key)) {
                throw InvalidFilterKeyException.builder()
                        .message(
                                ("The following filter is duplicated in the request: %s. A request can contain only one"
                                                + " occurrence of a specific filter.")
                                        .formatted(key))
                        .build();
            }
            seen.add(key);
            if (filter.values().isEmpty()) {
                throw InvalidFilterValueException.builder()
                        .message("The following filter values are missing : null for filter key " + key)
                        .build();
            }
            all = all.and(one(key, option(key, filter.option()), filter.values()));
        }
        return all;
    }

    /**
     * Checks the filters of GetParametersByPath.
     *
     * @return the one for labels, which chooses versions and not parameters
     */
    static Optional<ParameterStringFilter> checkByPath(List<ParameterStringFilter> filters) {
        for (ParameterStringFilter filter : filters) {
            if (!KEYS_BY_PATH.contains(String.valueOf(filter.key()))) {
                throw invalidKey(String.valueOf(filter.key()), KEYS_BY_PATH);
            }
        }
        return filters.stream().filter(f -> LABEL.equals(f.key())).findFirst();
    }

    /** The older form: names by their beginning, types and keys by equality. */
    static Predicate<Stored<ParameterMetadata>> ofOldForm(List<ParametersFilter> filters) {
        Predicate<Stored<ParameterMetadata>> all = parameter -> true;
        for (ParametersFilter filter : filters) {
            String key = String.valueOf(filter.keyAsString());
            if (!List.of("Name", "Type", "KeyId").contains(key)) {
                throw invalidKey(key, List.of("Name", "Type", "KeyId"));
            }
            all = all.and(one(key, key.equals("Name") ? "BeginsWith" : "Equals", filter.values()));
        }
        return all;
    }

    private static InvalidFilterKeyException invalidKey(String key, List<String> valid) {
        return InvalidFilterKeyException.builder()
                .message("The following filter key is not valid: %s. Valid filter keys include: %s."
                        .formatted(key, valid))
                .build();
    }

    private static String option(String key, @Nullable String option) {
        List<String> valid = OPTIONS.getOrDefault(key, PLAIN_OPTIONS);
        String chosen = option != null ? option : key.equals("Path") ? "OneLevel" : "Equals";
        if (!valid.contains(chosen)) {
            throw InvalidFilterOptionException.builder()
                    .message("The following filter option is not valid: %s. Valid options include: %s."
                            .formatted(chosen, valid))
                    .build();
        }
        return chosen;
    }

    private static Predicate<Stored<ParameterMetadata>> one(String key, String option, List<String> values) {
        if (key.equals("Path")) {
            List<String> paths = values.stream().map(ParameterName::path).toList();
            boolean recursive = option.equals("Recursive");
            return parameter ->
                    paths.stream().anyMatch(path -> ParameterName.isBelow(parameter.name(), path, recursive));
        }
        return parameter -> attribute(key, parameter)
                .anyMatch(text -> values.stream().anyMatch(value -> switch (option) {
                    case "BeginsWith" -> text.startsWith(value);
                    case "Contains" -> text.contains(value);
                    default -> text.equals(value);
                }));
    }

    private static Stream<String> attribute(String key, Stored<ParameterMetadata> parameter) {
        ParameterMetadata value = parameter.value();
        return switch (key) {
            case "Name" -> Stream.of(value.name());
            case "Type" -> Stream.of(value.typeAsString());
            case "KeyId" -> Stream.ofNullable(value.keyId());
            case "Tier" -> Stream.of(value.tierAsString());
            case "DataType" -> Stream.of(value.dataType());
            default ->
                ParameterTags.of(parameter).stream()
                        .filter(tag -> tag.key().equals(key.substring(TAG.length())))
                        .map(tag -> tag.value());
        };
    }
}

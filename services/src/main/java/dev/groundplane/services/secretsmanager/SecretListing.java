package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SortOrderType;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/**
 * Which secrets a listing names, in order of their creation. Filters as the API reference's page of {@code Filter} has
 * them: several must all match, of a filter's values one must; a value that begins with {@code !} must not match.
 */
final class SecretListing {
    private static final int MAX_FILTERS = 10;
    static final int MAX_PAGE = 100;

    private final SecretStore store;

    SecretListing(SecretStore store) {
        this.store = store;
    }

    /** A part of a listing and the position after which the next one begins. */
    record Part(List<Secret> secrets, Optional<String> next) {}

    ListSecretsResponse list(Scope scope, ListSecretsRequest request) {
        Parameters.supported(request, "MaxResults", "NextToken", "Filters.*", "SortOrder", "IncludePlannedDeletion");
        Part part = select(
                scope,
                request.filters(),
                Boolean.TRUE.equals(request.includePlannedDeletion()),
                descending(request),
                Parameters.position(request.nextToken()),
                Parameters.pageSize(request.maxResults(), MAX_PAGE));
        return ListSecretsResponse.builder()
                .secretList(part.secrets().stream().map(s -> s.stored().value()).toList())
                .nextToken(part.next().map(Parameters::pageToken).orElse(null))
                .build();
    }

    private static boolean descending(ListSecretsRequest request) {
        if (request.sortOrder() == SortOrderType.UNKNOWN_TO_SDK_VERSION) {
            throw Parameters.violation("sortOrder", "Member must satisfy enum value set: [asc, desc]");
        }
        // AWS documents no order without this member.
        return request.sortOrder() == SortOrderType.DESC;
    }

    Part select(Scope scope, List<Filter> filters, boolean withDeleted, boolean descending, String after, int limit) {
        if (filters.size() > MAX_FILTERS) {
            throw Parameters.violation("filters", "Member must have length less than or equal to " + MAX_FILTERS);
        }
        filters.forEach(SecretListing::check);
        Comparator<String> order = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        List<Secret> rest = store.secrets().list(scope, "", "", Resources.ALL).items().stream()
                .map(Secret::new)
                .filter(s -> withDeleted || !s.deleted())
                .filter(s ->
                        filters.stream().allMatch(f -> matches(f, s.stored().value())))
                .filter(s -> after.isEmpty() || order.compare(position(s), after) > 0)
                .sorted(Comparator.comparing(SecretListing::position, order))
                .limit(limit + 1L)
                .toList();
        return rest.size() <= limit
                ? new Part(rest, Optional.empty())
                : new Part(rest.subList(0, limit), Optional.of(position(rest.get(limit - 1))));
    }

    private static String position(Secret secret) {
        return SecretStore.expiry(secret.stored().value().createdDate()) + "/" + secret.name();
    }

    private static void check(Filter filter) {
        if (!ATTRIBUTES.containsKey(String.valueOf(filter.keyAsString())) && !ALL.equals(filter.keyAsString())) {
            throw Parameters.violation(
                    "filters.key",
                    "Member must satisfy enum value set: [all, name, tag-key, description, tag-value, owning-service,"
                            + " primary-region]");
        }
        if (filter.values().isEmpty()) {
            throw SecretErrors.invalidParameter("Invalid filter values for key: %s", filter.keyAsString());
        }
    }

    private static final String ALL = "all";

    /** The texts of a secret that a filter's key looks at. */
    private static final Map<String, Function<SecretListEntry, Stream<@Nullable String>>> ATTRIBUTES = Map.of(
            "name", entry -> Stream.of(entry.name()),
            "description", entry -> Stream.ofNullable(entry.description()),
            "tag-key", entry -> entry.tags().stream().map(Tag::key),
            "tag-value", entry -> entry.tags().stream().map(Tag::value),
            "owning-service", entry -> Stream.ofNullable(entry.owningService()),
            "primary-region", entry -> Stream.ofNullable(entry.primaryRegion()));

    private static boolean matches(Filter filter, SecretListEntry entry) {
        Map<Boolean, List<String>> values =
                filter.values().stream().collect(Collectors.partitioningBy(v -> v.startsWith("!")));
        List<String> wanted = values.getOrDefault(false, List.of());
        return (wanted.isEmpty() || wanted.stream().anyMatch(v -> matches(filter.keyAsString(), v, entry)))
                && values.getOrDefault(true, List.of()).stream()
                        .noneMatch(v -> matches(filter.keyAsString(), v.substring(1), entry));
    }

    private static boolean matches(String key, String value, SecretListEntry entry) {
        if (key.equals(ALL)) {
            return Stream.of(value.split("[^\\p{L}\\p{N}]+"))
                    .filter(word -> !word.isEmpty())
                    .allMatch(word -> ATTRIBUTES.values().stream()
                            .flatMap(attribute -> attribute.apply(entry))
                            .anyMatch(text -> text != null && lower(text).contains(lower(word))));
        }
        boolean anyCase = key.equals("description");
        return ATTRIBUTES
                .getOrDefault(key, e -> Stream.empty())
                .apply(entry)
                .anyMatch(text ->
                        text != null && (anyCase ? lower(text).startsWith(lower(value)) : text.startsWith(value)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}

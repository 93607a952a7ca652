package dev.groundplane.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.RequiredTrait;

/** Finds the operation of a REST service by method, path and the constant query parameters of its URI template. */
final class RestRoutes {
    /**
     * A request's operation and the values of its path labels.
     *
     * @param labels percent-decoded, by label name
     */
    record Match(OperationModel operation, Map<String, String> labels) {}

    private record Route(
            OperationModel operation,
            String method,
            List<String> segments,
            Map<String, String> query,
            Set<String> parameters,
            List<SdkField<?>> required) {
        static Route of(OperationModel operation) {
            String template = operation.binding().requestUri();
            Shape request = Shape.of(operation.newRequestBuilder());
            // A label that the template leaves out may stand in the host name; in the path it comes first (S3's
            // bucket).
            String leading = request.fields().stream()
                    .filter(f -> f.location() == MarshallLocation.PATH)
                    .map(SdkField::locationName)
                    .filter(label -> !template.contains("{" + label))
                    .map(label -> "/{" + label + "}")
                    .collect(Collectors.joining());
            String uri = leading + (leading.isEmpty() || template.length() > 1 ? template : "");
            int mark = uri.indexOf('?');
            return new Route(
                    operation,
                    operation.binding().httpMethod().name(),
                    List.of((mark < 0 ? uri : uri.substring(0, mark))
                            .substring(1)
                            .split("/", -1)),
                    mark < 0 ? Map.of() : constants(uri.substring(mark + 1)),
                    request.fields().stream()
                            .filter(f -> f.location() == MarshallLocation.QUERY_PARAM)
                            .map(SdkField::locationName)
                            .collect(Collectors.toSet()),
                    request.fields().stream()
                            .filter(f -> f.containsTrait(RequiredTrait.class))
                            .filter(f -> f.location() == MarshallLocation.QUERY_PARAM
                                    || f.location() == MarshallLocation.HEADER)
                            .toList());
        }

        /** Whether the request has every parameter without which the operation makes no sense. */
        boolean hasRequired(WireRequest request, Set<String> query) {
            return required.stream()
                    .allMatch(f -> f.location() == MarshallLocation.HEADER
                            ? request.header(f.locationName().toLowerCase(Locale.ROOT))
                                    .isPresent()
                            : query.contains(f.locationName()));
        }

        /** Whether it is about what a request names by a parameter without a value: S3's {@code ?select} is another operation. */
        boolean knowsNames(Map<String, String> query) {
            return query.entrySet().stream()
                    .filter(parameter -> parameter.getValue().isEmpty())
                    .allMatch(parameter ->
                            this.query.containsKey(parameter.getKey()) || parameters.contains(parameter.getKey()));
        }

        long literals() {
            return segments.stream().filter(s -> !s.startsWith("{")).count();
        }
    }

    private final List<Route> routes;

    /** Loads every operation of the service. */
    RestRoutes(ServiceModel service) {
        // More specific first: constant query parameters, then literal segments, then longer paths.
        routes = service.allOperations().stream()
                .map(Route::of)
                .sorted(Comparator.<Route>comparingInt(r -> -r.query().size())
                        .thenComparingInt(r -> -r.required().size())
                        .thenComparingLong(r -> -r.literals())
                        .thenComparingInt(r -> -r.segments().size()))
                .toList();
    }

    Optional<Match> match(WireRequest request) {
        String path = request.rawPath().substring(1);
        Optional<Match> match = match(request, path);
        // A bucket's name may be followed by a slash.
        boolean bucketOnly = path.length() > 1 && path.indexOf('/') == path.length() - 1;
        return match.isEmpty() && bucketOnly ? match(request, path.substring(0, path.length() - 1)) : match;
    }

    /** First with all required parameters, which tell operations of one template apart; else a caller forgot one. */
    private Optional<Match> match(WireRequest request, String path) {
        return match(request, path, true).or(() -> match(request, path, false));
    }

    private Optional<Match> match(WireRequest request, String rawPath, boolean complete) {
        List<String> path = List.of(rawPath.split("/", -1));
        Map<String, String> query = constants(request.rawQuery());
        for (Route route : routes) {
            if (route.method().equals(request.method())
                    && query.entrySet().containsAll(route.query().entrySet())
                    && (complete ? route.hasRequired(request, query.keySet()) : route.knowsNames(query))) {
                Optional<Map<String, String>> labels = labels(route.segments(), path);
                if (labels.isPresent()) {
                    return Optional.of(new Match(route.operation(), labels.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Map<String, String>> labels(List<String> template, List<String> path) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String segment = template.get(i);
            if (segment.endsWith("+}") && i < path.size()) {
                String rest = String.join("/", path.subList(i, path.size()));
                labels.put(segment.substring(1, segment.length() - 2), decode(rest));
                return rest.isEmpty() ? Optional.empty() : Optional.of(labels);
            }
            if (i >= path.size()) {
                return Optional.empty();
            }
            if (segment.startsWith("{")) {
                if (path.get(i).isEmpty()) {
                    return Optional.empty();
                }
                labels.put(segment.substring(1, segment.length() - 1), decode(path.get(i)));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return template.size() == path.size() ? Optional.of(labels) : Optional.empty();
    }

    private static Map<String, String> constants(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                query.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return query;
    }

    /** A plus sign in a path is a plus sign; only query strings use it for a space. */
    static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw WireException.serialization("'" + Excerpt.of(text) + "' in the path is not valid percent-encoding");
        }
    }
}

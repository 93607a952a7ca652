package dev.groundplane.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the operation of a REST service by method, path and the constant query parameters of its URI template. */
final class RestRoutes {
    /**
     * A request's operation and the values of its path labels.
     *
     * @param labels percent-decoded, by label name
     */
    record Match(OperationModel operation, Map<String, String> labels) {}

    private record Route(OperationModel operation, String method, List<String> segments, Map<String, String> query) {
        static Route of(OperationModel operation) {
            String uri = operation.binding().requestUri();
            int mark = uri.indexOf('?');
            return new Route(
                    operation,
                    operation.binding().httpMethod().name(),
                    List.of((mark < 0 ? uri : uri.substring(0, mark))
                            .substring(1)
                            .split("/", -1)),
                    mark < 0 ? Map.of() : constants(uri.substring(mark + 1)));
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
                        .thenComparingLong(r -> -r.literals())
                        .thenComparingInt(r -> -r.segments().size()))
                .toList();
    }

    Optional<Match> match(WireRequest request) {
        List<String> path = List.of(request.rawPath().substring(1).split("/", -1));
        Map<String, String> query = constants(request.rawQuery());
        for (Route route : routes) {
            if (route.method().equals(request.method())
                    && query.entrySet().containsAll(route.query().entrySet())) {
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

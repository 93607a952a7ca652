package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.services.parallelcluster.ParallelClusterException;
import dev.groundplane.wire.WireRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a request of ParallelCluster's REST API asks for: the path's names, the query's parameters, the body's members. Whatever
 * the operation does not take is refused by name. All refusals are {@link ParallelClusterException}s with status 400.
 */
final class ParallelClusterRequest {
    /** Of every operation. */
    static final String REGION = "region";

    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]*");
    private static final int NAME_SEGMENT = 2;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<String> segments;
    private final Map<String, List<String>> query;
    private final Map<String, String> members;

    private ParallelClusterRequest(
            List<String> segments, Map<String, List<String>> query, Map<String, String> members) {
        this.segments = segments;
        this.query = query;
        this.members = members;
    }

    /**
     * Reads what an operation takes.
     *
     * @param segments of the path, as {@link ParallelClusterOperation#segments} tells them
     * @param query as {@link #query} tells it
     */
    static ParallelClusterRequest of(
            ParallelClusterOperation operation, List<String> segments, Map<String, List<String>> query, byte[] body) {
        query.keySet().stream()
                .filter(name -> !name.equals(REGION) && !operation.parameters().contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw ParallelClusterException.badRequest(
                            "%s has no query parameter '%s'".formatted(operation.wireName(), name));
                });
        Map<String, String> members = operation.members().isEmpty() ? Map.of() : members(operation, body);
        return new ParallelClusterRequest(segments, query, members);
    }

    /**
     * A request's query, without what is part of a signature.
     *
     * @throws ParallelClusterException when it is not percent-encoded rightly
     */
    static Map<String, List<String>> query(WireRequest request) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        try {
            for (String pair : request.rawQuery().split("&", -1)) {
                String[] parts = pair.split("=", 2);
                String name = decode(parts[0]);
                if (!pair.isEmpty() && !name.startsWith("X-Amz-")) {
                    values.merge(
                            name,
                            List.of(parts.length == 2 ? decode(parts[1]) : ""),
                            (before, more) -> Stream.of(before, more)
                                    .flatMap(List::stream)
                                    .toList());
                }
            }
        } catch (IllegalArgumentException e) {
            throw ParallelClusterException.badRequest("the query string is not valid percent-encoding");
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> members(ParallelClusterOperation operation, byte[] body) {
        Map<String, String> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object(body).properties()) {
            String name = member.getKey();
            if (!operation.members().contains(name)) {
                throw ParallelClusterException.badRequest(
                        "%s has no member '%s'".formatted(operation.wireName(), name));
            }
            if (!member.getValue().isTextual()) {
                throw ParallelClusterException.badRequest(
                        "Wrong type, expected 'string' for member '%s'".formatted(name));
            }
            members.put(name, member.getValue().textValue());
        }
        return members;
    }

    private static JsonNode object(byte[] body) {
        if (body.length == 0) {
            throw ParallelClusterException.badRequest("request body is required");
        }
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree.isObject()) {
                return tree;
            }
            throw ParallelClusterException.badRequest("the request body must be a JSON object");
        } catch (JsonProcessingException e) {
            throw ParallelClusterException.badRequest(
                    "the request body is not JSON: %s".formatted(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("bytes at hand can be read", e);
        }
    }

    /** The name in the path. */
    String clusterName() {
        String name = segments.get(NAME_SEGMENT);
        if (!CLUSTER_NAME.matcher(name).matches()) {
            throw ParallelClusterException.badRequest(
                    "'%s' does not match '%s' - 'clusterName'".formatted(name, CLUSTER_NAME.pattern()));
        }
        return name;
    }

    /** A member of the body; null when it is not there. */
    @Nullable
    String member(String name) {
        return members.get(name);
    }

    /** A query parameter that is given once at most. */
    Optional<String> parameter(String name) {
        return single(query, name);
    }

    /** @throws ParallelClusterException when it is given more than once */
    static Optional<String> single(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw ParallelClusterException.badRequest(
                    "the query parameter '%s' is given more than once".formatted(name));
        }
        return values.stream().findFirst();
    }

    /** A query parameter that is {@code true} or {@code false}. */
    boolean flag(String name, boolean otherwise) {
        return parameter(name)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw ParallelClusterException.badRequest(
                                "Wrong type, expected 'boolean' for query parameter '%s', found '%s'"
                                        .formatted(name, value));
                })
                .orElse(otherwise);
    }

    /** A query parameter that is one of some words. */
    <E extends Enum<E>> Optional<E> choice(String name, Set<E> choices) {
        return parameter(name).map(value -> oneOf(name, value, choices));
    }

    /** A query parameter that is given as often as one likes, each time as one of some words. */
    <E extends Enum<E>> Set<E> choices(String name, Set<E> choices) {
        Set<E> chosen = new LinkedHashSet<>();
        query.getOrDefault(name, List.of()).forEach(value -> chosen.add(oneOf(name, value, choices)));
        return chosen;
    }

    /** A query parameter that is given as often as one likes, each time in a certain form. */
    Set<String> texts(String name, Pattern form) {
        Set<String> texts = new LinkedHashSet<>(query.getOrDefault(name, List.of()));
        texts.stream().filter(text -> !form.matcher(text).matches()).findFirst().ifPresent(text -> {
            throw ParallelClusterException.badRequest(
                    "'%s' does not match '%s' - '%s'".formatted(text, form.pattern(), name));
        });
        return texts;
    }

    /** The word among {@code choices} that {@code value} is. */
    static <E extends Enum<E>> E oneOf(String name, String value, Set<E> choices) {
        return choices.stream()
                .filter(choice -> choice.name().equals(value))
                .findFirst()
                .orElseThrow(() -> ParallelClusterException.badRequest("'%s' is not one of %s - '%s'"
                        .formatted(
                                value, choices.stream().map(Enum::name).sorted().toList(), name)));
    }

    /** All of it as a JSON object, for the audit record. */
    String json() {
        ObjectNode tree = JSON.createObjectNode();
        if (segments.size() > NAME_SEGMENT) {
            tree.put("clusterName", segments.get(NAME_SEGMENT));
        }
        query.forEach((name, values) -> {
            if (values.size() == 1) {
                tree.put(name, values.getFirst());
            } else {
                ArrayNode array = tree.putArray(name);
                values.forEach(array::add);
            }
        });
        members.forEach(tree::put);
        return tree.toString();
    }
}

package dev.groundplane.warehouse.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Redshift's functions of arrays in SUPER values, given and answered as JSON. What is no array makes the answer null. */
final class JsonArrays {
    private JsonArrays() {}

    /** One array with the elements of both. */
    static @Nullable String concat(String one, String other) {
        return ofBoth(one, other, (a, b) -> {
            var all = new ArrayList<>(a);
            all.addAll(b);
            return all;
        });
    }

    /** One array with each element of either once. */
    static @Nullable String union(String one, String other) {
        return ofBoth(one, other, (a, b) -> {
            var all = new LinkedHashSet<>(a);
            all.addAll(b);
            return List.copyOf(all);
        });
    }

    /** The elements that both have, each as often as in the one that has fewer of it, or once. */
    static @Nullable String intersection(String one, String other, String distinct) {
        var common = ofBoth(one, other, (a, b) -> {
            var left = new ArrayList<>(b);
            return a.stream().filter(left::remove).toList();
        });
        return common != null && Boolean.parseBoolean(distinct) ? distinct(common) : common;
    }

    /** The elements of the first, each as much more often as it is there than in the second, or once if not in it at all. */
    static @Nullable String except(String one, String other, String distinct) {
        if (Boolean.parseBoolean(distinct)) {
            return ofBoth(
                    one,
                    other,
                    (a, b) -> a.stream()
                            .filter(element -> !b.contains(element))
                            .distinct()
                            .toList());
        }
        return ofBoth(one, other, (a, b) -> {
            var left = new ArrayList<>(b);
            return a.stream().filter(element -> !left.remove(element)).toList();
        });
    }

    static @Nullable String overlap(String one, String other) {
        var common = intersection(one, other, "true");
        return common == null ? null : Boolean.toString(!common.equals("[]"));
    }

    /** Each element once. */
    static @Nullable String distinct(String array) {
        return ofOne(array, a -> List.copyOf(new LinkedHashSet<>(a)));
    }

    /** One array with the elements of the arrays in it. */
    static @Nullable String flatten(String array) {
        return ofOne(array, a -> {
            var all = new ArrayList<JsonNode>();
            for (var element : a) {
                if (element.isArray()) {
                    element.forEach(all::add);
                } else {
                    all.add(element);
                }
            }
            return all;
        });
    }

    /** Some elements from a position on, which counts from 0. */
    static @Nullable String subarray(String array, String position, String length) {
        var from = Integer.parseInt(position);
        var count = Integer.parseInt(length);
        return ofOne(array, a -> {
            if (from < 0 || count < 0 || from >= a.size()) {
                return List.of();
            }
            return a.subList(from, Math.min(a.size(), from + count));
        });
    }

    /** Booleans before numbers before texts before arrays before objects; nulls at the end that they are wanted at. */
    static @Nullable String sort(String array, String ascending, String nullsFirst) {
        var order = Comparator.<JsonNode>comparingInt(JsonArrays::rank).thenComparing(JsonArrays::compareWithinRank);
        var wanted = Boolean.parseBoolean(ascending) ? order : order.reversed();
        var first = Boolean.parseBoolean(nullsFirst) ? -1 : 1;
        return ofOne(
                array,
                a -> a.stream()
                        .sorted(Comparator.<JsonNode>comparingInt(node -> node.isNull() ? first : 0)
                                .thenComparing(wanted))
                        .toList());
    }

    private static int rank(JsonNode node) {
        return node.isBoolean() ? 0 : node.isNumber() ? 1 : node.isTextual() ? 2 : node.isArray() ? 3 : 4;
    }

    private static int compareWithinRank(JsonNode one, JsonNode other) {
        return one.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue())
                : one.asText().compareTo(other.asText());
    }

    /** Where an element is first, from 0; -1 for nowhere. */
    static @Nullable String position(String array, String element) {
        var elements = elements(array);
        return elements == null ? null : Integer.toString(elements.indexOf(Json.read(element)));
    }

    /** All positions of an element, from 0. */
    static @Nullable String positions(String array, String element) {
        var elements = elements(array);
        if (elements == null) {
            return null;
        }
        var wanted = Json.read(element);
        var positions = Json.MAPPER.createArrayNode();
        for (var i = 0; i < elements.size(); i++) {
            if (elements.get(i).equals(wanted)) {
                positions.add(i);
            }
        }
        return Json.write(positions);
    }

    private interface OfOne {
        List<JsonNode> apply(List<JsonNode> elements);
    }

    private interface OfBoth {
        List<JsonNode> apply(List<JsonNode> one, List<JsonNode> other);
    }

    private static @Nullable String ofOne(String array, OfOne function) {
        var elements = elements(array);
        return elements == null ? null : write(function.apply(elements));
    }

    private static @Nullable String ofBoth(String one, String other, OfBoth function) {
        var a = elements(one);
        var b = elements(other);
        return a == null || b == null ? null : write(function.apply(a, b));
    }

    private static String write(List<JsonNode> elements) {
        return Json.write(Json.MAPPER.createArrayNode().addAll(elements));
    }

    private static @Nullable List<JsonNode> elements(String array) {
        if (!(Json.read(array) instanceof ArrayNode node)) {
            return null;
        }
        var elements = new ArrayList<JsonNode>(node.size());
        node.forEach(elements::add);
        return elements;
    }
}

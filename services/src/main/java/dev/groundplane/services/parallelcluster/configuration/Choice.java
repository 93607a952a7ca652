package dev.groundplane.services.parallelcluster.configuration;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One of some texts.
 *
 * @param values what does what it says
 * @param hollow what is accepted and chooses nothing here, with the reason
 * @param refused what ParallelCluster knows and is not implemented, with the reason
 */
record Choice(List<String> values, Map<String, String> hollow, Map<String, String> refused) implements Shape {
    Choice {
        values = List.copyOf(values);
        hollow = Map.copyOf(hollow);
        refused = Map.copyOf(refused);
    }

    /** With a value that chooses nothing. */
    Choice hollow(String value, String reason) {
        return new Choice(values, with(hollow, value, reason), refused);
    }

    /** With a value that is refused by name. */
    Choice refused(String value, String reason) {
        return new Choice(values, hollow, with(refused, value, reason));
    }

    @Override
    public void check(YamlNode value, String path, Problems problems) {
        Optional<String> text = Shapes.textOf(value);
        if (text.isEmpty()) {
            Shapes.wrongType(value, path, problems, "a text");
            return;
        }
        String chosen = text.get();
        if (refused.containsKey(chosen)) {
            problems.error(path, Key.NOT_IMPLEMENTED, chosen + " is not implemented: " + refused.get(chosen) + ".");
        } else if (hollow.containsKey(chosen)) {
            problems.warning(path, Key.CHOOSES_NOTHING, chosen + " chooses nothing here: " + hollow.get(chosen) + ".");
        } else if (!values.contains(chosen)) {
            problems.error(
                    path,
                    Problems.SCHEMA,
                    "%s is none of the values allowed here: %s.".formatted(Problems.quote(chosen), allowed()));
        }
    }

    private String allowed() {
        List<String> all = values.isEmpty()
                ? refused.keySet().stream().sorted().toList()
                : Stream.concat(values.stream(), hollow.keySet().stream().sorted())
                        .toList();
        return String.join(", ", all);
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> all = new TreeMap<>(map);
        all.put(key, value);
        return all;
    }
}

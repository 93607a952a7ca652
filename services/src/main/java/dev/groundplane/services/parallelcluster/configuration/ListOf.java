package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Sequence;
import java.util.List;

/** A list whose items are of one shape, with bounds of their number, both of them included. */
record ListOf(Shape item, int least, int most) implements Shape {
    @Override
    public void check(YamlNode value, String path, Problems problems) {
        if (!(value instanceof Sequence sequence)) {
            Shapes.wrongType(value, path, problems, "a list");
            return;
        }
        List<YamlNode> items = sequence.items();
        if (items.size() < least) {
            problems.error(
                    path,
                    Problems.SCHEMA,
                    "The list has %d items; at least %d is needed.".formatted(items.size(), least));
        }
        if (items.size() > most) {
            problems.error(
                    path,
                    "MaxCountValidator",
                    "The list has %d items; at most %d may be.".formatted(items.size(), most));
        }
        for (int i = 0; i < items.size(); i++) {
            item.check(items.get(i), path + "[" + i + "]", problems);
        }
    }
}

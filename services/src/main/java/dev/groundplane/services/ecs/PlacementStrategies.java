package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * Which of the instances that could take a task are best. Each strategy leaves those that are best by its own measure to
 * the next; of what is left at the end, the instance with the most memory left is taken. Immutable. Source: Amazon ECS
 * Developer Guide, "Use strategies to define Amazon ECS task placement".
 *
 * @param strategies checked ones, in order
 */
record PlacementStrategies(List<PlacementStrategy> strategies) {
    /** Only the most memory left counts. */
    static final PlacementStrategies NONE = new PlacementStrategies(List.of());
    /** What services have that name none. */
    static final List<PlacementStrategy> SERVICE_DEFAULT = List.of(
            PlacementStrategy.builder().type("spread").field("instanceId").build());

    private static final int MAX_COUNT = 5;
    private static final String ATTRIBUTE = "attribute:";

    /**
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException when one is wrong, or there are more
     *     than five
     */
    static PlacementStrategies of(List<PlacementStrategy> strategies) {
        if (strategies.size() > MAX_COUNT) {
            throw EcsErrors.invalidParameter(
                    "placementStrategy must have at most %d strategies, found %d.", MAX_COUNT, strategies.size());
        }
        strategies.forEach(PlacementStrategies::check);
        return new PlacementStrategies(List.copyOf(strategies));
    }

    private static void check(PlacementStrategy strategy) {
        String field = field(strategy);
        boolean right = switch (strategy.type()) {
            case RANDOM -> field.isEmpty();
            case BINPACK -> field.equalsIgnoreCase("cpu") || field.equalsIgnoreCase("memory");
            case SPREAD -> isInstance(field) || (field.length() > ATTRIBUTE.length() && isAttribute(field));
            case UNKNOWN_TO_SDK_VERSION -> throw wrongType(strategy.typeAsString());
            case null -> throw wrongType("");
        };
        if (!right) {
            throw EcsErrors.invalidParameter(
                    "placementStrategy %s with field '%s': spread takes instanceId, host or attribute:NAME, binpack takes cpu"
                            + " or memory, random takes none.",
                    strategy.typeAsString(), field);
        }
    }

    private static RuntimeException wrongType(String type) {
        return EcsErrors.invalidParameter("placementStrategy type '%s' must be random, spread or binpack.", type);
    }

    private static String field(PlacementStrategy strategy) {
        return strategy.field() == null ? "" : strategy.field();
    }

    private static boolean isInstance(String field) {
        return field.equalsIgnoreCase("instanceId") || field.equalsIgnoreCase("host");
    }

    private static boolean isAttribute(String field) {
        return field.toLowerCase(Locale.ROOT).startsWith(ATTRIBUTE);
    }

    /** Whether the {@code tasks} of {@link #best} matter. */
    boolean readTasks() {
        return strategies.stream().anyMatch(s -> field(s).length() > 0 && !isResource(field(s)));
    }

    private static boolean isResource(String field) {
        return field.equalsIgnoreCase("cpu") || field.equalsIgnoreCase("memory");
    }

    /**
     * The best instance.
     *
     * @param fitting those that can take the task; not empty
     * @param all every instance, over which tasks are spread
     * @param tasks how many tasks of the same group are on an instance, by its name
     */
    Stored<ContainerInstance> best(
            List<Stored<ContainerInstance>> fitting,
            List<Stored<ContainerInstance>> all,
            Function<String, Integer> tasks,
            Random random) {
        List<Stored<ContainerInstance>> left = fitting;
        for (PlacementStrategy strategy : strategies) {
            left = switch (strategy.type()) {
                case BINPACK -> lowest(left, i -> amountLeft(i.value(), field(strategy)));
                case SPREAD -> lowest(left, spread(field(strategy), all, tasks));
                default -> List.of(left.get(random.nextInt(left.size())));
            };
        }
        return Collections.max(
                left,
                (one, other) ->
                        Integer.compare(amountLeft(one.value(), "memory"), amountLeft(other.value(), "memory")));
    }

    private static Function<Stored<ContainerInstance>, Integer> spread(
            String field, List<Stored<ContainerInstance>> all, Function<String, Integer> tasks) {
        if (isInstance(field)) {
            return instance -> tasks.apply(instance.name());
        }
        String attribute = field.substring(ATTRIBUTE.length());
        Map<String, Integer> byValue = new HashMap<>();
        all.forEach(i -> byValue.merge(valueOf(i.value(), attribute), tasks.apply(i.name()), Integer::sum));
        return instance -> byValue.getOrDefault(valueOf(instance.value(), attribute), 0);
    }

    /** Instances without the attribute are one bucket of their own. */
    private static String valueOf(ContainerInstance instance, String attribute) {
        return instance.attributes().stream()
                .filter(a -> a.name().equals(attribute))
                .map(Attribute::value)
                .map(value -> "=" + value)
                .findFirst()
                .orElse("");
    }

    private static List<Stored<ContainerInstance>> lowest(
            List<Stored<ContainerInstance>> instances, Function<Stored<ContainerInstance>, Integer> measure) {
        List<Stored<ContainerInstance>> lowest = new ArrayList<>();
        int least = Integer.MAX_VALUE;
        for (Stored<ContainerInstance> instance : instances) {
            int value = measure.apply(instance);
            if (value < least) {
                lowest.clear();
                least = value;
            }
            if (value == least) {
                lowest.add(instance);
            }
        }
        return lowest;
    }

    private static int amountLeft(ContainerInstance instance, String resource) {
        return instance.remainingResources().stream()
                .filter(r -> r.name().equalsIgnoreCase(resource))
                .mapToInt(Resource::integerValue)
                .sum();
    }
}

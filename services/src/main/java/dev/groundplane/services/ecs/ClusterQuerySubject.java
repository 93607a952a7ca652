package dev.groundplane.services.ecs;

import static dev.groundplane.services.ecs.ClusterQueryOperator.EQUALS;
import static dev.groundplane.services.ecs.ClusterQueryOperator.GREATER_THAN;
import static dev.groundplane.services.ecs.ClusterQueryOperator.GREATER_THAN_EQUAL;
import static dev.groundplane.services.ecs.ClusterQueryOperator.IN;
import static dev.groundplane.services.ecs.ClusterQueryOperator.LESS_THAN;
import static dev.groundplane.services.ecs.ClusterQueryOperator.LESS_THAN_EQUAL;
import static dev.groundplane.services.ecs.ClusterQueryOperator.MATCHES;
import static dev.groundplane.services.ecs.ClusterQueryOperator.NOT_EQUALS;
import static dev.groundplane.services.ecs.ClusterQueryOperator.NOT_IN;
import static dev.groundplane.services.ecs.ClusterQueryOperator.NOT_MATCHES;

import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a {@link ClusterQuery} compares. An operator, a negated one too, holds when some value satisfies it. So {@code !=}
 * selects neither an instance without the attribute, as on AWS, nor one without tasks;
 * anti-affinity is {@code not(task:group == database)}, as AWS's page has it.
 *
 * @param operators those that AWS documents for it
 * @param kind what its values are
 * @param values its values on an instance: none when the instance has no such thing, several for task groups
 */
record ClusterQuerySubject(
        Set<ClusterQueryOperator> operators,
        ClusterQueryValue kind,
        Function<QueriedInstance, Collection<String>> values) {
    static final String TASK_GROUP = "task:group";
    static final String NAMES = "agentConnected, agentVersion, attribute:name, ec2InstanceId, registeredAt,"
            + " runningTasksCount or task:group";

    private static final String ATTRIBUTE = "attribute:";
    private static final Set<ClusterQueryOperator> CHOICES =
            EnumSet.of(EQUALS, NOT_EQUALS, IN, NOT_IN, MATCHES, NOT_MATCHES);
    private static final Set<ClusterQueryOperator> ORDER =
            EnumSet.of(EQUALS, NOT_EQUALS, GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL);
    private static final Set<ClusterQueryOperator> ALL = EnumSet.allOf(ClusterQueryOperator.class);

    private static final Map<String, ClusterQuerySubject> FIELDS = Map.of(
            "agentConnected",
            one(CHOICES, ClusterQueryValue.FLAG, i -> Optional.of(Boolean.toString(i.agentConnected()))),
            "agentVersion",
            one(ORDER, ClusterQueryValue.VERSION, QueriedInstance::agentVersion),
            "ec2InstanceId",
            one(CHOICES, ClusterQueryValue.TEXT, QueriedInstance::ec2InstanceId),
            "registeredAt",
            one(
                    ORDER,
                    ClusterQueryValue.TIME,
                    i -> Optional.of(
                            i.registeredAt().truncatedTo(ChronoUnit.SECONDS).toString())),
            "runningTasksCount",
            one(ORDER, ClusterQueryValue.COUNT, i -> Optional.of(Integer.toString(i.runningTasksCount()))),
            TASK_GROUP,
            new ClusterQuerySubject(ALL, ClusterQueryValue.TEXT, QueriedInstance::taskGroups));

    private static ClusterQuerySubject one(
            Set<ClusterQueryOperator> operators,
            ClusterQueryValue kind,
            Function<QueriedInstance, Optional<String>> value) {
        return new ClusterQuerySubject(
                operators,
                kind,
                i -> value.apply(i).filter(kind::accepts).map(List::of).orElse(List.of()));
    }

    /** @return empty when there is no such subject */
    static Optional<ClusterQuerySubject> named(String name) {
        if (name.startsWith(ATTRIBUTE) && name.length() > ATTRIBUTE.length()) {
            return Optional.of(attribute(name.substring(ATTRIBUTE.length())));
        }
        return Optional.ofNullable(FIELDS.get(name));
    }

    /** An attribute without a value compares as empty text. */
    private static ClusterQuerySubject attribute(String name) {
        return one(
                ALL,
                ClusterQueryValue.TEXT,
                i -> Optional.ofNullable(i.attributes().get(name)).map(v -> v.orElse("")));
    }

    /** @param test what the operator, or the one that it negates, asks of a value */
    Predicate<QueriedInstance> condition(ClusterQueryOperator operator, Predicate<String> test) {
        return switch (operator) {
            case EXISTS -> instance -> !values.apply(instance).isEmpty();
            case NOT_EXISTS -> instance -> values.apply(instance).isEmpty();
            case NOT_EQUALS, NOT_IN, NOT_MATCHES ->
                instance -> values.apply(instance).stream().anyMatch(test.negate());
            case EQUALS, GREATER_THAN, GREATER_THAN_EQUAL, LESS_THAN, LESS_THAN_EQUAL, IN, MATCHES ->
                instance -> values.apply(instance).stream().anyMatch(test);
        };
    }
}

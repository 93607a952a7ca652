package dev.groundplane.services.ecs;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementConstraintType;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraint;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionPlacementConstraintType;

/**
 * Where tasks may be placed. Immutable. Source: Amazon ECS Developer Guide, "Define which container instances Amazon ECS
 * uses for tasks".
 *
 * @param distinctInstance whether each task goes to an instance of its own
 * @param memberOf what must select an instance, each of them
 */
record PlacementConstraints(boolean distinctInstance, List<ClusterQuery> memberOf) {
    /** For tasks whose instance the caller names. */
    static final PlacementConstraints NONE = new PlacementConstraints(false, List.of());

    /** How many a task may have, those of its definition among them. */
    private static final int MAX_COUNT = 10;

    PlacementConstraints {
        memberOf = List.copyOf(memberOf);
    }

    /**
     * RunTask's own.
     *
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException when they are wrong
     */
    static PlacementConstraints of(List<PlacementConstraint> constraints) {
        checkCount(constraints.size());
        return new PlacementConstraints(
                constraints.stream().anyMatch(PlacementConstraints::isDistinctInstance),
                constraints.stream()
                        .filter(c -> !isDistinctInstance(c))
                        .map(c -> query(c.expression()))
                        .toList());
    }

    private static boolean isDistinctInstance(PlacementConstraint constraint) {
        if (constraint.type() == PlacementConstraintType.MEMBER_OF) {
            return false;
        }
        if (constraint.type() != PlacementConstraintType.DISTINCT_INSTANCE) {
            throw EcsErrors.invalidParameter(
                    "placementConstraints type '%s' must be distinctInstance or memberOf.", constraint.typeAsString());
        }
        if (constraint.expression() != null && !constraint.expression().isEmpty()) {
            throw EcsErrors.invalidParameter("distinctInstance expression should not be specified.");
        }
        return true;
    }

    /**
     * A task definition's.
     *
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException when wrong
     */
    static PlacementConstraints ofDefinition(List<TaskDefinitionPlacementConstraint> constraints) {
        checkCount(constraints.size());
        for (TaskDefinitionPlacementConstraint constraint : constraints) {
            if (constraint.type() != TaskDefinitionPlacementConstraintType.MEMBER_OF) {
                throw EcsErrors.invalidParameter(
                        "placementConstraints type '%s' of a task definition must be memberOf.",
                        constraint.typeAsString());
            }
        }
        return new PlacementConstraints(
                false, constraints.stream().map(c -> query(c.expression())).toList());
    }

    private static ClusterQuery query(@Nullable String expression) {
        if (expression == null) {
            throw EcsErrors.invalidParameter("A memberOf placement constraint must have an expression.");
        }
        return ClusterQuery.parse(expression);
    }

    private static void checkCount(int count) {
        if (count > MAX_COUNT) {
            throw EcsErrors.invalidParameter(
                    "A task must have at most %d placement constraints, found %d.", MAX_COUNT, count);
        }
    }

    /** Both these and the others. */
    PlacementConstraints and(PlacementConstraints other) {
        PlacementConstraints both = new PlacementConstraints(
                distinctInstance || other.distinctInstance,
                Stream.concat(memberOf.stream(), other.memberOf.stream()).toList());
        checkCount(both.memberOf.size() + (both.distinctInstance ? 1 : 0));
        return both;
    }

    /** Whether {@link QueriedInstance#taskGroups} matters to {@link #select}. */
    boolean readTaskGroups() {
        return memberOf.stream().anyMatch(ClusterQuery::readsTaskGroups);
    }

    /** Whether every memberOf expression selects the instance. */
    boolean select(QueriedInstance instance) {
        return memberOf.stream().allMatch(q -> q.matches(instance));
    }
}

package dev.groundplane.services.ecs;

import java.util.function.Predicate;

/**
 * An expression that selects container instances. Immutable and thread-safe. Source: Amazon ECS Developer Guide, <a
 * href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html">"Create expressions to
 * define container instances for Amazon ECS tasks"</a>.
 *
 * @param text the expression as it was written
 * @param readsTaskGroups whether {@link QueriedInstance#taskGroups} matters; when not, it may be left empty
 * @param condition what the expression means
 */
record ClusterQuery(String text, boolean readsTaskGroups, Predicate<QueriedInstance> condition) {
    /** In characters; AWS's limit for the expression of a placement constraint. */
    static final int MAX_LENGTH = 2000;

    /**
     * Compiles an expression.
     *
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException when it is malformed, naming the
     *     position, counted from 1, and what was expected there
     */
    static ClusterQuery parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw EcsErrors.invalidParameter(
                    "An expression must have at most %d characters, found %d.", MAX_LENGTH, text.length());
        }
        return new ClusterQueryParser(text).parse();
    }

    /**
     * Whether the expression selects the instance.
     *
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException when a regular expression takes too
     *     many steps
     */
    boolean matches(QueriedInstance instance) {
        return condition.test(instance);
    }
}

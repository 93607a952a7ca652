package dev.groundplane.platform.policy;

import dev.groundplane.platform.policy.Principals.Named;
import java.util.List;
import java.util.Optional;

/**
 * One compiled statement.
 *
 * @param allows whether its effect is Allow; else Deny
 * @param actions what it is about, or not about
 * @param exceptActions whether {@code actions} is NotAction
 * @param resources likewise; empty in trust policies, which are about their role
 * @param principals for resource-based policies
 * @param exceptPrincipals whether it is NotPrincipal
 * @param conditions all must hold
 */
record Statement(
        String id,
        boolean allows,
        List<ActionPattern> actions,
        boolean exceptActions,
        List<ArnPattern> resources,
        boolean exceptResources,
        Optional<Principals> principals,
        boolean exceptPrincipals,
        List<Condition> conditions) {

    /** Whether it is about the action and resource and its conditions hold; principals apart. */
    boolean isAbout(Question question) {
        return ActionPattern.any(actions, question.service(), question.action()) != exceptActions
                && isAboutResource(question)
                && conditionsHold(question.values());
    }

    private boolean isAboutResource(Question question) {
        if (resources.isEmpty()) {
            return true;
        }
        boolean unresolved = false;
        for (int i = 0; i < resources.size(); i++) {
            ArnPattern pattern = resources.get(i);
            if (pattern.matches(question.resource(), question.segments(), question.values())) {
                return !exceptResources;
            }
            unresolved |= exceptResources && allows && !pattern.resolvable(question.values());
        }
        // "All but what is mine" allows nothing to whom nothing can be called mine.
        return exceptResources && !unresolved;
    }

    private boolean conditionsHold(ConditionValues values) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).holds(values)) {
                return false;
            }
        }
        return true;
    }

    /** How it names the subject; {@link Named#NOT} when it is not about it. */
    Named names(Subject subject) {
        if (principals.isEmpty()) {
            return Named.ITSELF;
        }
        Named named = principals.get().name(subject);
        if (!exceptPrincipals) {
            return named;
        }
        // That its account is left out leaves out the account's root only.
        return named.compareTo(Named.ITSELF) >= 0 ? Named.NOT : Named.ITSELF;
    }
}

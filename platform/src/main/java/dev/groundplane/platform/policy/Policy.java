package dev.groundplane.platform.policy;

import dev.groundplane.platform.policy.Principals.Named;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A compiled policy document. Compile it once and keep it: it never changes. Immutable. */
public final class Policy {
    /** What statements say about a request. */
    enum Verdict {
        NOTHING,
        ALLOW,
        DENY
    }

    private final List<Statement> statements;

    Policy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /**
     * Compiles a policy of an identity, a boundary, a session or an organization: one without principals.
     *
     * @throws MalformedPolicyException when the document is malformed, or asks for what is not implemented
     */
    public static Policy parse(String json) throws MalformedPolicyException {
        return StatementParser.policy(json, StatementParser.Form.IDENTITY);
    }

    /**
     * Compiles a resource-based policy: one that names principals and resources.
     *
     * @throws MalformedPolicyException when the document is malformed, or asks for what is not implemented
     */
    public static Policy parseResourcePolicy(String json) throws MalformedPolicyException {
        return StatementParser.policy(json, StatementParser.Form.RESOURCE);
    }

    /**
     * Compiles a role's trust policy: one that names principals and is about its role.
     *
     * @throws MalformedPolicyException when the document is malformed, or asks for what is not implemented
     */
    public static Policy parseTrustPolicy(String json) throws MalformedPolicyException {
        return StatementParser.policy(json, StatementParser.Form.TRUST);
    }

    /** What policies without principals say together. */
    static Verdict verdict(Collection<Policy> policies, Question question) {
        Verdict verdict = Verdict.NOTHING;
        for (Policy policy : policies) {
            List<Statement> all = policy.statements;
            for (int i = 0; i < all.size(); i++) {
                Statement statement = all.get(i);
                // An allow more changes nothing.
                if ((verdict == Verdict.NOTHING || !statement.allows()) && statement.isAbout(question)) {
                    if (!statement.allows()) {
                        return Verdict.DENY;
                    }
                    verdict = Verdict.ALLOW;
                }
            }
        }
        return verdict;
    }

    /** Whether a statement that is about the subject denies; one that names an account is about everyone in it. */
    boolean denies(Subject subject, Question question) {
        return statements.stream().anyMatch(s -> !s.allows() && s.names(subject) != Named.NOT && s.isAbout(question));
    }

    /** The most that an allowing statement about the request names the subject as. */
    Named allows(Subject subject, Question question) {
        return statements.stream()
                .filter(s -> s.allows() && s.names(subject) != Named.NOT && s.isAbout(question))
                .map(s -> s.names(subject))
                .max(Named::compareTo)
                .orElse(Named.NOT);
    }

    /** Whether anyone, signed in or not, is given something without a condition. */
    public boolean isPublic() {
        return statements.stream()
                .anyMatch(s -> s.allows()
                        && s.conditions().isEmpty()
                        && s.principals()
                                .filter(p -> p.everyone() || s.exceptPrincipals())
                                .isPresent());
    }

    /**
     * Whether it allows something of a service, on any resource and under any condition.
     *
     * @param service the prefix of its actions
     */
    public boolean mentions(String service) {
        return statements.stream()
                .anyMatch(s -> s.allows()
                        && (s.exceptActions()
                                || s.actions().stream()
                                        .anyMatch(a -> a.service().equals(service)
                                                || a.service().equals("*"))));
    }

    /** The condition keys that it asks about, in lower case and order. */
    public Set<String> conditionKeys() {
        Set<String> keys = new TreeSet<>();
        statements.forEach(s -> s.conditions().forEach(c -> keys.add(c.key())));
        return keys;
    }
}

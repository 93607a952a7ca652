package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What an identity may do. Every statement is about every resource; conditions are not implemented. Immutable. */
public final class Policy {
    /** What policies say about an action. */
    public enum Decision {
        /** A statement allows it and none denies it. */
        ALLOWED,
        /** A statement denies it, which no other can undo. */
        DENIED,
        /** No statement is about it, and so it is denied. */
        NOT_ALLOWED
    }

    private final List<Statement> statements;

    private Policy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /** @throws MalformedPolicyException when the document is malformed, or asks for what is not implemented */
    public static Policy parse(String json) throws MalformedPolicyException {
        List<Statement> statements = new ArrayList<>();
        for (ObjectNode statement : Document.statements(json)) {
            statements.add(Statement.of(statement));
        }
        return new Policy(statements);
    }

    /**
     * What all policies of an identity together say.
     *
     * @param action for example {@code ecs:RunTask}
     */
    public static Decision decide(Collection<Policy> policies, String action) {
        boolean allowed = false;
        for (Policy policy : policies) {
            for (Statement statement : policy.statements) {
                if (statement.isAbout(action)) {
                    if (!statement.allows()) {
                        return Decision.DENIED;
                    }
                    allowed = true;
                }
            }
        }
        return allowed ? Decision.ALLOWED : Decision.NOT_ALLOWED;
    }
}

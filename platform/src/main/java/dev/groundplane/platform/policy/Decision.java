package dev.groundplane.platform.policy;

/**
 * What policies say about a request.
 *
 * @param outcome whether it may be done
 * @param kind for refusals: which kind of policy said no, or would have had to say yes
 */
public record Decision(Outcome outcome, PolicyKind kind) {
    /** The three outcomes. */
    public enum Outcome {
        /** It may be done. */
        ALLOWED,
        /** A statement denies it, which no other can undo. */
        EXPLICIT_DENY,
        /** A statement that would have to allow it is missing. */
        IMPLICIT_DENY
    }

    static final Decision ALLOWED = new Decision(Outcome.ALLOWED, PolicyKind.IDENTITY);

    /** It may be done. */
    public static Decision allowed() {
        return ALLOWED;
    }

    /** No policy of {@code kind} allows it. */
    public static Decision missing(PolicyKind kind) {
        return new Decision(Outcome.IMPLICIT_DENY, kind);
    }

    static Decision denied(PolicyKind kind) {
        return new Decision(Outcome.EXPLICIT_DENY, kind);
    }

    /** Whether it may be done. */
    public boolean isAllowed() {
        return outcome == Outcome.ALLOWED;
    }

    /** The end of AWS's message, for example {@code because no identity-based policy allows the ecs:RunTask action}. */
    public String reason(String action) {
        return switch (outcome) {
            case ALLOWED -> "";
            case EXPLICIT_DENY -> "with an explicit deny in " + kind.withArticle();
            case IMPLICIT_DENY -> "because no %s allows the %s action".formatted(kind.title(), action);
        };
    }
}

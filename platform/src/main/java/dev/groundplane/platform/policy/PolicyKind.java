package dev.groundplane.platform.policy;

/** The kinds of policies; each has its own say in a decision. */
public enum PolicyKind {
    /** Service control policies of an organization. */
    SERVICE_CONTROL("a service control policy", "service control policy"),
    /** A policy that is attached to the resource; a role's trust policy is one. */
    RESOURCE("a resource-based policy", "resource-based policy"),
    /** Policies of the user, its groups, or the role. */
    IDENTITY("an identity-based policy", "identity-based policy"),
    /** The permissions boundary of the user or role. */
    BOUNDARY("a permissions boundary", "permissions boundary"),
    /** What was passed when the session began. */
    SESSION("a session policy", "session policy");

    private final String withArticle;
    private final String title;

    PolicyKind(String withArticle, String title) {
        this.withArticle = withArticle;
        this.title = title;
    }

    String withArticle() {
        return withArticle;
    }

    String title() {
        return title;
    }
}

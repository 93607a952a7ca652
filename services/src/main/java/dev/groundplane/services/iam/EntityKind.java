package dev.groundplane.services.iam;

/** The three kinds of identities that have policies. */
enum EntityKind {
    USER("user", "AIDA", 2_048, "InlinePolicySizePerUser"),
    GROUP("group", "AGPA", 5_120, "InlinePolicySizePerGroup"),
    ROLE("role", "AROA", 10_240, "InlinePolicySizePerRole");

    private final String word;
    private final String idPrefix;
    private final int inlineCharacters;
    private final String inlineQuota;

    EntityKind(String word, String idPrefix, int inlineCharacters, String inlineQuota) {
        this.word = word;
        this.idPrefix = idPrefix;
        this.inlineCharacters = inlineCharacters;
        this.inlineQuota = inlineQuota;
    }

    /** {@code user}, {@code group} or {@code role}, as ARNs have it. */
    String word() {
        return word;
    }

    String idPrefix() {
        return idPrefix;
    }

    /** How long all inline policies of one may be together, without white space as AWS counts. */
    int inlineCharacters() {
        return inlineCharacters;
    }

    String inlineQuota() {
        return inlineQuota;
    }
}

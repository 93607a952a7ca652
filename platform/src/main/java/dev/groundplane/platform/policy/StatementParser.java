package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From JSON to compiled statements. Whatever is not understood is refused by name. */
final class StatementParser {
    /** What documents of a kind must and must not have. */
    enum Form {
        IDENTITY,
        RESOURCE,
        TRUST
    }

    private static final Set<String> TRUST_ACTIONS = Set.of(
            "sts:assumerole",
            "sts:assumerolewithwebidentity",
            "sts:assumerolewithsaml",
            "sts:tagsession",
            "sts:setsourceidentity",
            "sts:*");

    private final Form form;
    private final boolean variables;

    private StatementParser(Form form, boolean variables) {
        this.form = form;
        this.variables = variables;
    }

    static Policy policy(String json, Form form) throws MalformedPolicyException {
        Document document = Document.of(json);
        StatementParser parser = new StatementParser(form, document.hasVariables());
        List<Statement> statements = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (ObjectNode statement : document.statements()) {
            Statement parsed = parser.statement(statement);
            if (!parsed.id().isEmpty() && !ids.add(parsed.id())) {
                throw new MalformedPolicyException("Statement IDs (SID) in a single policy must be unique.");
            }
            statements.add(parsed);
        }
        return new Policy(statements);
    }

    private Statement statement(ObjectNode json) throws MalformedPolicyException {
        checkMembers(json);
        boolean exceptActions = either(json, "Action", "NotAction", "actions");
        boolean exceptResources = false;
        List<ArnPattern> resources = new ArrayList<>();
        if (form != Form.TRUST) {
            exceptResources = either(json, "Resource", "NotResource", "resources");
            for (String text : list(json, exceptResources ? "NotResource" : "Resource", "resources")) {
                resources.add(ArnPattern.of(text, variables));
                if (form == Form.IDENTITY) {
                    ResourceForm.check(text);
                }
            }
        }
        Optional<Principals> principals = Optional.empty();
        boolean exceptPrincipals = false;
        if (form != Form.IDENTITY) {
            exceptPrincipals = either(json, "Principal", "NotPrincipal", "a principal");
            principals = Optional.of(Principals.of(json.path(exceptPrincipals ? "NotPrincipal" : "Principal")));
        }
        return new Statement(
                Document.text("Sid", json.path("Sid")),
                Document.allows(json),
                actions(list(json, exceptActions ? "NotAction" : "Action", "actions")),
                exceptActions,
                List.copyOf(resources),
                exceptResources,
                principals,
                exceptPrincipals,
                List.copyOf(Condition.all(json.path("Condition"), variables)));
    }

    private void checkMembers(ObjectNode json) throws MalformedPolicyException {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            switch (member.getKey()) {
                case "Sid", "Effect", "Action", "NotAction", "Condition" -> {}
                case "Resource", "NotResource" -> {
                    if (form == Form.TRUST) {
                        throw new MalformedPolicyException("Has prohibited field " + member.getKey());
                    }
                }
                case "Principal", "NotPrincipal" -> {
                    if (form == Form.IDENTITY) {
                        throw new MalformedPolicyException("Policy document should not specify a principal.");
                    }
                }
                default -> throw new MalformedPolicyException("Syntax error: unknown member " + member.getKey());
            }
        }
    }

    /** Whether the statement has {@code negated}; it must have one of the two. */
    private static boolean either(ObjectNode json, String member, String negated, String what)
            throws MalformedPolicyException {
        if (json.has(member) == json.has(negated)) {
            throw new MalformedPolicyException(
                    "Policy statement must contain %s: one of %s and %s.".formatted(what, member, negated));
        }
        return json.has(negated);
    }

    private static List<String> list(ObjectNode json, String member, String what) throws MalformedPolicyException {
        List<String> texts = Document.texts(member, json.path(member));
        if (texts.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain " + what + ".");
        }
        return texts;
    }

    private List<ActionPattern> actions(List<String> texts) throws MalformedPolicyException {
        List<ActionPattern> actions = new ArrayList<>();
        for (String text : texts) {
            if (form == Form.TRUST && !TRUST_ACTIONS.contains(text.toLowerCase(Locale.ROOT))) {
                throw new MalformedPolicyException(
                        "AssumeRole policy may only specify STS AssumeRole actions, found '%s'".formatted(text));
            }
            actions.add(ActionPattern.of(text));
        }
        return List.copyOf(actions);
    }
}

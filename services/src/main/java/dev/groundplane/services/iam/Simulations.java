package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.ConditionValues;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.policy.Evaluation;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.policy.PolicyKind;
import dev.groundplane.platform.policy.PolicySet;
import dev.groundplane.platform.policy.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationException;
import software.amazon.awssdk.services.iam.model.SimulateCustomPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulateCustomPolicyResponse;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyResponse;
import software.amazon.awssdk.services.iam.model.Statement;

/** What policies would say, by the evaluation that decides on calls. Keys that only a real call has must be given. */
final class Simulations {
    private static final Pattern PRINCIPAL =
            Pattern.compile("arn:aws:iam::([0-9]{12}):(user|group|role)/(?:.*/)?([\\w+=,.@-]+)");

    /** A policy of the simulated identity, by what responses call it. */
    private record Source(String id, String type, Policy policy) {}

    /** What both operations have in common. */
    private record Question(
            Subject subject,
            List<Source> sources,
            PolicySet policies,
            Optional<Policy> resourcePolicy,
            String resourceOwner,
            ConditionValues values) {}

    private final IdentityStore store;
    private final ManagedPolicyTexts managed;
    private final Grants grants;

    Simulations(IdentityStore store, ManagedPolicyTexts managed, Grants grants) {
        this.store = store;
        this.managed = managed;
        this.grants = grants;
    }

    SimulateCustomPolicyResponse custom(Call call, SimulateCustomPolicyRequest request) {
        refuseHandling(request.resourceHandlingOption());
        if (request.policyInputList().isEmpty()) {
            throw Members.failed("policyInputList", "[]", "Member must not be null");
        }
        List<Source> sources = inputs(request.policyInputList());
        Caller caller = caller(call, request.callerArn());
        PolicySet policies = new PolicySet(
                List.of(),
                sources.stream().map(Source::policy).toList(),
                boundary(request.permissionsBoundaryPolicyInputList()),
                Optional.empty());
        Question question = new Question(
                Subject.of(caller),
                sources,
                policies,
                resourcePolicy(request.resourcePolicy()),
                owner(request.resourceOwner()),
                values(request.contextEntries())::get);
        Listing<EvaluationResult> page = Listing.of(
                results(question, request.actionNames(), request.resourceArns()), request.marker(), request.maxItems());
        return SimulateCustomPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    SimulatePrincipalPolicyResponse principal(Call call, SimulatePrincipalPolicyRequest request) {
        refuseHandling(request.resourceHandlingOption());
        String account = call.scope().account();
        Entity entity = entity(account, request.policySourceArn());
        List<Source> sources = new ArrayList<>(sources(account, entity));
        if (entity.kind() == EntityKind.USER) {
            store.groupsOf(account, entity.id()).forEach(group -> sources.addAll(sources(account, Entity.of(group))));
        }
        sources.addAll(inputs(request.policyInputList()));
        Caller caller = request.callerArn() == null ? caller(account, entity) : caller(call, request.callerArn());
        Grants.Held held = grants.of(caller);
        Optional<Policy> boundary = boundary(request.permissionsBoundaryPolicyInputList());
        PolicySet policies = new PolicySet(
                held.policies().controls(),
                sources.stream().map(Source::policy).toList(),
                boundary.isPresent() ? boundary : held.policies().boundary(),
                Optional.empty());
        Map<String, List<String>> given = values(request.contextEntries());
        RequestValues own = new RequestValues(held, AccessRequest.onEverything("iam:Simulate"), Instant.EPOCH);
        Set<String> known =
                Set.of("aws:username", "aws:userid", "aws:principalarn", "aws:principalaccount", "aws:principaltype");
        Question question = new Question(
                held.subject(),
                sources,
                policies,
                resourcePolicy(request.resourcePolicy()),
                owner(request.resourceOwner()),
                key -> {
                    List<String> value = given.get(key);
                    return value != null || !(known.contains(key) || key.startsWith("aws:principaltag/"))
                            ? value
                            : own.of(key);
                });
        Listing<EvaluationResult> page = Listing.of(
                results(question, request.actionNames(), request.resourceArns()), request.marker(), request.maxItems());
        return SimulatePrincipalPolicyResponse.builder()
                .evaluationResults(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private static void refuseHandling(@Nullable String option) {
        if (option != null) {
            throw IamErrors.validation("ResourceHandlingOption is not implemented by Groundplane; leave it out.");
        }
    }

    private static List<EvaluationResult> results(Question question, List<String> actions, List<String> resources) {
        if (actions.isEmpty()) {
            throw Members.failed("actionNames", "[]", "Member must not be null");
        }
        List<EvaluationResult> results = new ArrayList<>();
        for (String action : actions) {
            if (!action.matches("[A-Za-z0-9-]+:[A-Za-z0-9]+")) {
                throw IamErrors.invalidInput("Invalid Entity Action: %s", action);
            }
            for (String resource : resources.isEmpty() ? List.of("*") : resources) {
                results.add(result(question, action, resource));
            }
        }
        return results;
    }

    private static EvaluationResult result(Question question, String action, String resource) {
        AccessRequest request = AccessRequest.on(action, resource);
        if (!question.resourceOwner().isEmpty()) {
            request = request.ownedBy(question.resourceOwner());
        }
        Decision decision = Evaluation.decide(
                question.subject(), request, question.policies(), question.resourcePolicy(), question.values());
        boolean denied = decision.outcome() == Decision.Outcome.EXPLICIT_DENY;
        List<Statement> matched = question.sources().stream()
                .filter(source -> Evaluation.said(source.policy(), action, resource, question.values())
                        .filter(allows -> allows != denied)
                        .isPresent())
                .map(source -> Statement.builder()
                        .sourcePolicyId(source.id())
                        .sourcePolicyType(source.type())
                        .build())
                .toList();
        Set<String> missing = new TreeSet<>();
        question.sources()
                .forEach(source -> source.policy().conditionKeys().stream()
                        .filter(key -> question.values().of(key) == null)
                        .forEach(missing::add));
        EvaluationResult.Builder result = EvaluationResult.builder()
                .evalActionName(action)
                .evalResourceName(resource)
                .evalDecision(type(decision))
                .matchedStatements(matched)
                .missingContextValues(missing);
        if (question.policies().boundary().isPresent()) {
            result.permissionsBoundaryDecisionDetail(
                    detail -> detail.allowedByPermissionsBoundary(decision.kind() != PolicyKind.BOUNDARY));
        }
        if (!question.policies().controls().isEmpty()) {
            result.organizationsDecisionDetail(
                    detail -> detail.allowedByOrganizations(decision.kind() != PolicyKind.SERVICE_CONTROL));
        }
        return result.build();
    }

    private static PolicyEvaluationDecisionType type(Decision decision) {
        return switch (decision.outcome()) {
            case ALLOWED -> PolicyEvaluationDecisionType.ALLOWED;
            case EXPLICIT_DENY -> PolicyEvaluationDecisionType.EXPLICIT_DENY;
            case IMPLICIT_DENY -> PolicyEvaluationDecisionType.IMPLICIT_DENY;
        };
    }

    private Entity entity(String account, @Nullable String policySourceArn) {
        String arn = Members.arn("policySourceArn", policySourceArn);
        Matcher parts = PRINCIPAL.matcher(arn);
        if (!parts.matches() || !parts.group(1).equals(account)) {
            throw IamErrors.invalidInput("Invalid Entity Arn: %s does not clearly define entity type and name.", arn);
        }
        EntityKind kind = EntityKind.valueOf(parts.group(2).toUpperCase(Locale.ROOT));
        return store.require(kind, account, parts.group(3));
    }

    /** What a simulated caller would be: the entity itself, or the root for a group. */
    private static Caller caller(String account, Entity entity) {
        return switch (entity.kind()) {
            case USER, GROUP -> Caller.user(account, entity.arn(), entity.id(), "");
            case ROLE -> Caller.session(account, entity.name(), entity.id(), "simulation", "");
        };
    }

    private Caller caller(Call call, @Nullable String callerArn) {
        if (callerArn == null) {
            return Caller.user(
                    call.scope().account(),
                    "arn:aws:iam::%s:user/simulation".formatted(call.scope().account()),
                    "",
                    "");
        }
        Matcher parts = PRINCIPAL.matcher(callerArn);
        if (!parts.matches() || !parts.group(2).equals("user")) {
            throw IamErrors.invalidInput("CallerArn %s must be the ARN of a user.", callerArn);
        }
        String id = store.find(EntityKind.USER, parts.group(1), parts.group(3))
                .map(Entity::id)
                .orElse("");
        return Caller.user(parts.group(1), callerArn, id, "");
    }

    private List<Source> sources(String account, Entity entity) {
        List<Source> sources = new ArrayList<>();
        String type = entity.kind().word();
        for (PolicyDetail policy : store.inlinePolicies(account, entity)) {
            String id = "%s_%s_%s".formatted(entity.kind().word(), entity.name(), policy.policyName());
            sources.add(new Source(id, type, parse(policy.policyDocument())));
        }
        for (AttachedPolicy policy : store.attached(account, entity)) {
            boolean aws = AwsManagedPolicies.isOne(policy.policyArn());
            managed.text(account, policy.policyArn())
                    .ifPresent(text -> sources.add(
                            new Source(policy.policyName(), aws ? "aws-managed" : "user-managed", parse(text))));
        }
        return sources;
    }

    private static List<Source> inputs(List<String> documents) {
        List<Source> sources = new ArrayList<>();
        for (String document : documents) {
            sources.add(new Source("PolicyInputList." + (sources.size() + 1), "IAM Policy", parse(document)));
        }
        return sources;
    }

    private static Policy parse(String document) {
        try {
            return Policy.parse(document);
        } catch (MalformedPolicyException e) {
            throw IamErrors.invalidInput("%s", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Policy> boundary(List<String> documents) {
        if (documents.size() > 1) {
            throw IamErrors.invalidInput("PermissionsBoundaryPolicyInputList can have one policy.");
        }
        return documents.stream().findFirst().map(Simulations::parse);
    }

    private static Optional<Policy> resourcePolicy(@Nullable String document) {
        if (document == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Policy.parseResourcePolicy(document));
        } catch (MalformedPolicyException e) {
            throw PolicyEvaluationException.builder()
                    .message("The resource policy cannot be evaluated: " + e.getMessage())
                    .build();
        }
    }

    /** @return twelve digits; empty when it is not said */
    private static String owner(@Nullable String owner) {
        Matcher account = Pattern.compile("(?:arn:aws:iam::)?([0-9]{12})(?::root)?")
                .matcher(Objects.requireNonNullElse(owner, ""));
        return account.matches() ? account.group(1) : "";
    }

    private static Map<String, List<String>> values(List<ContextEntry> entries) {
        Map<String, List<String>> values = new HashMap<>();
        for (ContextEntry entry : entries) {
            String key = Members.required("contextKeyName", entry.contextKeyName());
            values.put(key.toLowerCase(Locale.ROOT), entry.contextKeyValues());
        }
        return values;
    }
}

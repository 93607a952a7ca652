package dev.groundplane.services.iam;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.ConditionValues;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys of one request: the global ones, and what the service told. Source: IAM User Guide, "AWS global
 * condition context keys".
 *
 * @param held the caller
 * @param request what it asks to do
 * @param now when
 */
record RequestValues(Grants.Held held, AccessRequest request, Instant now) implements ConditionValues {
    private static final String PRINCIPAL_TAG = "aws:principaltag/";

    @Override
    public @Nullable List<String> of(String key) {
        Caller caller = held.subject().caller();
        if (!key.startsWith("aws:")) {
            return request.context().get(key);
        }
        if (key.startsWith(PRINCIPAL_TAG)) {
            String value = held.tags().get(key.substring(PRINCIPAL_TAG.length()));
            return value == null ? null : List.of(value);
        }
        return switch (key) {
            case "aws:currenttime" ->
                List.of(now.truncatedTo(ChronoUnit.SECONDS).toString());
            case "aws:epochtime" -> List.of(Long.toString(now.getEpochSecond()));
            case "aws:principalarn" ->
                caller.isService() ? null : List.of(held.subject().principalArn());
            case "aws:principalaccount" -> caller.isService() ? null : List.of(caller.account());
            case "aws:principaltype" -> type(caller);
            case "aws:principalisawsservice" -> List.of(Boolean.toString(caller.isService()));
            case "aws:principalservicename" -> caller.isService() ? List.of(caller.arn()) : null;
            case "aws:sourceaccount" ->
                caller.isService()
                        ? List.of(caller.account())
                        : request.context().get(key);
            case "aws:principalorgid" ->
                held.place().map(place -> List.of(place.organizationId())).orElse(null);
            case "aws:principalorgpaths" ->
                held.place().map(place -> List.of(place.path())).orElse(null);
            case "aws:userid" -> List.of(caller.userId());
            case "aws:username" -> caller.isUser() ? List.of(caller.userName()) : null;
            case "aws:viaawsservice" -> caller.circumstances().getOrDefault(key, List.of("false"));
            case "aws:resourceaccount" -> resourceAccount(caller);
            case "aws:multifactorauthpresent" -> caller.session().issuedAt() > 0 ? List.of("false") : null;
            case "aws:tokenissuetime" ->
                caller.session().issuedAt() > 0
                        ? List.of(Instant.ofEpochSecond(caller.session().issuedAt())
                                .toString())
                        : null;
            case "aws:federatedprovider" ->
                caller.roleName().isPresent() && !caller.session().provider().isEmpty()
                        ? List.of(caller.session().provider())
                        : null;
            case "aws:sourceidentity" ->
                caller.session().sourceIdentity().isEmpty()
                        ? null
                        : List.of(caller.session().sourceIdentity());
            default -> told(caller.circumstances(), key);
        };
    }

    private @Nullable List<String> told(Map<String, List<String>> circumstances, String key) {
        List<String> value = circumstances.get(key);
        return value != null ? value : request.context().get(key);
    }

    private static @Nullable List<String> type(Caller caller) {
        String type = caller.isRoot()
                ? "Account"
                : caller.isUser()
                        ? "User"
                        : caller.isFederated() ? "FederatedUser" : caller.isTemporary() ? "AssumedRole" : "";
        return type.isEmpty() ? null : List.of(type);
    }

    private List<String> resourceAccount(Caller caller) {
        return List.of(request.owner().isEmpty() ? caller.account() : request.owner());
    }
}

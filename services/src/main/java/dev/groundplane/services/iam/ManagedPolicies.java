package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreatePolicyRequest;
import software.amazon.awssdk.services.iam.model.CreatePolicyResponse;
import software.amazon.awssdk.services.iam.model.DeletePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeletePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyResponse;
import software.amazon.awssdk.services.iam.model.ListPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListPoliciesResponse;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyScopeType;
import software.amazon.awssdk.services.iam.model.PolicyUsageType;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.Tag;

/** Managed policies: the account's own, and AWS's, which nobody changes. */
final class ManagedPolicies {
    static final int MAX_CHARACTERS = 6_144;

    private static final int MOST = 1_500;
    private static final String FIRST_VERSION = "v1";

    private final IdentityStore store;
    private final ManagedPolicyTexts texts;
    private final Attachments attachments;
    private final InstantSource clock;

    ManagedPolicies(IdentityStore store, ManagedPolicyTexts texts, Attachments attachments, InstantSource clock) {
        this.store = store;
        this.texts = texts;
        this.attachments = attachments;
        this.clock = clock;
    }

    CreatePolicyResponse create(Call call, CreatePolicyRequest request) {
        String account = call.scope().account();
        String name = Members.policyName(request.policyName());
        String path = Members.path(request.path());
        String document = document(request.policyDocument());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Policy policy = Policy.builder()
                .policyName(name)
                .policyId(UniqueIds.next("ANPA"))
                .arn("arn:aws:iam::" + account + ":policy" + path + name)
                .path(path)
                .description(
                        request.description() == null
                                ? null
                                : Members.longest("description", request.description(), 1_000))
                .defaultVersionId(FIRST_VERSION)
                .isAttachable(true)
                .createDate(now)
                .updateDate(now)
                .tags(TagList.valid(request.tags()))
                .build();
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            String key = IdentityStore.key(name);
            if (store.policies().find(tx, scope, key).isPresent()) {
                throw IamErrors.exists("A policy called %s".formatted(name), "Duplicate names are not allowed.");
            }
            if (store.policies().list(tx, scope, "", "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("PoliciesPerAccount", MOST);
            }
            store.policies().insert(tx, scope, key, policy, Map.of());
            PolicyVersion version = PolicyVersion.builder()
                    .versionId(FIRST_VERSION)
                    .isDefaultVersion(true)
                    .document(document)
                    .createDate(now)
                    .build();
            store.versions().insert(tx, scope, ManagedPolicyTexts.versionKey(name, FIRST_VERSION), version, Map.of());
            return CreatePolicyResponse.builder()
                    .policy(policy.toBuilder()
                            .description(null)
                            .attachmentCount(0)
                            .permissionsBoundaryUsageCount(0)
                            .build())
                    .build();
        });
    }

    static String document(@Nullable String document) {
        String text = Documents.identity(document);
        if (Documents.size(text) > MAX_CHARACTERS) {
            throw IamErrors.limitExceeded("PolicySize", MAX_CHARACTERS);
        }
        return text;
    }

    GetPolicyResponse get(Call call, GetPolicyRequest request) {
        String account = call.scope().account();
        return GetPolicyResponse.builder()
                .policy(counted(account, require(account, request.policyArn())))
                .build();
    }

    Policy require(String account, @Nullable String policyArn) {
        String arn = Members.arn("policyArn", policyArn);
        return texts.find(account, arn).orElseThrow(() -> IamErrors.noSuchPolicy(arn));
    }

    Policy counted(String account, Policy policy) {
        return policy.toBuilder()
                .attachmentCount(attachments.count(account, policy.arn()))
                .permissionsBoundaryUsageCount(attachments.boundaries(account, policy.arn()))
                .build();
    }

    ListPoliciesResponse list(Call call, ListPoliciesRequest request) {
        String account = call.scope().account();
        PolicyScopeType scope = Objects.requireNonNullElse(request.scope(), PolicyScopeType.ALL);
        List<Policy> all = new ArrayList<>();
        if (scope != PolicyScopeType.LOCAL) {
            AwsManagedPolicies.all().forEach(known -> all.add(known.policy()));
        }
        if (scope != PolicyScopeType.AWS) {
            store.policies().list(IdentityStore.scope(account), "", "", Resources.ALL).items().stream()
                    .map(Stored::value)
                    .forEach(all::add);
        }
        String prefix = Objects.requireNonNullElse(request.pathPrefix(), "/");
        boolean boundaries = request.policyUsageFilter() == PolicyUsageType.PERMISSIONS_BOUNDARY;
        boolean attached = Boolean.TRUE.equals(request.onlyAttached());
        List<Policy> wanted = all.stream()
                .filter(policy -> policy.path().startsWith(prefix))
                .filter(policy -> !attached || attachments.count(account, policy.arn()) > 0)
                .filter(policy -> !boundaries || attachments.boundaries(account, policy.arn()) > 0)
                .toList();
        Listing<Policy> page = Listing.of(wanted, request.marker(), request.maxItems());
        return ListPoliciesResponse.builder()
                .policies(page.items().stream()
                        .map(policy -> listed(counted(account, policy)))
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    /** As listings carry it: AWS leaves description and tags to GetPolicy. */
    private static Policy listed(Policy policy) {
        return policy.toBuilder().description(null).tags((List<Tag>) null).build();
    }

    DeletePolicyResponse delete(Call call, DeletePolicyRequest request) {
        String account = call.scope().account();
        return call.commit(tx -> {
            Stored<Policy> policy = requireOwn(tx, account, request.policyArn());
            String arn = policy.value().arn();
            boolean attached = !store.attachments()
                    .listByIndex(tx, policy.scope(), IdentityStore.BY_POLICY, arn, "", 1)
                    .items()
                    .isEmpty();
            if (attached) {
                throw IamErrors.deleteConflict("Cannot delete a policy attached to entities.");
            }
            if (attachments.boundaries(account, arn) > 0) {
                throw IamErrors.deleteConflict("Cannot delete a policy that is a permissions boundary.");
            }
            List<Stored<PolicyVersion>> versions = versions(tx, policy);
            if (versions.size() > 1) {
                throw IamErrors.deleteConflict(
                        "This policy has more than one version. Before you delete a policy, you must delete the policy's"
                                + " versions. The default version is deleted with the policy.");
            }
            for (Stored<PolicyVersion> version : versions) {
                store.versions().delete(tx, version);
            }
            store.policies().delete(tx, policy);
            return DeletePolicyResponse.builder().build();
        });
    }

    List<Stored<PolicyVersion>> versions(Transaction tx, Stored<Policy> policy) throws SQLException {
        return store.versions()
                .list(
                        tx,
                        policy.scope(),
                        ManagedPolicyTexts.versionPrefix(policy.value().policyName()),
                        "",
                        Resources.ALL)
                .items();
    }

    /** A policy of the account's own: AWS's cannot be changed. */
    Stored<Policy> requireOwn(Transaction tx, String account, @Nullable String policyArn) throws SQLException {
        Policy policy = require(account, policyArn);
        if (AwsManagedPolicies.isOne(policy.arn())) {
            throw IamErrors.validation("Policy %s is managed by AWS and cannot be changed.", policy.arn());
        }
        return store.policies()
                .find(tx, IdentityStore.scope(account), IdentityStore.key(policy.policyName()))
                .orElseThrow(() -> IamErrors.noSuchPolicy(policy.arn()));
    }
}

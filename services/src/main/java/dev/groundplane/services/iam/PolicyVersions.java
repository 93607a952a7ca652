package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.CreatePolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.CreatePolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.DeletePolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.DeletePolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.GetPolicyVersionResponse;
import software.amazon.awssdk.services.iam.model.ListPolicyVersionsRequest;
import software.amazon.awssdk.services.iam.model.ListPolicyVersionsResponse;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.SetDefaultPolicyVersionRequest;
import software.amazon.awssdk.services.iam.model.SetDefaultPolicyVersionResponse;

/** The versions of managed policies; the default one is in force. Numbers are never used again. */
final class PolicyVersions {
    private static final int MOST = 5;
    /** Extra of a policy: the highest number that a version had. */
    private static final String LAST = "lastVersion";

    private final IdentityStore store;
    private final ManagedPolicyTexts texts;
    private final ManagedPolicies policies;
    private final InstantSource clock;

    PolicyVersions(IdentityStore store, ManagedPolicyTexts texts, ManagedPolicies policies, InstantSource clock) {
        this.store = store;
        this.texts = texts;
        this.policies = policies;
        this.clock = clock;
    }

    CreatePolicyVersionResponse create(Call call, CreatePolicyVersionRequest request) {
        String document = ManagedPolicies.document(request.policyDocument());
        boolean asDefault = Boolean.TRUE.equals(request.setAsDefault());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return call.commit(tx -> {
            Stored<Policy> policy = policies.requireOwn(tx, call.scope().account(), request.policyArn());
            if (policies.versions(tx, policy).size() >= MOST) {
                throw IamErrors.limitExceeded("VersionsPerPolicy", MOST);
            }
            int number = 1 + Integer.parseInt(policy.extra().getOrDefault(LAST, "1"));
            PolicyVersion version = PolicyVersion.builder()
                    .versionId("v" + number)
                    .isDefaultVersion(false)
                    .document(document)
                    .createDate(now)
                    .build();
            store.versions().insert(tx, policy.scope(), key(policy.value(), version.versionId()), version, Map.of());
            Stored<Policy> counted = store.policies()
                    .update(
                            tx,
                            policy.withExtra(LAST, Integer.toString(number))
                                    .with(policy.value().toBuilder()
                                            .updateDate(now)
                                            .build()));
            if (asDefault) {
                makeDefault(tx, counted, version.versionId());
            }
            return CreatePolicyVersionResponse.builder()
                    .policyVersion(version.toBuilder()
                            .document(null)
                            .isDefaultVersion(asDefault)
                            .build())
                    .build();
        });
    }

    private static String key(Policy policy, String versionId) {
        return ManagedPolicyTexts.versionKey(policy.policyName(), versionId);
    }

    private static String versionId(@Nullable String versionId) {
        String id = Members.required("versionId", versionId);
        if (!id.matches("v[1-9][0-9]{0,5}")) {
            throw Members.failed(
                    "versionId", id, "Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?");
        }
        return id;
    }

    private void makeDefault(Transaction tx, Stored<Policy> policy, String versionId) throws SQLException {
        String before = policy.value().defaultVersionId();
        mark(tx, policy, before, false);
        mark(tx, policy, versionId, true);
        store.policies()
                .update(
                        tx,
                        policy.with(policy.value().toBuilder()
                                .defaultVersionId(versionId)
                                .updateDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                                .build()));
    }

    private void mark(Transaction tx, Stored<Policy> policy, String versionId, boolean isDefault) throws SQLException {
        Stored<PolicyVersion> version = require(tx, policy, versionId);
        store.versions()
                .update(
                        tx,
                        version.with(version.value().toBuilder()
                                .isDefaultVersion(isDefault)
                                .build()));
    }

    private Stored<PolicyVersion> require(Transaction tx, Stored<Policy> policy, String versionId) throws SQLException {
        return store.versions()
                .find(tx, policy.scope(), key(policy.value(), versionId))
                .orElseThrow(() -> noSuch(policy.value().arn(), versionId));
    }

    private static RuntimeException noSuch(String arn, String versionId) {
        return IamErrors.noSuch("Policy %s version %s does not exist or is not attachable.".formatted(arn, versionId));
    }

    SetDefaultPolicyVersionResponse setDefault(Call call, SetDefaultPolicyVersionRequest request) {
        String versionId = versionId(request.versionId());
        return call.commit(tx -> {
            Stored<Policy> policy = policies.requireOwn(tx, call.scope().account(), request.policyArn());
            require(tx, policy, versionId);
            makeDefault(tx, policy, versionId);
            return SetDefaultPolicyVersionResponse.builder().build();
        });
    }

    DeletePolicyVersionResponse delete(Call call, DeletePolicyVersionRequest request) {
        String versionId = versionId(request.versionId());
        return call.commit(tx -> {
            Stored<Policy> policy = policies.requireOwn(tx, call.scope().account(), request.policyArn());
            Stored<PolicyVersion> version = require(tx, policy, versionId);
            if (versionId.equals(policy.value().defaultVersionId())) {
                throw IamErrors.deleteConflict("Cannot delete the default version of a policy.");
            }
            store.versions().delete(tx, version);
            return DeletePolicyVersionResponse.builder().build();
        });
    }

    GetPolicyVersionResponse get(Call call, GetPolicyVersionRequest request) {
        String account = call.scope().account();
        String versionId = versionId(request.versionId());
        Policy policy = policies.require(account, request.policyArn());
        PolicyVersion version =
                texts.version(account, policy, versionId).orElseThrow(() -> noSuch(policy.arn(), versionId));
        return GetPolicyVersionResponse.builder()
                .policyVersion(version.toBuilder()
                        .document(Documents.encoded(version.document()))
                        .build())
                .build();
    }

    ListPolicyVersionsResponse list(Call call, ListPolicyVersionsRequest request) {
        String account = call.scope().account();
        Policy policy = policies.require(account, request.policyArn());
        Listing<PolicyVersion> page = Listing.of(all(account, policy).reversed(), request.marker(), request.maxItems());
        return ListPolicyVersionsResponse.builder()
                .versions(page.items().stream()
                        .map(version -> version.toBuilder().document(null).build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    /** In order of their numbers. */
    List<PolicyVersion> all(String account, Policy policy) {
        if (AwsManagedPolicies.isOne(policy.arn())) {
            return AwsManagedPolicies.find(policy.arn())
                    .map(known -> List.of(known.version()))
                    .orElse(List.of());
        }
        return store
                .versions()
                .list(
                        IdentityStore.scope(account),
                        ManagedPolicyTexts.versionPrefix(policy.policyName()),
                        "",
                        Integer.MAX_VALUE)
                .items()
                .stream()
                .map(Stored::value)
                .toList();
    }
}

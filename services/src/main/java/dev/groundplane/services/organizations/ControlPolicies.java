package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.organizations.model.AttachPolicyRequest;
import software.amazon.awssdk.services.organizations.model.AttachPolicyResponse;
import software.amazon.awssdk.services.organizations.model.ConstraintViolationExceptionReason;
import software.amazon.awssdk.services.organizations.model.CreatePolicyRequest;
import software.amazon.awssdk.services.organizations.model.CreatePolicyResponse;
import software.amazon.awssdk.services.organizations.model.DeletePolicyRequest;
import software.amazon.awssdk.services.organizations.model.DeletePolicyResponse;
import software.amazon.awssdk.services.organizations.model.DescribePolicyRequest;
import software.amazon.awssdk.services.organizations.model.DescribePolicyResponse;
import software.amazon.awssdk.services.organizations.model.DetachPolicyRequest;
import software.amazon.awssdk.services.organizations.model.DetachPolicyResponse;
import software.amazon.awssdk.services.organizations.model.DuplicatePolicyAttachmentException;
import software.amazon.awssdk.services.organizations.model.DuplicatePolicyException;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;
import software.amazon.awssdk.services.organizations.model.ListPoliciesForTargetRequest;
import software.amazon.awssdk.services.organizations.model.ListPoliciesForTargetResponse;
import software.amazon.awssdk.services.organizations.model.ListPoliciesRequest;
import software.amazon.awssdk.services.organizations.model.ListPoliciesResponse;
import software.amazon.awssdk.services.organizations.model.ListTargetsForPolicyRequest;
import software.amazon.awssdk.services.organizations.model.ListTargetsForPolicyResponse;
import software.amazon.awssdk.services.organizations.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.Policy;
import software.amazon.awssdk.services.organizations.model.PolicyInUseException;
import software.amazon.awssdk.services.organizations.model.PolicyNotAttachedException;
import software.amazon.awssdk.services.organizations.model.PolicySummary;
import software.amazon.awssdk.services.organizations.model.PolicyTargetSummary;
import software.amazon.awssdk.services.organizations.model.PolicyType;
import software.amazon.awssdk.services.organizations.model.PolicyTypeNotEnabledException;
import software.amazon.awssdk.services.organizations.model.TargetType;
import software.amazon.awssdk.services.organizations.model.UpdatePolicyRequest;
import software.amazon.awssdk.services.organizations.model.UpdatePolicyResponse;

/** Service control policies and what they are attached to. */
final class ControlPolicies {
    /** The policy that every target has at first: it allows everything. */
    static final String FULL_ACCESS = "p-FullAWSAccess";

    private static final int MOST_CHARACTERS = 5_120;
    private static final int MOST_PER_TARGET = 5;
    private static final Policy FULL = Policy.builder()
            .policySummary(s -> s.id(FULL_ACCESS)
                    .arn("arn:aws:organizations::aws:policy/service_control_policy/" + FULL_ACCESS)
                    .name("FullAWSAccess")
                    .description("Allows access to every operation")
                    .type(PolicyType.SERVICE_CONTROL_POLICY)
                    .awsManaged(true))
            .content(
                    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}")
            .build();

    private final OrganizationStore store;
    private final Tree tree;

    ControlPolicies(OrganizationStore store, Tree tree) {
        this.store = store;
        this.tree = tree;
    }

    /** The text of a policy. */
    static Optional<String> text(OrganizationStore store, String id) {
        return id.equals(FULL_ACCESS)
                ? Optional.of(FULL.content())
                : store.policies()
                        .find(OrganizationStore.GLOBAL, id)
                        .map(stored -> stored.value().content());
    }

    CreatePolicyResponse create(Call call, CreatePolicyRequest request) {
        Members.supported(request, "Content", "Description", "Name", "Type");
        Organization organization = tree.managed(call);
        requireType(request.typeAsString());
        String name = Members.required("Name", request.name(), 128);
        String content = content(request.content());
        String description = description(request.description());
        String id = Members.id("p-", 8);
        Policy policy = Policy.builder()
                .policySummary(s -> s.id(id)
                        .arn("arn:aws:organizations::%s:policy/%s/service_control_policy/%s"
                                .formatted(organization.masterAccountId(), organization.id(), id))
                        .name(name)
                        .description(description)
                        .type(PolicyType.SERVICE_CONTROL_POLICY)
                        .awsManaged(false))
                .content(content)
                .build();
        return call.commit(tx -> {
            requireFree(tx, organization.id(), name, "");
            store.policies()
                    .insert(
                            tx,
                            OrganizationStore.GLOBAL,
                            id,
                            policy,
                            Map.of(OrganizationStore.ORGANIZATION, organization.id()));
            return CreatePolicyResponse.builder().policy(policy).build();
        });
    }

    /** @throws software.amazon.awssdk.services.organizations.model.InvalidInputException when it is another type */
    static void requireType(@Nullable String type) {
        if (!PolicyType.SERVICE_CONTROL_POLICY.toString().equals(type)) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_ENUM_POLICY_TYPE,
                    "The policy type %s is not implemented by Groundplane; SERVICE_CONTROL_POLICY is.",
                    String.valueOf(type));
        }
    }

    private static String content(@Nullable String content) {
        String text = Members.required("Content", content, Integer.MAX_VALUE);
        if (text.length() > MOST_CHARACTERS) {
            throw OrganizationErrors.violation(
                    ConstraintViolationExceptionReason.POLICY_CONTENT_LIMIT_EXCEEDED,
                    "The policy content exceeds the maximum size of %d characters.",
                    MOST_CHARACTERS);
        }
        try {
            dev.groundplane.platform.policy.Policy.parse(text);
            return text;
        } catch (MalformedPolicyException e) {
            throw MalformedPolicyDocumentException.builder()
                    .message(
                            "The provided policy document does not meet the requirements of the specified policy type: "
                                    + e.getMessage())
                    .build();
        }
    }

    private static String description(@Nullable String description) {
        String text = description == null ? "" : description;
        if (text.length() > 512) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.MAX_LENGTH_EXCEEDED, "Description exceeds 512 characters.");
        }
        return text;
    }

    private void requireFree(Transaction tx, String organization, String name, String except) throws SQLException {
        if (store.in(tx, store.policies(), organization).stream()
                .anyMatch(p -> p.value().policySummary().name().equals(name)
                        && !p.name().equals(except))) {
            throw DuplicatePolicyException.builder()
                    .message("A policy with the same name already exists: " + name)
                    .build();
        }
    }

    UpdatePolicyResponse update(Call call, UpdatePolicyRequest request) {
        Organization organization = tree.managed(call);
        String id = own(request.policyId());
        String content = request.content() == null ? null : content(request.content());
        return call.commit(tx -> {
            Stored<Policy> policy =
                    store.require(tx, store.policies(), organization.id(), id, OrganizationErrors::noPolicy);
            PolicySummary.Builder summary = policy.value().policySummary().toBuilder();
            if (request.name() != null) {
                String name = Members.required("Name", request.name(), 128);
                requireFree(tx, organization.id(), name, id);
                summary.name(name);
            }
            if (request.description() != null) {
                summary.description(description(request.description()));
            }
            Policy changed = policy.value().toBuilder()
                    .policySummary(summary.build())
                    .content(content == null ? policy.value().content() : content)
                    .build();
            store.policies().update(tx, policy.with(changed));
            return UpdatePolicyResponse.builder().policy(changed).build();
        });
    }

    /** The id of a policy that can be changed. */
    private static String own(@Nullable String policyId) {
        String id = Members.required("PolicyId", policyId, 130);
        if (id.equals(FULL_ACCESS)) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.IMMUTABLE_POLICY,
                    "You specified a policy that can't be changed: %s",
                    id);
        }
        return id;
    }

    DeletePolicyResponse delete(Call call, DeletePolicyRequest request) {
        Organization organization = tree.managed(call);
        String id = own(request.policyId());
        return call.commit(tx -> {
            Stored<Policy> policy =
                    store.require(tx, store.policies(), organization.id(), id, OrganizationErrors::noPolicy);
            if (!store.attachments()
                    .listByIndex(tx, OrganizationStore.GLOBAL, OrganizationStore.POLICY, id, "", 1)
                    .items()
                    .isEmpty()) {
                throw PolicyInUseException.builder()
                        .message("The policy is attached to one or more entities. You must detach it first.")
                        .build();
            }
            store.policies().delete(tx, policy);
            return DeletePolicyResponse.builder().build();
        });
    }

    DescribePolicyResponse describe(Call call, DescribePolicyRequest request) {
        return DescribePolicyResponse.builder()
                .policy(require(tree.managed(call), request.policyId()))
                .build();
    }

    private Policy require(Organization organization, @Nullable String policyId) {
        String id = Members.required("PolicyId", policyId, 130);
        return id.equals(FULL_ACCESS)
                ? FULL
                : store.require(store.policies(), organization.id(), id, OrganizationErrors::noPolicy)
                        .value();
    }

    ListPoliciesResponse list(Call call, ListPoliciesRequest request) {
        Organization organization = tree.managed(call);
        requireType(request.filterAsString());
        List<PolicySummary> all = new ArrayList<>(List.of(FULL.policySummary()));
        store.in(store.policies(), organization.id())
                .forEach(policy -> all.add(policy.value().policySummary()));
        Members.Part<PolicySummary> page = Members.page(all, request.nextToken(), request.maxResults());
        return ListPoliciesResponse.builder()
                .policies(page.items())
                .nextToken(page.next())
                .build();
    }

    AttachPolicyResponse attach(Call call, AttachPolicyRequest request) {
        Organization organization = tree.managed(call);
        Policy policy = require(organization, request.policyId());
        String id = policy.policySummary().id();
        Tree.Target target = tree.target(organization, request.targetId());
        return call.commit(tx -> {
            requireEnabled(tx, organization);
            tree.require(tx, organization, target);
            if (!id.equals(FULL_ACCESS)) {
                store.require(tx, store.policies(), organization.id(), id, OrganizationErrors::noPolicy);
            }
            if (attachment(tx, target.id(), id).isPresent()) {
                throw DuplicatePolicyAttachmentException.builder()
                        .message("A policy with the specified name and type already exists on the target: "
                                + target.id())
                        .build();
            }
            if (attached(tx, target.id()).size() >= MOST_PER_TARGET) {
                throw OrganizationErrors.violation(
                        ConstraintViolationExceptionReason.MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED,
                        "You have attached the maximum number of %d service control policies to %s.",
                        MOST_PER_TARGET,
                        target.id());
            }
            store.attach(tx, target.id(), id);
            return AttachPolicyResponse.builder().build();
        });
    }

    private List<Stored<String>> attached(Transaction tx, String target) throws SQLException {
        return store.attachments()
                .list(tx, OrganizationStore.GLOBAL, target + "/", "", Resources.ALL)
                .items();
    }

    private Optional<Stored<String>> attachment(Transaction tx, String target, String policy) throws SQLException {
        return store.attachments().find(tx, OrganizationStore.GLOBAL, target + "/" + policy);
    }

    private void requireEnabled(Transaction tx, Organization organization) throws SQLException {
        if (!Places.enabled(store.root(tx, organization.id()).value())) {
            throw PolicyTypeNotEnabledException.builder()
                    .message("This operation can be performed only for enabled policy types; call EnablePolicyType for"
                            + " SERVICE_CONTROL_POLICY.")
                    .build();
        }
    }

    DetachPolicyResponse detach(Call call, DetachPolicyRequest request) {
        Organization organization = tree.managed(call);
        String id = require(organization, request.policyId()).policySummary().id();
        Tree.Target target = tree.target(organization, request.targetId());
        return call.commit(tx -> {
            Stored<String> attachment = attachment(tx, target.id(), id)
                    .orElseThrow(() -> PolicyNotAttachedException.builder()
                            .message("The policy isn't attached to the specified target.")
                            .build());
            if (attached(tx, target.id()).size() == 1) {
                throw OrganizationErrors.violation(
                        ConstraintViolationExceptionReason.MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED,
                        "You cannot remove the last policy attached to the specified target. You must have at least one"
                                + " attached at all times.");
            }
            store.attachments().delete(tx, attachment);
            return DetachPolicyResponse.builder().build();
        });
    }

    ListPoliciesForTargetResponse ofTarget(Call call, ListPoliciesForTargetRequest request) {
        Organization organization = tree.managed(call);
        requireType(request.filterAsString());
        Tree.Target target = tree.target(organization, request.targetId());
        List<PolicySummary> all = store.attached(target.id()).stream()
                .map(id -> require(organization, id).policySummary())
                .toList();
        Members.Part<PolicySummary> page = Members.page(all, request.nextToken(), request.maxResults());
        return ListPoliciesForTargetResponse.builder()
                .policies(page.items())
                .nextToken(page.next())
                .build();
    }

    ListTargetsForPolicyResponse targets(Call call, ListTargetsForPolicyRequest request) {
        Organization organization = tree.managed(call);
        String id = require(organization, request.policyId()).policySummary().id();
        List<PolicyTargetSummary> all =
                store.attachments().namesByIndex(OrganizationStore.GLOBAL, OrganizationStore.POLICY, id).stream()
                        .map(name -> name.substring(0, name.indexOf('/')))
                        .flatMap(target -> tree.find(organization, target).stream())
                        .map(target -> PolicyTargetSummary.builder()
                                .targetId(target.id())
                                .arn(target.arn())
                                .name(target.name())
                                .type(TargetType.fromValue(target.kind()))
                                .build())
                        .toList();
        Members.Part<PolicyTargetSummary> page = Members.page(all, request.nextToken(), request.maxResults());
        return ListTargetsForPolicyResponse.builder()
                .targets(page.items())
                .nextToken(page.next())
                .build();
    }
}

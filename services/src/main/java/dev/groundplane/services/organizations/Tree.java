package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.organizations.model.AccountJoinedMethod;
import software.amazon.awssdk.services.organizations.model.AccountStatus;
import software.amazon.awssdk.services.organizations.model.AlreadyInOrganizationException;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationRequest;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.OrganizationFeatureSet;
import software.amazon.awssdk.services.organizations.model.OrganizationNotEmptyException;
import software.amazon.awssdk.services.organizations.model.Root;
import software.amazon.awssdk.services.organizations.model.TargetNotFoundException;

/** An organization, its root, and what can be found in it. */
final class Tree {
    /**
     * What policies can be attached to.
     *
     * @param kind {@code ROOT}, {@code ORGANIZATIONAL_UNIT} or {@code ACCOUNT}
     */
    record Target(String id, String arn, String name, String kind) {}

    private final OrganizationStore store;
    private final InstantSource clock;

    Tree(OrganizationStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The organization that the caller's account is in. */
    Organization of(Call call) {
        return store.of(call.scope().account()).orElseThrow(OrganizationErrors::notInUse);
    }

    /** The organization that the caller's account manages. */
    Organization managed(Call call) {
        Organization organization = of(call);
        if (!organization.masterAccountId().equals(call.scope().account())) {
            throw OrganizationErrors.managementOnly();
        }
        return organization;
    }

    /** Service control policies are enabled from the start, as on AWS. */
    CreateOrganizationResponse create(Call call, CreateOrganizationRequest request) {
        if (request.featureSet() != null && request.featureSet() != OrganizationFeatureSet.ALL) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_ENUM,
                    "The feature set %s is not implemented by Groundplane; ALL is.",
                    request.featureSetAsString());
        }
        String account = call.scope().account();
        String id = Members.id("o-", 10);
        String rootId = Members.id("r-", 4);
        String prefix = "arn:aws:organizations::" + account + ":";
        String email = "root@" + account + ".invalid";
        Organization organization = Organization.builder()
                .id(id)
                .arn(prefix + "organization/" + id)
                .featureSet(OrganizationFeatureSet.ALL)
                .masterAccountId(account)
                .masterAccountArn(prefix + "account/" + id + "/" + account)
                .masterAccountEmail(email)
                .availablePolicyTypes(PolicyTypes.CONTROLS)
                .build();
        Root root = Root.builder()
                .id(rootId)
                .arn(prefix + "root/" + id + "/" + rootId)
                .name("Root")
                .policyTypes(PolicyTypes.CONTROLS)
                .build();
        Account management = Account.builder()
                .id(account)
                .arn(organization.masterAccountArn())
                .email(email)
                .name("management")
                .status(AccountStatus.ACTIVE)
                .joinedMethod(AccountJoinedMethod.INVITED)
                .joinedTimestamp(clock.instant())
                .build();
        return call.commit(tx -> {
            if (store.accounts().find(tx, OrganizationStore.GLOBAL, account).isPresent()) {
                throw AlreadyInOrganizationException.builder()
                        .message("The AWS account is already a member of an organization.")
                        .build();
            }
            Map<String, String> in = Map.of(OrganizationStore.ORGANIZATION, id);
            store.organizations().insert(tx, OrganizationStore.GLOBAL, id, organization, in);
            store.roots().insert(tx, OrganizationStore.GLOBAL, rootId, root, in);
            store.accounts()
                    .insert(
                            tx,
                            OrganizationStore.GLOBAL,
                            account,
                            management,
                            Map.of(OrganizationStore.ORGANIZATION, id, OrganizationStore.PARENT, rootId));
            store.attach(tx, rootId, ControlPolicies.FULL_ACCESS);
            store.attach(tx, account, ControlPolicies.FULL_ACCESS);
            return CreateOrganizationResponse.builder()
                    .organization(organization)
                    .build();
        });
    }

    /** Only of one that has nothing but its management account. */
    DeleteOrganizationResponse delete(Call call) {
        Organization organization = managed(call);
        return call.commit(tx -> {
            boolean empty = store.in(tx, store.accounts(), organization.id()).size() == 1
                    && store.in(tx, store.units(), organization.id()).isEmpty()
                    && store.in(tx, store.policies(), organization.id()).isEmpty();
            if (!empty) {
                throw OrganizationNotEmptyException.builder()
                        .message("The organization still has accounts, organizational units or policies.")
                        .build();
            }
            Stored<Root> root = store.root(tx, organization.id());
            store.detachAll(tx, root.name());
            store.detachAll(tx, organization.masterAccountId());
            store.roots().delete(tx, root);
            store.accounts()
                    .delete(
                            tx,
                            store.require(
                                    tx,
                                    store.accounts(),
                                    organization.id(),
                                    organization.masterAccountId(),
                                    OrganizationErrors::noAccount));
            store.organizations()
                    .delete(
                            tx,
                            store.organizations()
                                    .find(tx, OrganizationStore.GLOBAL, organization.id())
                                    .orElseThrow(OrganizationErrors::notInUse));
            return DeleteOrganizationResponse.builder().build();
        });
    }

    /** The id of a root or unit of the organization. */
    String parent(Organization organization, @Nullable String parentId) {
        String id = Members.required("ParentId", parentId, 100);
        return find(organization, id)
                .filter(target -> !target.kind().equals("ACCOUNT"))
                .orElseThrow(() -> OrganizationErrors.noParent(id))
                .id();
    }

    Target target(Organization organization, @Nullable String targetId) {
        String id = Members.required("TargetId", targetId, 100);
        return find(organization, id).orElseThrow(() -> OrganizationErrors.noTarget(id));
    }

    /** @throws TargetNotFoundException when the target is gone by now */
    void require(Transaction tx, Organization organization, Target target) throws SQLException {
        switch (target.kind()) {
            case "ORGANIZATIONAL_UNIT" ->
                store.require(tx, store.units(), organization.id(), target.id(), OrganizationErrors::noTarget);
            case "ACCOUNT" ->
                store.require(tx, store.accounts(), organization.id(), target.id(), OrganizationErrors::noTarget);
            default -> store.require(tx, store.roots(), organization.id(), target.id(), OrganizationErrors::noTarget);
        }
    }

    Optional<Target> find(Organization organization, String id) {
        Stored<Root> root = store.root(organization.id());
        if (root.name().equals(id)) {
            return Optional.of(new Target(id, root.value().arn(), "Root", "ROOT"));
        }
        Optional<Target> unit = store.units()
                .find(OrganizationStore.GLOBAL, id)
                .filter(found -> OrganizationStore.organization(found).equals(organization.id()))
                .map(found -> new Target(id, found.value().arn(), found.value().name(), "ORGANIZATIONAL_UNIT"));
        return unit.or(() -> store.accounts()
                .find(OrganizationStore.GLOBAL, id)
                .filter(found -> OrganizationStore.organization(found).equals(organization.id()))
                .map(found -> new Target(id, found.value().arn(), found.value().name(), "ACCOUNT")));
    }
}

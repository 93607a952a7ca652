package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.organizations.model.AccountJoinedMethod;
import software.amazon.awssdk.services.organizations.model.AccountStatus;
import software.amazon.awssdk.services.organizations.model.AlreadyInOrganizationException;
import software.amazon.awssdk.services.organizations.model.Child;
import software.amazon.awssdk.services.organizations.model.ChildType;
import software.amazon.awssdk.services.organizations.model.ConstraintViolationExceptionReason;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationRequest;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DisablePolicyTypeRequest;
import software.amazon.awssdk.services.organizations.model.DisablePolicyTypeResponse;
import software.amazon.awssdk.services.organizations.model.DuplicateOrganizationalUnitException;
import software.amazon.awssdk.services.organizations.model.EnablePolicyTypeRequest;
import software.amazon.awssdk.services.organizations.model.EnablePolicyTypeResponse;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;
import software.amazon.awssdk.services.organizations.model.ListChildrenRequest;
import software.amazon.awssdk.services.organizations.model.ListChildrenResponse;
import software.amazon.awssdk.services.organizations.model.ListOrganizationalUnitsForParentRequest;
import software.amazon.awssdk.services.organizations.model.ListOrganizationalUnitsForParentResponse;
import software.amazon.awssdk.services.organizations.model.ListParentsRequest;
import software.amazon.awssdk.services.organizations.model.ListParentsResponse;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.OrganizationFeatureSet;
import software.amazon.awssdk.services.organizations.model.OrganizationNotEmptyException;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnit;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnitNotEmptyException;
import software.amazon.awssdk.services.organizations.model.Parent;
import software.amazon.awssdk.services.organizations.model.ParentType;
import software.amazon.awssdk.services.organizations.model.PolicyType;
import software.amazon.awssdk.services.organizations.model.PolicyTypeAlreadyEnabledException;
import software.amazon.awssdk.services.organizations.model.PolicyTypeNotEnabledException;
import software.amazon.awssdk.services.organizations.model.PolicyTypeStatus;
import software.amazon.awssdk.services.organizations.model.PolicyTypeSummary;
import software.amazon.awssdk.services.organizations.model.Root;
import software.amazon.awssdk.services.organizations.model.RootNotFoundException;
import software.amazon.awssdk.services.organizations.model.UpdateOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.UpdateOrganizationalUnitResponse;

/** An organization, its root and its units. */
final class Tree {
    private static final int DEEPEST = 5;

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
                .availablePolicyTypes(PolicyTypeSummary.builder()
                        .type(PolicyType.SERVICE_CONTROL_POLICY)
                        .status(PolicyTypeStatus.ENABLED)
                        .build())
                .build();
        Root root = Root.builder()
                .id(rootId)
                .arn(prefix + "root/" + id + "/" + rootId)
                .name("Root")
                .policyTypes(List.of())
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
            return CreateOrganizationResponse.builder()
                    .organization(organization)
                    .build();
        });
    }

    /** Only of one that has nothing but its management account. */
    DeleteOrganizationResponse delete(Call call) {
        Organization organization = managed(call);
        boolean empty = store.in(store.accounts(), organization.id()).size() == 1
                && store.in(store.units(), organization.id()).isEmpty()
                && store.in(store.policies(), organization.id()).isEmpty();
        if (!empty) {
            throw OrganizationNotEmptyException.builder()
                    .message("The organization still has accounts, organizational units or policies.")
                    .build();
        }
        return call.commit(tx -> {
            Stored<Root> root = store.root(organization.id());
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

    /** Every root, unit and account gets the policy that allows everything, as on AWS. */
    EnablePolicyTypeResponse enable(Call call, EnablePolicyTypeRequest request) {
        Organization organization = managed(call);
        requireControls(request.policyType());
        String rootId = rootId(organization, request.rootId());
        return call.commit(tx -> {
            Stored<Root> root =
                    store.require(tx, store.roots(), organization.id(), rootId, OrganizationErrors::noParent);
            if (Places.enabled(root.value())) {
                throw PolicyTypeAlreadyEnabledException.builder()
                        .message("The specified policy type is already enabled.")
                        .build();
            }
            Root enabled = root.value().toBuilder()
                    .policyTypes(PolicyTypeSummary.builder()
                            .type(PolicyType.SERVICE_CONTROL_POLICY)
                            .status(PolicyTypeStatus.ENABLED)
                            .build())
                    .build();
            store.roots().update(tx, root.with(enabled));
            for (String target : targets(organization, rootId)) {
                store.attach(tx, target, ControlPolicies.FULL_ACCESS);
            }
            return EnablePolicyTypeResponse.builder().root(enabled).build();
        });
    }

    /** Detaches all of them, as on AWS. */
    DisablePolicyTypeResponse disable(Call call, DisablePolicyTypeRequest request) {
        Organization organization = managed(call);
        requireControls(request.policyType());
        String rootId = rootId(organization, request.rootId());
        return call.commit(tx -> {
            Stored<Root> root =
                    store.require(tx, store.roots(), organization.id(), rootId, OrganizationErrors::noParent);
            if (!Places.enabled(root.value())) {
                throw PolicyTypeNotEnabledException.builder()
                        .message("The specified policy type isn't enabled.")
                        .build();
            }
            Root disabled = root.value().toBuilder().policyTypes(List.of()).build();
            store.roots().update(tx, root.with(disabled));
            for (String target : targets(organization, rootId)) {
                store.detachAll(tx, target);
            }
            return DisablePolicyTypeResponse.builder().root(disabled).build();
        });
    }

    private static void requireControls(@Nullable PolicyType type) {
        if (type != PolicyType.SERVICE_CONTROL_POLICY) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_ENUM_POLICY_TYPE,
                    "The policy type %s is not implemented by Groundplane; SERVICE_CONTROL_POLICY is.",
                    String.valueOf(type));
        }
    }

    private String rootId(Organization organization, @Nullable String rootId) {
        String id = Members.required("RootId", rootId, 34);
        if (!store.root(organization.id()).name().equals(id)) {
            throw RootNotFoundException.builder()
                    .message("You specified a root that doesn't exist: " + id)
                    .build();
        }
        return id;
    }

    private List<String> targets(Organization organization, String rootId) {
        return Stream.of(
                        Stream.of(rootId),
                        store.in(store.units(), organization.id()).stream().map(Stored::name),
                        store.in(store.accounts(), organization.id()).stream().map(Stored::name))
                .flatMap(ids -> ids)
                .toList();
    }

    CreateOrganizationalUnitResponse createUnit(Call call, CreateOrganizationalUnitRequest request) {
        Members.supported(request, "ParentId", "Name");
        Organization organization = managed(call);
        String parent = parent(organization, request.parentId());
        String name = Members.required("Name", request.name(), 128);
        Stored<Root> root = store.root(organization.id());
        if (depth(parent) >= DEEPEST) {
            throw OrganizationErrors.violation(
                    ConstraintViolationExceptionReason.OU_DEPTH_LIMIT_EXCEEDED,
                    "You can nest organizational units up to %d levels deep.",
                    DEEPEST);
        }
        String id = Members.id("ou-" + root.name().substring(2) + "-", 8);
        OrganizationalUnit unit = OrganizationalUnit.builder()
                .id(id)
                .arn("arn:aws:organizations::%s:ou/%s/%s"
                        .formatted(organization.masterAccountId(), organization.id(), id))
                .name(name)
                .build();
        return call.commit(tx -> {
            requireFree(parent, name, "");
            store.units()
                    .insert(
                            tx,
                            OrganizationStore.GLOBAL,
                            id,
                            unit,
                            Map.of(
                                    OrganizationStore.ORGANIZATION,
                                    organization.id(),
                                    OrganizationStore.PARENT,
                                    parent));
            if (Places.enabled(root.value())) {
                store.attach(tx, id, ControlPolicies.FULL_ACCESS);
            }
            return CreateOrganizationalUnitResponse.builder()
                    .organizationalUnit(unit)
                    .build();
        });
    }

    private int depth(String id) {
        int depth = 0;
        for (Optional<Stored<OrganizationalUnit>> unit = store.units().find(OrganizationStore.GLOBAL, id);
                unit.isPresent();
                unit = store.units().find(OrganizationStore.GLOBAL, OrganizationStore.parent(unit.get()))) {
            depth++;
        }
        return depth;
    }

    private void requireFree(String parent, String name, String except) {
        if (store.below(store.units(), parent).stream()
                .anyMatch(
                        unit -> unit.value().name().equals(name) && !unit.name().equals(except))) {
            throw DuplicateOrganizationalUnitException.builder()
                    .message("An OU with the same name already exists.")
                    .build();
        }
    }

    /** The id of a root or unit of the organization. */
    String parent(Organization organization, @Nullable String parentId) {
        String id = Members.required("ParentId", parentId, 100);
        return find(organization, id)
                .filter(target -> !target.kind().equals("ACCOUNT"))
                .orElseThrow(() -> OrganizationErrors.noParent(id))
                .id();
    }

    DescribeOrganizationalUnitResponse describeUnit(Call call, DescribeOrganizationalUnitRequest request) {
        String id = Members.required("OrganizationalUnitId", request.organizationalUnitId(), 68);
        return DescribeOrganizationalUnitResponse.builder()
                .organizationalUnit(store.require(store.units(), managed(call).id(), id, OrganizationErrors::noUnit)
                        .value())
                .build();
    }

    UpdateOrganizationalUnitResponse updateUnit(Call call, UpdateOrganizationalUnitRequest request) {
        Organization organization = managed(call);
        String id = Members.required("OrganizationalUnitId", request.organizationalUnitId(), 68);
        return call.commit(tx -> {
            Stored<OrganizationalUnit> unit =
                    store.require(tx, store.units(), organization.id(), id, OrganizationErrors::noUnit);
            String name = request.name() == null ? unit.value().name() : Members.required("Name", request.name(), 128);
            requireFree(OrganizationStore.parent(unit), name, id);
            OrganizationalUnit changed = unit.value().toBuilder().name(name).build();
            store.units().update(tx, unit.with(changed));
            return UpdateOrganizationalUnitResponse.builder()
                    .organizationalUnit(changed)
                    .build();
        });
    }

    DeleteOrganizationalUnitResponse deleteUnit(Call call, DeleteOrganizationalUnitRequest request) {
        Organization organization = managed(call);
        String id = Members.required("OrganizationalUnitId", request.organizationalUnitId(), 68);
        return call.commit(tx -> {
            Stored<OrganizationalUnit> unit =
                    store.require(tx, store.units(), organization.id(), id, OrganizationErrors::noUnit);
            if (!store.below(store.units(), id).isEmpty()
                    || !store.below(store.accounts(), id).isEmpty()) {
                throw OrganizationalUnitNotEmptyException.builder()
                        .message("The specified OU is not empty. Move all accounts to another root or to other OUs.")
                        .build();
            }
            store.detachAll(tx, id);
            store.units().delete(tx, unit);
            return DeleteOrganizationalUnitResponse.builder().build();
        });
    }

    ListOrganizationalUnitsForParentResponse units(Call call, ListOrganizationalUnitsForParentRequest request) {
        String parent = parent(managed(call), request.parentId());
        Members.Part<OrganizationalUnit> page = Members.page(
                store.below(store.units(), parent).stream().map(Stored::value).toList(),
                request.nextToken(),
                request.maxResults());
        return ListOrganizationalUnitsForParentResponse.builder()
                .organizationalUnits(page.items())
                .nextToken(page.next())
                .build();
    }

    ListChildrenResponse children(Call call, ListChildrenRequest request) {
        String parent = parent(managed(call), request.parentId());
        ChildType type = request.childType();
        if (type != ChildType.ACCOUNT && type != ChildType.ORGANIZATIONAL_UNIT) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_ENUM,
                    "ChildType must be ACCOUNT or ORGANIZATIONAL_UNIT, found %s",
                    request.childTypeAsString());
        }
        List<? extends Stored<?>> found =
                type == ChildType.ACCOUNT ? store.below(store.accounts(), parent) : store.below(store.units(), parent);
        List<Child> all = found.stream()
                .map(one -> Child.builder().id(one.name()).type(type).build())
                .toList();
        Members.Part<Child> page = Members.page(all, request.nextToken(), request.maxResults());
        return ListChildrenResponse.builder()
                .children(page.items())
                .nextToken(page.next())
                .build();
    }

    ListParentsResponse parents(Call call, ListParentsRequest request) {
        Organization organization = managed(call);
        String id = Members.required("ChildId", request.childId(), 100);
        String parent = Members.ACCOUNT.matcher(id).matches()
                ? OrganizationStore.parent(
                        store.require(store.accounts(), organization.id(), id, OrganizationErrors::noAccount))
                : OrganizationStore.parent(
                        store.require(store.units(), organization.id(), id, OrganizationErrors::noUnit));
        return ListParentsResponse.builder()
                .parents(Parent.builder()
                        .id(parent)
                        .type(parent.startsWith("r-") ? ParentType.ROOT : ParentType.ORGANIZATIONAL_UNIT)
                        .build())
                .build();
    }

    Target target(Organization organization, @Nullable String targetId) {
        String id = Members.required("TargetId", targetId, 100);
        return find(organization, id).orElseThrow(() -> OrganizationErrors.noTarget(id));
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

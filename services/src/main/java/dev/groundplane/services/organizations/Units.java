package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.organizations.model.Child;
import software.amazon.awssdk.services.organizations.model.ChildType;
import software.amazon.awssdk.services.organizations.model.ConstraintViolationExceptionReason;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DuplicateOrganizationalUnitException;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;
import software.amazon.awssdk.services.organizations.model.ListChildrenRequest;
import software.amazon.awssdk.services.organizations.model.ListChildrenResponse;
import software.amazon.awssdk.services.organizations.model.ListOrganizationalUnitsForParentRequest;
import software.amazon.awssdk.services.organizations.model.ListOrganizationalUnitsForParentResponse;
import software.amazon.awssdk.services.organizations.model.ListParentsRequest;
import software.amazon.awssdk.services.organizations.model.ListParentsResponse;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnit;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnitNotEmptyException;
import software.amazon.awssdk.services.organizations.model.Parent;
import software.amazon.awssdk.services.organizations.model.ParentType;
import software.amazon.awssdk.services.organizations.model.Root;
import software.amazon.awssdk.services.organizations.model.UpdateOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.UpdateOrganizationalUnitResponse;

/** The organizational units of an organization, and what stands below and above what. */
final class Units {
    private static final int DEEPEST = 5;

    private final OrganizationStore store;
    private final Tree tree;

    Units(OrganizationStore store, Tree tree) {
        this.store = store;
        this.tree = tree;
    }

    CreateOrganizationalUnitResponse create(Call call, CreateOrganizationalUnitRequest request) {
        Members.supported(request, "ParentId", "Name");
        Organization organization = tree.managed(call);
        String parent = tree.parent(organization, request.parentId());
        String name = Members.required("Name", request.name(), 128);
        String id = Members.id("ou-" + store.root(organization.id()).name().substring(2) + "-", 8);
        OrganizationalUnit unit = OrganizationalUnit.builder()
                .id(id)
                .arn("arn:aws:organizations::%s:ou/%s/%s"
                        .formatted(organization.masterAccountId(), organization.id(), id))
                .name(name)
                .build();
        return call.commit(tx -> {
            Stored<Root> root = store.root(tx, organization.id());
            if (!parent.equals(root.name())) {
                store.require(tx, store.units(), organization.id(), parent, OrganizationErrors::noParent);
            }
            if (depth(tx, parent) >= DEEPEST) {
                throw OrganizationErrors.violation(
                        ConstraintViolationExceptionReason.OU_DEPTH_LIMIT_EXCEEDED,
                        "You can nest organizational units up to %d levels deep.",
                        DEEPEST);
            }
            requireFree(tx, parent, name, "");
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

    private int depth(Transaction tx, String id) throws SQLException {
        int depth = 0;
        for (Optional<Stored<OrganizationalUnit>> unit = store.units().find(tx, OrganizationStore.GLOBAL, id);
                unit.isPresent();
                unit = store.units().find(tx, OrganizationStore.GLOBAL, OrganizationStore.parent(unit.get()))) {
            depth++;
        }
        return depth;
    }

    private void requireFree(Transaction tx, String parent, String name, String except) throws SQLException {
        if (store.below(tx, store.units(), parent).stream()
                .anyMatch(
                        unit -> unit.value().name().equals(name) && !unit.name().equals(except))) {
            throw DuplicateOrganizationalUnitException.builder()
                    .message("An OU with the same name already exists.")
                    .build();
        }
    }

    DescribeOrganizationalUnitResponse describe(Call call, DescribeOrganizationalUnitRequest request) {
        String id = Members.required("OrganizationalUnitId", request.organizationalUnitId(), 68);
        return DescribeOrganizationalUnitResponse.builder()
                .organizationalUnit(
                        store.require(store.units(), tree.managed(call).id(), id, OrganizationErrors::noUnit)
                                .value())
                .build();
    }

    UpdateOrganizationalUnitResponse update(Call call, UpdateOrganizationalUnitRequest request) {
        Organization organization = tree.managed(call);
        String id = Members.required("OrganizationalUnitId", request.organizationalUnitId(), 68);
        return call.commit(tx -> {
            Stored<OrganizationalUnit> unit =
                    store.require(tx, store.units(), organization.id(), id, OrganizationErrors::noUnit);
            String name = request.name() == null ? unit.value().name() : Members.required("Name", request.name(), 128);
            requireFree(tx, OrganizationStore.parent(unit), name, id);
            OrganizationalUnit changed = unit.value().toBuilder().name(name).build();
            store.units().update(tx, unit.with(changed));
            return UpdateOrganizationalUnitResponse.builder()
                    .organizationalUnit(changed)
                    .build();
        });
    }

    DeleteOrganizationalUnitResponse delete(Call call, DeleteOrganizationalUnitRequest request) {
        Organization organization = tree.managed(call);
        String id = Members.required("OrganizationalUnitId", request.organizationalUnitId(), 68);
        return call.commit(tx -> {
            Stored<OrganizationalUnit> unit =
                    store.require(tx, store.units(), organization.id(), id, OrganizationErrors::noUnit);
            if (!store.below(tx, store.units(), id).isEmpty()
                    || !store.below(tx, store.accounts(), id).isEmpty()) {
                throw OrganizationalUnitNotEmptyException.builder()
                        .message("The specified OU is not empty. Move all accounts to another root or to other OUs.")
                        .build();
            }
            store.detachAll(tx, id);
            store.units().delete(tx, unit);
            return DeleteOrganizationalUnitResponse.builder().build();
        });
    }

    ListOrganizationalUnitsForParentResponse list(Call call, ListOrganizationalUnitsForParentRequest request) {
        String parent = tree.parent(tree.managed(call), request.parentId());
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
        String parent = tree.parent(tree.managed(call), request.parentId());
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
        Organization organization = tree.managed(call);
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
}

package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.organizations.model.DisablePolicyTypeRequest;
import software.amazon.awssdk.services.organizations.model.DisablePolicyTypeResponse;
import software.amazon.awssdk.services.organizations.model.EnablePolicyTypeRequest;
import software.amazon.awssdk.services.organizations.model.EnablePolicyTypeResponse;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.PolicyType;
import software.amazon.awssdk.services.organizations.model.PolicyTypeAlreadyEnabledException;
import software.amazon.awssdk.services.organizations.model.PolicyTypeNotEnabledException;
import software.amazon.awssdk.services.organizations.model.PolicyTypeStatus;
import software.amazon.awssdk.services.organizations.model.PolicyTypeSummary;
import software.amazon.awssdk.services.organizations.model.Root;
import software.amazon.awssdk.services.organizations.model.RootNotFoundException;

/** Whether an organization's service control policies bind anyone. */
final class PolicyTypes {
    /** What a root has whose service control policies are enabled. */
    static final PolicyTypeSummary CONTROLS = PolicyTypeSummary.builder()
            .type(PolicyType.SERVICE_CONTROL_POLICY)
            .status(PolicyTypeStatus.ENABLED)
            .build();

    private final OrganizationStore store;
    private final Tree tree;

    PolicyTypes(OrganizationStore store, Tree tree) {
        this.store = store;
        this.tree = tree;
    }

    /** Every root, unit and account gets the policy that allows everything, as on AWS. */
    EnablePolicyTypeResponse enable(Call call, EnablePolicyTypeRequest request) {
        Organization organization = tree.managed(call);
        ControlPolicies.requireType(request.policyTypeAsString());
        String rootId = rootId(organization, request.rootId());
        return call.commit(tx -> {
            Stored<Root> root =
                    store.require(tx, store.roots(), organization.id(), rootId, OrganizationErrors::noParent);
            if (Places.enabled(root.value())) {
                throw PolicyTypeAlreadyEnabledException.builder()
                        .message("The specified policy type is already enabled.")
                        .build();
            }
            Root enabled = root.value().toBuilder().policyTypes(CONTROLS).build();
            store.roots().update(tx, root.with(enabled));
            for (String target : targets(tx, organization, rootId)) {
                store.attach(tx, target, ControlPolicies.FULL_ACCESS);
            }
            return EnablePolicyTypeResponse.builder().root(enabled).build();
        });
    }

    /** Detaches all of them, as on AWS. */
    DisablePolicyTypeResponse disable(Call call, DisablePolicyTypeRequest request) {
        Organization organization = tree.managed(call);
        ControlPolicies.requireType(request.policyTypeAsString());
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
            for (String target : targets(tx, organization, rootId)) {
                store.detachAll(tx, target);
            }
            return DisablePolicyTypeResponse.builder().root(disabled).build();
        });
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

    private List<String> targets(Transaction tx, Organization organization, String rootId) throws SQLException {
        return Stream.of(
                        Stream.of(rootId),
                        store.in(tx, store.units(), organization.id()).stream().map(Stored::name),
                        store.in(tx, store.accounts(), organization.id()).stream()
                                .map(Stored::name))
                .flatMap(ids -> ids)
                .toList();
    }
}

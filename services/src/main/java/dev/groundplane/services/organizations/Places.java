package dev.groundplane.services.organizations;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.policy.Organization;
import dev.groundplane.platform.store.Remembered;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.organizations.model.AccountStatus;
import software.amazon.awssdk.services.organizations.model.PolicyTypeStatus;
import software.amazon.awssdk.services.organizations.model.Root;

/** Where accounts stand, remembered until something of Organizations' is written. Thread-safe. */
final class Places implements Organization {
    /** What binds an account that was closed. */
    private static final String CLOSED =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    private final OrganizationStore store;
    private final Remembered<String, Optional<Place>> places;

    Places(OrganizationStore store, Events events) {
        this.store = store;
        places = new Remembered<>(store.database(), events, OrganizationStore.decisiveTypes());
    }

    @Override
    public Optional<Place> of(String account) {
        return places.get(account, this::read);
    }

    private Optional<Place> read(String id) {
        return store.accounts().find(OrganizationStore.GLOBAL, id).map(this::place);
    }

    private Place place(Stored<Account> account) {
        String organization = OrganizationStore.organization(account);
        List<String> above = above(account);
        String path = organization + "/" + String.join("/", above) + "/";
        if (account.value().status() == AccountStatus.SUSPENDED) {
            return new Place(organization, path, List.of(List.of(CLOSED)));
        }
        boolean management = store.organizations()
                .find(OrganizationStore.GLOBAL, organization)
                .filter(found -> found.value().masterAccountId().equals(account.name()))
                .isPresent();
        if (management || !enabled(store.root(organization).value())) {
            return new Place(organization, path, List.of());
        }
        List<List<String>> levels = new ArrayList<>();
        for (String target : above) {
            levels.add(texts(target));
        }
        levels.add(texts(account.name()));
        return new Place(organization, path, List.copyOf(levels));
    }

    /** Ids from the root down to what the account is in. */
    private List<String> above(Stored<Account> account) {
        List<String> ids = new ArrayList<>();
        for (String id = OrganizationStore.parent(account); !id.isEmpty(); ) {
            ids.addFirst(id);
            id = store.units()
                    .find(OrganizationStore.GLOBAL, id)
                    .map(OrganizationStore::parent)
                    .orElse("");
        }
        return ids;
    }

    private List<String> texts(String target) {
        return store.attached(target).stream()
                .map(id -> ControlPolicies.text(store, id))
                .flatMap(Optional::stream)
                .toList();
    }

    static boolean enabled(Root root) {
        return root.policyTypes().stream().anyMatch(type -> type.status() == PolicyTypeStatus.ENABLED);
    }
}

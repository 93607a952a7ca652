package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.policy.Organization;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
import software.amazon.awssdk.services.organizations.OrganizationsClient;

/** The part of Organizations that lives as long as the process. Thread-safe. */
public final class Organizations implements AutoCloseable {
    private final Tree tree;
    private final Units units;
    private final PolicyTypes policyTypes;
    private final Accounts accounts;
    private final ControlPolicies policies;
    private final OrganizationStore store;
    private final Places places;

    /**
     * @param database where organizations are kept
     * @param events where their changes are announced
     * @param preparation makes what a new account has from the start
     * @param clock tells when accounts were made
     */
    public Organizations(Database database, Events events, AccountPreparation preparation, InstantSource clock) {
        store = new OrganizationStore(database, events);
        places = new Places(store, events);
        tree = new Tree(store, clock);
        units = new Units(store, tree);
        policyTypes = new PolicyTypes(store, tree);
        accounts = new Accounts(store, tree, preparation, clock);
        policies = new ControlPolicies(store, tree);
    }

    /** Goes on with accounts that are being made. */
    public void start() {
        accounts.start();
    }

    /** Organizations on behalf of one call. */
    public OrganizationsClient client(Call call) {
        return new OrganizationsService(call, this);
    }

    /** What Organizations' operations ask to do. */
    public AccessModel access() {
        return new OrganizationsAccess(store);
    }

    /** Where accounts stand, for decisions. */
    public Organization places() {
        return places;
    }

    OrganizationStore store() {
        return store;
    }

    Tree tree() {
        return tree;
    }

    Units units() {
        return units;
    }

    PolicyTypes policyTypes() {
        return policyTypes;
    }

    Accounts accounts() {
        return accounts;
    }

    ControlPolicies policies() {
        return policies;
    }

    @Override
    public void close() {
        accounts.close();
    }
}

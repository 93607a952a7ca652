package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Map;

/** Clusters by their names, and who has which user ids. Thread-safe. */
final class ClusterStore {
    static final String CLUSTER = "parallelcluster:cluster";

    /** Above what systems give to people and services. */
    private static final int FIRST_USER = 700_000;

    private static final int USERS = 1_000;
    /** Where the ids begin that containers of other systems' users usually have. */
    private static final int LAST_USER = 100_000_000;

    private static final Scope MACHINE = new Scope("", "");

    private final Database database;
    private final Resources<HpcCluster> clusters;
    private final Resources<String> users;

    ClusterStore(Database database, Events events) {
        this.database = database;
        clusters = new Resources<>(database, events, ResourceType.of(CLUSTER, HpcCluster::encode, HpcCluster::decode));
        users = new Resources<>(database, events, ResourceType.of("parallelcluster:users", text -> text, text -> text));
    }

    Database database() {
        return database;
    }

    Resources<HpcCluster> clusters() {
        return clusters;
    }

    /** @throws ParallelClusterException when there is none of the name */
    Stored<HpcCluster> require(Scope scope, String name) {
        return clusters.find(scope, name).orElseThrow(() -> ParallelClusterException.notFound(name));
    }

    /** @throws ParallelClusterException when there is none of the name */
    Stored<HpcCluster> require(Transaction tx, Scope scope, String name) throws SQLException {
        return clusters.find(tx, scope, name).orElseThrow(() -> ParallelClusterException.notFound(name));
    }

    /** Takes the first of a thousand user ids that no other cluster has. */
    int takeUsers(Transaction tx, String id) throws SQLException {
        for (int first = FIRST_USER; first < LAST_USER; first += USERS) {
            String name = Integer.toString(first);
            if (users.find(tx, MACHINE, name).isEmpty()) {
                users.insert(tx, MACHINE, name, id, Map.of());
                return first;
            }
        }
        throw ParallelClusterException.conflict("there are more clusters than user ids for them");
    }

    void giveUsers(Transaction tx, int first) throws SQLException {
        users.deleteIfPresent(tx, MACHINE, Integer.toString(first));
    }
}

package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.ManagedPasswords;
import dev.groundplane.services.warehouse.AdministratorPassword;
import dev.groundplane.services.warehouse.DatabasePorts;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ClusterNode;
import software.amazon.awssdk.services.redshift.model.ClusterParameterGroupStatus;
import software.amazon.awssdk.services.redshift.model.CreateClusterRequest;
import software.amazon.awssdk.services.redshift.model.CreateClusterResponse;
import software.amazon.awssdk.services.redshift.model.Endpoint;

/** {@code CreateCluster}. */
final class ClusterCreation {
    private static final Set<String> MEMBERS = Set.of(
            "ClusterIdentifier",
            "DBName",
            "NodeType",
            "ClusterType",
            "NumberOfNodes",
            "MasterUsername",
            "MasterUserPassword",
            "ManageMasterPassword",
            "Port",
            "IamRoles",
            "DefaultIamRoleArn",
            "Tags.*",
            "PubliclyAccessible",
            "AllowVersionUpgrade",
            "AutomatedSnapshotRetentionPeriod",
            "ManualSnapshotRetentionPeriod",
            "ClusterVersion",
            "MaintenanceTrackName",
            "ClusterParameterGroupName",
            "ClusterSubnetGroupName",
            "IpAddressType",
            "AquaConfigurationStatus");

    private final ClusterStore store;
    private final DatabasePorts ports;
    private final ClusterRoles roles;
    private final ManagedPasswords managed;
    private final String address;
    private final InstantSource clock;

    /** @param address the host name or address that clients reach this machine at */
    ClusterCreation(
            ClusterStore store,
            DatabasePorts ports,
            ClusterRoles roles,
            ManagedPasswords managed,
            String address,
            InstantSource clock) {
        this.store = store;
        this.ports = ports;
        this.roles = roles;
        this.managed = managed;
        this.address = address;
        this.clock = clock;
    }

    CreateClusterResponse create(Call call, CreateClusterRequest request) {
        Cluster wanted = described(call, request);
        boolean manages = Boolean.TRUE.equals(request.manageMasterPassword());
        if (manages == (request.masterUserPassword() != null)) {
            throw RedshiftErrors.combination("One of MasterUserPassword and ManageMasterPassword is required.");
        }
        if (!manages) {
            return insert(call, request, wanted, ClusterRules.password(request.masterUserPassword()), null);
        }
        ManagedPasswords.Made made = managed.make(
                call.scope(),
                "redshift!%s-%s".formatted(wanted.clusterIdentifier(), wanted.masterUsername()),
                wanted.masterUsername());
        try {
            return insert(
                    call,
                    request,
                    wanted.toBuilder().masterPasswordSecretArn(made.arn()).build(),
                    made.password(),
                    made);
        } catch (RuntimeException e) {
            managed.abandon(call.scope(), made);
            throw e;
        }
    }

    private CreateClusterResponse insert(
            Call call,
            CreateClusterRequest request,
            Cluster wanted,
            String password,
            ManagedPasswords.@Nullable Made made) {
        String verifier = AdministratorPassword.verifier(password).toString();
        return call.commit(tx -> {
            Cluster cluster = insert(tx, call, wanted, request.port(), verifier);
            if (made != null) {
                managed.keep(tx, call.scope(), made);
            }
            return CreateClusterResponse.builder().cluster(cluster).build();
        });
    }

    /**
     * Stores a cluster.
     *
     * @param wanted one that was {@link #described}
     * @param wantedPort null for any
     * @param verifier of its administrator's password
     */
    Cluster insert(Transaction tx, Call call, Cluster wanted, @Nullable Integer wantedPort, String verifier)
            throws SQLException {
        String identifier = wanted.clusterIdentifier();
        if (store.clusters().find(tx, call.scope(), identifier).isPresent()) {
            throw RedshiftErrors.exists(identifier);
        }
        int port = port(tx, wantedPort);
        Cluster cluster = wanted.toBuilder()
                .endpoint(Endpoint.builder().address(address).port(port).build())
                .build();
        store.clusters().insert(tx, call.scope(), identifier, cluster, Map.of(ClusterStore.VERIFIER, verifier));
        return cluster;
    }

    /**
     * Takes a port. Redshift's own one is what clients name when they do not care, because each of AWS's clusters has an address of
     * its own; here the next free one is as good.
     */
    private int port(Transaction tx, @Nullable Integer wanted) throws SQLException {
        return wanted == null || wanted == DatabasePorts.FIRST ? ports.takeFirst(tx) : exactly(tx, ports, wanted);
    }

    /** Takes the port that is named, whichever it is. */
    static int exactly(Transaction tx, DatabasePorts ports, int wanted) throws SQLException {
        Optional<String> refusal = ports.take(tx, wanted);
        if (refusal.isPresent()) {
            throw RedshiftErrors.invalid("Port %d %s", wanted, refusal.get());
        }
        return wanted;
    }

    /** The cluster that a request is to make, which is checked but for the administrator's password. Before the transaction. */
    Cluster described(Call call, CreateClusterRequest request) {
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        if (Boolean.TRUE.equals(request.encrypted())) {
            throw RedshiftErrors.invalid("Encrypted true is not implemented by Groundplane: databases are files that it"
                    + " does not encrypt; put the data directory on an encrypted file system, and leave it out.");
        }
        RedshiftErrors.checkMembers(request, MEMBERS);
        ClusterRules.only("ClusterVersion", request.clusterVersion(), Catalog.VERSION);
        ClusterRules.only("MaintenanceTrackName", request.maintenanceTrackName(), "current");
        ClusterRules.only("ManualSnapshotRetentionPeriod", request.manualSnapshotRetentionPeriod(), -1);
        ClusterRules.only("ClusterParameterGroupName", request.clusterParameterGroupName(), Catalog.PARAMETER_GROUP);
        ClusterRules.only("ClusterSubnetGroupName", request.clusterSubnetGroupName(), Catalog.SUBNET_GROUP);
        ClusterRules.only("IpAddressType", request.ipAddressType(), "ipv4");
        ClusterSize size = ClusterSize.of(request.nodeType(), request.clusterType(), request.numberOfNodes());
        roles.check(call, request.iamRoles());
        if (store.database().shared()) {
            throw RedshiftErrors.invalid("The warehouse's databases lie in one control plane's data directory, so it is"
                    + " not available where several share a database.");
        }
        Cluster.Builder made = Cluster.builder()
                .clusterIdentifier(identifier)
                .clusterNamespaceArn(call.scope().arn("redshift", "namespace:" + UUID.randomUUID()))
                .masterUsername(ClusterRules.user("MasterUsername", request.masterUsername()))
                .dbName(ClusterRules.database(request.dbName()))
                .clusterCreateTime(clock.instant())
                .clusterVersion(Catalog.VERSION)
                .maintenanceTrackName("current")
                .allowVersionUpgrade(Objects.requireNonNullElse(request.allowVersionUpgrade(), true))
                .automatedSnapshotRetentionPeriod(retention(request.automatedSnapshotRetentionPeriod()))
                .manualSnapshotRetentionPeriod(-1)
                .publiclyAccessible(Boolean.TRUE.equals(request.publiclyAccessible()))
                .encrypted(false)
                .enhancedVpcRouting(false)
                .availabilityZone(call.scope().region() + "a")
                .availabilityZoneRelocationStatus("disabled")
                .multiAZ("Disabled")
                .ipAddressType("ipv4")
                .clusterSubnetGroupName(Catalog.SUBNET_GROUP)
                .clusterParameterGroups(ClusterParameterGroupStatus.builder()
                        .parameterGroupName(Catalog.PARAMETER_GROUP)
                        .parameterApplyStatus("in-sync")
                        .build())
                .tags(Tags.added(List.of(), request.tags()));
        sized(made, size, address);
        roles.set(made, request.iamRoles(), request.defaultIamRoleArn());
        return ClusterStatus.CREATING.on(made).build();
    }

    /** How long automated snapshots are kept: AWS's default is accepted because clients send it, and none are taken. */
    private static int retention(@Nullable Integer days) {
        int wanted = Objects.requireNonNullElse(days, 1);
        if (wanted != 0 && wanted != 1) {
            throw RedshiftErrors.invalid(
                    "AutomatedSnapshotRetentionPeriod %d is not implemented by Groundplane, which takes no automated"
                            + " snapshots; use 0, or leave it out.",
                    wanted);
        }
        return wanted;
    }

    /** Sets the members that tell a cluster's size. */
    static void sized(Cluster.Builder cluster, ClusterSize size, String address) {
        List<ClusterNode> nodes = new ArrayList<>();
        nodes.add(node(size.nodes() == 1 ? "SHARED" : "LEADER", address));
        if (size.nodes() > 1) {
            IntStream.range(0, size.nodes()).forEach(number -> nodes.add(node("COMPUTE-" + number, address)));
        }
        cluster.nodeType(size.type().name()).numberOfNodes(size.nodes()).clusterNodes(nodes);
    }

    private static ClusterNode node(String role, String address) {
        return ClusterNode.builder()
                .nodeRole(role)
                .privateIPAddress(address)
                .publicIPAddress(address)
                .build();
    }
}

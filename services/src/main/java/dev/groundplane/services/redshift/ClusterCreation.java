package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.AdministratorPassword;
import dev.groundplane.services.warehouse.WarehousePorts;
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
    private final WarehousePorts ports;
    private final ClusterRoles roles;
    private final ManagedPassword managed;
    private final String address;
    private final InstantSource clock;

    /** @param address the host name or address that clients reach this machine at */
    ClusterCreation(
            ClusterStore store,
            WarehousePorts ports,
            ClusterRoles roles,
            ManagedPassword managed,
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
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        Cluster wanted = described(call, identifier, request);
        boolean manages = Boolean.TRUE.equals(request.manageMasterPassword());
        if (manages == (request.masterUserPassword() != null)) {
            throw RedshiftErrors.combination("One of MasterUserPassword and ManageMasterPassword is required.");
        }
        roles.check(call, request.iamRoles());
        if (store.database().shared()) {
            throw RedshiftErrors.invalid("The warehouse's databases lie in one control plane's data directory, so it is"
                    + " not available where several share a database.");
        }
        if (!manages) {
            return insert(call, request, wanted, password(request.masterUserPassword()));
        }
        ManagedPassword.Made made = managed.make(call.scope(), identifier, wanted.masterUsername());
        try {
            return insert(
                    call,
                    request,
                    wanted.toBuilder().masterPasswordSecretArn(made.arn()).build(),
                    made.password());
        } catch (RuntimeException e) { // there is no cluster that the secret is of
            managed.remove(call.scope(), made.arn());
            throw e;
        }
    }

    /** Says what is wrong without the password. */
    static String password(String password) {
        if (!AdministratorPassword.isValid(password)) {
            throw RedshiftErrors.invalid("MasterUserPassword %s", AdministratorPassword.RULE);
        }
        return password;
    }

    private CreateClusterResponse insert(Call call, CreateClusterRequest request, Cluster wanted, String password) {
        String verifier = AdministratorPassword.verifier(password).toString();
        return call.commit(tx -> {
            String identifier = wanted.clusterIdentifier();
            if (store.clusters().find(tx, call.scope(), identifier).isPresent()) {
                throw RedshiftErrors.exists(identifier);
            }
            int port = port(tx, ports, request.port());
            Cluster cluster = wanted.toBuilder()
                    .endpoint(Endpoint.builder().address(address).port(port).build())
                    .build();
            store.clusters().insert(tx, call.scope(), identifier, cluster, Map.of(ClusterStore.VERIFIER, verifier));
            return CreateClusterResponse.builder().cluster(cluster).build();
        });
    }

    /**
     * Takes a port. Redshift's own one is what clients name when they do not care, because each of AWS's clusters has an address of
     * its own; here the next free one is as good.
     */
    static int port(Transaction tx, WarehousePorts ports, @Nullable Integer wanted) throws SQLException {
        if (wanted == null || wanted == WarehousePorts.FIRST) {
            return ports.takeFirst(tx);
        }
        if (!ports.take(tx, wanted)) {
            throw RedshiftErrors.invalid(
                    "Port %d must be from %d to %d, and none that another cluster or workgroup has.",
                    wanted, WarehousePorts.LOWEST, WarehousePorts.HIGHEST);
        }
        return wanted;
    }

    private Cluster described(Call call, String identifier, CreateClusterRequest request) {
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
        ClusterRoles.set(
                made,
                request.iamRoles().stream().distinct().toList(),
                Optional.ofNullable(request.defaultIamRoleArn()).orElse(""));
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

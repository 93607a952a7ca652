package dev.groundplane.services.redshiftdata;

import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;

/**
 * Where statements run.
 *
 * @param cluster whether it is a provisioned cluster, and not a workgroup
 * @param name the cluster's identifier, the workgroup's name
 */
record Site(boolean cluster, String name) {
    private static final String CLUSTER = "cluster:";

    static Site of(DescribeStatementResponse statement) {
        return statement.clusterIdentifier() == null
                ? new Site(false, statement.workgroupName())
                : new Site(true, statement.clusterIdentifier());
    }

    /** What {@link #key} gave. */
    static Site of(String key) {
        return key.startsWith(CLUSTER) ? new Site(true, key.substring(CLUSTER.length())) : new Site(false, key);
    }

    /** Differs from that of every other site; a workgroup's is its name. */
    String key() {
        return cluster ? CLUSTER + name : name;
    }

    DescribeStatementResponse.Builder on(DescribeStatementResponse.Builder statement) {
        return cluster ? statement.clusterIdentifier(name) : statement.workgroupName(name);
    }

    /** For the begin of a sentence. */
    @Override
    public String toString() {
        return (cluster ? "Cluster " : "Workgroup ") + name;
    }
}

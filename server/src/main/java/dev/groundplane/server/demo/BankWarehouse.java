package dev.groundplane.server.demo;

import dev.groundplane.server.local.Connection;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.UUID;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.Endpoint;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket for market data and a workgroup of Redshift Serverless, with a role that may bring the one into the other. */
final class BankWarehouse implements Step {
    static final String WORKGROUP = "bank";
    static final String DATABASE = "dev";
    static final String BUCKET = "bank-market-data";
    private static final String ROLE = "bank-warehouse-loader";
    private static final String ADMIN = "admin";
    private static final int USUAL_PORT = 5439;

    private static final String TRUST = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": {"Service": "redshift-serverless.amazonaws.com"}}]}""";
    private static final String READ_BUCKET = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],
              "Resource": ["arn:aws:s3:::%1$s", "arn:aws:s3:::%1$s/*"]}]}""".formatted(BUCKET);

    private final Connection connection;

    /** Of the administrator, who alone may make databases; another one for each run. */
    private final String password = "Aa1" + UUID.randomUUID();

    BankWarehouse(Connection connection) {
        this.connection = connection;
    }

    @Override
    public String title() {
        return "make a warehouse for the bank, and a role that loads it";
    }

    @Override
    public void run() throws IOException {
        try (S3Client s3 = connection.s3();
                IamClient iam = connection.iam();
                RedshiftServerlessClient redshift = connection.redshiftServerless()) {
            s3.createBucket(b -> b.bucket(BUCKET));
            makeRole(iam);
            makeWorkgroup(redshift);
        }
    }

    private static void makeRole(IamClient iam) {
        try {
            iam.createRole(b -> b.roleName(ROLE).assumeRolePolicyDocument(TRUST));
        } catch (EntityAlreadyExistsException e) {
            iam.updateAssumeRolePolicy(b -> b.roleName(ROLE).policyDocument(TRUST));
        }
        iam.putRolePolicy(b -> b.roleName(ROLE).policyName("market-data").policyDocument(READ_BUCKET));
    }

    private void makeWorkgroup(RedshiftServerlessClient redshift) throws IOException {
        try {
            redshift.createNamespace(b -> b.namespaceName(WORKGROUP)
                    .iamRoles(role())
                    .adminUsername(ADMIN)
                    .adminUserPassword(password));
        } catch (ConflictException e) { // of an earlier run
            redshift.updateNamespace(
                    b -> b.namespaceName(WORKGROUP).adminUsername(ADMIN).adminUserPassword(password));
        }
        try {
            redshift.getWorkgroup(b -> b.workgroupName(WORKGROUP));
        } catch (ResourceNotFoundException e) {
            int port = freePort();
            redshift.createWorkgroup(b -> b.workgroupName(WORKGROUP)
                    .namespaceName(WORKGROUP)
                    .baseCapacity(4)
                    .port(port));
        }
    }

    /** Redshift's usual port, or any other where another program or installation has that one. */
    private static int freePort() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket usual = new ServerSocket(USUAL_PORT, 1, loopback)) {
            return usual.getLocalPort();
        } catch (BindException e) {
            try (ServerSocket other = new ServerSocket(0, 1, loopback)) {
                return other.getLocalPort();
            }
        }
    }

    /** The ARN of the role that reads the bucket. */
    String role() {
        return "arn:aws:iam::%s:role/%s".formatted(connection.account(), ROLE);
    }

    /** The ARN of the namespace. */
    String namespace() {
        try (RedshiftServerlessClient redshift = connection.redshiftServerless()) {
            return redshift.getNamespace(b -> b.namespaceName(WORKGROUP))
                    .namespace()
                    .namespaceArn();
        }
    }

    /** A temporary password for whoever runs the demo. */
    GetCredentialsResponse credentials() {
        try (RedshiftServerlessClient redshift = connection.redshiftServerless()) {
            return redshift.getCredentials(b -> b.workgroupName(WORKGROUP).dbName(DATABASE));
        }
    }

    /** A session of the warehouse's administrator. The caller closes it. */
    java.sql.Connection connect() throws SQLException {
        Endpoint endpoint = workgroup().endpoint();
        return Sessions.open(endpoint.address(), endpoint.port(), DATABASE, ADMIN, password);
    }

    /** The workgroup as it is. */
    Workgroup workgroup() {
        try (RedshiftServerlessClient redshift = connection.redshiftServerless()) {
            return redshift.getWorkgroup(b -> b.workgroupName(WORKGROUP)).workgroup();
        }
    }
}

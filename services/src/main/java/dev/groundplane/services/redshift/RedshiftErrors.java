package dev.groundplane.services.redshift;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshift.model.ClusterAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.ClusterNotFoundException;
import software.amazon.awssdk.services.redshift.model.ClusterSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.ClusterSnapshotNotFoundException;
import software.amazon.awssdk.services.redshift.model.IntegrationAlreadyExistsException;
import software.amazon.awssdk.services.redshift.model.IntegrationNotFoundException;
import software.amazon.awssdk.services.redshift.model.IntegrationSourceNotFoundException;
import software.amazon.awssdk.services.redshift.model.IntegrationTargetNotFoundException;
import software.amazon.awssdk.services.redshift.model.InvalidClusterSnapshotStateException;
import software.amazon.awssdk.services.redshift.model.InvalidClusterStateException;
import software.amazon.awssdk.services.redshift.model.RedshiftException;
import software.amazon.awssdk.services.redshift.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshift.model.UnauthorizedOperationException;

/** Redshift's exceptions. */
final class RedshiftErrors {
    private static final int BAD_REQUEST = 400;

    private RedshiftErrors() {}

    /** AWS has no modeled exception for members that break their constraints. */
    static RedshiftException invalid(String message, Object... values) {
        return error("InvalidParameterValue", message.formatted(values));
    }

    /** Members that are right each, and not together. */
    static RedshiftException combination(String message, Object... values) {
        return error("InvalidParameterCombination", message.formatted(values));
    }

    private static RedshiftException error(String code, String message) {
        return (RedshiftException) RedshiftException.builder()
                .statusCode(BAD_REQUEST)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    static ClusterAlreadyExistsException exists(String cluster) {
        return ClusterAlreadyExistsException.builder()
                .message("Cluster %s already exists.".formatted(cluster))
                .build();
    }

    static ClusterNotFoundException noCluster(String cluster) {
        return ClusterNotFoundException.builder()
                .message("Cluster %s not found.".formatted(cluster))
                .build();
    }

    static InvalidClusterStateException state(String cluster, String status, String wanted) {
        return InvalidClusterStateException.builder()
                .message("Cluster %s is %s; it must be %s for this.".formatted(cluster, status, wanted))
                .build();
    }

    /**
     * A cluster cannot be deleted now.
     *
     * @param what is done with it
     */
    static InvalidClusterStateException running(String what) {
        return InvalidClusterStateException.builder()
                .message(("There is an operation running on the Cluster. Please try to delete it at a later time."
                                + " The operation: %s.")
                        .formatted(what))
                .build();
    }

    static ClusterSnapshotAlreadyExistsException snapshotExists(String snapshot) {
        return ClusterSnapshotAlreadyExistsException.builder()
                .message("Snapshot %s already exists.".formatted(snapshot))
                .build();
    }

    static ClusterSnapshotNotFoundException noSnapshot(String snapshot) {
        return ClusterSnapshotNotFoundException.builder()
                .message("Snapshot %s not found.".formatted(snapshot))
                .build();
    }

    static InvalidClusterSnapshotStateException snapshotState(String snapshot, String status, String wanted) {
        return InvalidClusterSnapshotStateException.builder()
                .message("Snapshot %s is %s; it must be %s.".formatted(snapshot, status, wanted))
                .build();
    }

    static ResourceNotFoundException noResource(String arn) {
        return ResourceNotFoundException.builder()
                .message("Resource %s not found.".formatted(arn))
                .build();
    }

    static IntegrationAlreadyExistsException integrationExists(String name) {
        return IntegrationAlreadyExistsException.builder()
                .message("Integration %s already exists.".formatted(name))
                .build();
    }

    static IntegrationNotFoundException noIntegration(String arn) {
        return IntegrationNotFoundException.builder()
                .message("Integration %s not found.".formatted(arn))
                .build();
    }

    static IntegrationSourceNotFoundException noSource(String arn) {
        return IntegrationSourceNotFoundException.builder()
                .message("SourceArn %s is no bucket of this account and region.".formatted(arn))
                .build();
    }

    static IntegrationTargetNotFoundException noTarget(String arn) {
        return IntegrationTargetNotFoundException.builder()
                .message(
                        ("TargetArn %s must be the ARN of a Redshift Serverless namespace with a workgroup, or of a cluster's"
                                        + " namespace, of this account and region.")
                                .formatted(arn))
                .build();
    }

    static UnauthorizedOperationException unauthorized(String message, Object... values) {
        return UnauthorizedOperationException.builder()
                .message(message.formatted(values))
                .build();
    }

    /** Refuses members of a request that are not acted on. */
    static void checkMembers(SdkPojo request, Set<String> supported) {
        FieldPaths.unsupported(request, supported).ifPresent(path -> {
            throw invalid("%s is not implemented by Groundplane; leave it out.", path);
        });
    }
}

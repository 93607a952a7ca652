package dev.groundplane.services.rds;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.DbClusterAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.DbClusterParameterGroupNotFoundException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.DbInstanceAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbParameterGroupAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.IntegrationAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.IntegrationConflictOperationException;
import software.amazon.awssdk.services.rds.model.IntegrationNotFoundException;
import software.amazon.awssdk.services.rds.model.IntegrationQuotaExceededException;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterSnapshotStateException;
import software.amazon.awssdk.services.rds.model.InvalidDbClusterStateException;
import software.amazon.awssdk.services.rds.model.InvalidDbInstanceStateException;
import software.amazon.awssdk.services.rds.model.InvalidDbParameterGroupStateException;
import software.amazon.awssdk.services.rds.model.RdsException;

/** RDS's exceptions. */
final class RdsErrors {
    private static final int BAD_REQUEST = 400;

    private RdsErrors() {}

    /** AWS has no modeled exception for members that break their constraints. */
    static RdsException invalid(String message, Object... values) {
        return error("InvalidParameterValue", message.formatted(values));
    }

    /** Members that are right each, and not together. */
    static RdsException combination(String message, Object... values) {
        return error("InvalidParameterCombination", message.formatted(values));
    }

    private static RdsException error(String code, String message) {
        return (RdsException) RdsException.builder()
                .statusCode(BAD_REQUEST)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    static DbClusterAlreadyExistsException clusterExists(String cluster) {
        return DbClusterAlreadyExistsException.builder()
                .message("DB Cluster %s already exists.".formatted(cluster))
                .build();
    }

    static DbClusterNotFoundException noCluster(String cluster) {
        return DbClusterNotFoundException.builder()
                .message("DBCluster %s not found.".formatted(cluster))
                .build();
    }

    static InvalidDbClusterStateException clusterState(String cluster, String status, String wanted) {
        return clusterState("DB cluster %s is %s; it must be %s for this.".formatted(cluster, status, wanted));
    }

    static InvalidDbClusterStateException clusterState(String message) {
        return InvalidDbClusterStateException.builder().message(message).build();
    }

    static DbInstanceAlreadyExistsException instanceExists(String instance) {
        return DbInstanceAlreadyExistsException.builder()
                .message("DB Instance %s already exists.".formatted(instance))
                .build();
    }

    static DbInstanceNotFoundException noInstance(String instance) {
        return DbInstanceNotFoundException.builder()
                .message("DBInstance %s not found.".formatted(instance))
                .build();
    }

    static InvalidDbInstanceStateException instanceState(String instance, String status, String wanted) {
        return InvalidDbInstanceStateException.builder()
                .message("DB instance %s is %s; it must be %s for this.".formatted(instance, status, wanted))
                .build();
    }

    static DbClusterParameterGroupNotFoundException noParameterGroup(String name) {
        return DbClusterParameterGroupNotFoundException.builder()
                .message("DBClusterParameterGroup not found: %s".formatted(name))
                .build();
    }

    static DbParameterGroupAlreadyExistsException parameterGroupExists(String name) {
        return DbParameterGroupAlreadyExistsException.builder()
                .message("Parameter group %s already exists.".formatted(name))
                .build();
    }

    static InvalidDbParameterGroupStateException parameterGroupState(String message) {
        return InvalidDbParameterGroupStateException.builder().message(message).build();
    }

    static DbClusterSnapshotNotFoundException noSnapshot(String snapshot) {
        return DbClusterSnapshotNotFoundException.builder()
                .message("DBClusterSnapshot %s not found.".formatted(snapshot))
                .build();
    }

    static DbClusterSnapshotAlreadyExistsException snapshotExists(String snapshot) {
        return DbClusterSnapshotAlreadyExistsException.builder()
                .message("Cannot create the cluster snapshot because one with the identifier %s already exists."
                        .formatted(snapshot))
                .build();
    }

    static InvalidDbClusterSnapshotStateException snapshotState(String message) {
        return InvalidDbClusterSnapshotStateException.builder().message(message).build();
    }

    /** As AWS answers for the kind of resource that an ARN is of. */
    static RdsException noResource(String arn) {
        String[] parts = arn.split(":", 7);
        if (parts.length < 7) {
            return invalid("ResourceName '%s' must be an ARN of RDS's.", arn);
        }
        return switch (parts[5]) {
            case "cluster" -> noCluster(parts[6]);
            case "db" -> noInstance(parts[6]);
            case "cluster-pg" -> noParameterGroup(parts[6]);
            case "cluster-snapshot" -> noSnapshot(parts[6]);
            default -> invalid("ResourceName '%s' is of no kind that Groundplane has.", arn);
        };
    }

    /** Refuses members of a request that are not acted on. */
    static void checkMembers(SdkPojo request, Set<String> supported) {
        FieldPaths.unsupported(request, supported).ifPresent(path -> {
            throw invalid("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    static IntegrationNotFoundException noIntegration(String identifier) {
        return IntegrationNotFoundException.builder()
                .message("Integration %s not found.".formatted(identifier))
                .build();
    }

    static IntegrationAlreadyExistsException integrationExists(String name) {
        return IntegrationAlreadyExistsException.builder()
                .message("Integration %s already exists.".formatted(name))
                .build();
    }

    static IntegrationQuotaExceededException tooManyIntegrations(String source, int most) {
        return IntegrationQuotaExceededException.builder()
                .message("%s has %d integrations already, which is as many as there may be.".formatted(source, most))
                .build();
    }

    static IntegrationConflictOperationException integrationConflict(String message) {
        return IntegrationConflictOperationException.builder().message(message).build();
    }
}

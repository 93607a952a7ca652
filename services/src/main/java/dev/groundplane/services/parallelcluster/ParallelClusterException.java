package dev.groundplane.services.parallelcluster;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import java.util.List;

/** A refusal, as ParallelCluster's REST API answers it. */
public final class ParallelClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<ConfigValidationMessage> validationErrors;

    private ParallelClusterException(int status, String message, List<ConfigValidationMessage> validationErrors) {
        super(message);
        this.status = status;
        this.validationErrors = validationErrors;
    }

    /** 400: the request is wrong. */
    public static ParallelClusterException badRequest(String message) {
        return new ParallelClusterException(400, "Bad Request: " + message, List.of());
    }

    /** 400: the configuration is wrong. */
    public static ParallelClusterException invalid(List<ConfigValidationMessage> errors) {
        return new ParallelClusterException(400, "Bad Request: Configuration is invalid", List.copyOf(errors));
    }

    /** 404: there is no such cluster. */
    public static ParallelClusterException notFound(String cluster) {
        return new ParallelClusterException(
                404,
                "Cluster '%s' does not exist or belongs to an incompatible ParallelCluster major version."
                        .formatted(cluster),
                List.of());
    }

    /** 409: not now. */
    public static ParallelClusterException conflict(String message) {
        return new ParallelClusterException(409, message, List.of());
    }

    /** 412: a dry run found nothing that speaks against it. */
    public static ParallelClusterException dryRun(List<ConfigValidationMessage> messages) {
        return new ParallelClusterException(
                412, "Request would have succeeded, but DryRun flag is set.", List.copyOf(messages));
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problems of the configuration; {@code configurationValidationErrors} of a 400, {@code validationMessages} of a 412. */
    public List<ConfigValidationMessage> validationErrors() {
        return validationErrors;
    }
}

package dev.groundplane.services.redshiftdata;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshiftdata.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftdata.model.ValidationException;

/** The Data API's modeled exceptions. */
final class DataErrors {
    private DataErrors() {}

    static ValidationException invalid(String message, Object... values) {
        return ValidationException.builder().message(message.formatted(values)).build();
    }

    /** A statement that is not there, or somebody else's. */
    static ResourceNotFoundException notFound(String id) {
        return missing("Query does not exist.", id);
    }

    static ResourceNotFoundException missing(String message, String id) {
        return ResourceNotFoundException.builder()
                .message(message)
                .resourceId(id)
                .build();
    }

    /** Refuses members of a request that are not acted on. */
    static void checkMembers(SdkPojo request, Set<String> supported) {
        FieldPaths.unsupported(request, supported).ifPresent(path -> {
            throw invalid("%s is not implemented by Groundplane; leave it out.", path);
        });
    }
}

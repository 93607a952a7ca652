package dev.groundplane.services.redshiftserverless;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshiftserverless.model.AccessDeniedException;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.TooManyTagsException;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

/** Redshift Serverless's modeled exceptions. */
final class RedshiftErrors {
    private RedshiftErrors() {}

    static ValidationException invalid(String message, Object... values) {
        return ValidationException.builder().message(message.formatted(values)).build();
    }

    static ConflictException conflict(String message, Object... values) {
        return ConflictException.builder().message(message.formatted(values)).build();
    }

    static AccessDeniedException denied(String message, Object... values) {
        return AccessDeniedException.builder()
                .message(message.formatted(values))
                .build();
    }

    static TooManyTagsException tooManyTags(int most, long wanted) {
        return TooManyTagsException.builder()
                .message("A resource may have %d tags, not %d.".formatted(most, wanted))
                .build();
    }

    /** @param what {@code namespace} or {@code workgroup} */
    static ResourceNotFoundException notFound(String what, String name) {
        return ResourceNotFoundException.builder()
                .message("%s %s does not exist.".formatted(what, name))
                .resourceName(name)
                .build();
    }

    /** Refuses members of a request that are not acted on. */
    static void checkMembers(SdkPojo request, Set<String> supported) {
        FieldPaths.unsupported(request, supported).ifPresent(path -> {
            throw invalid("%s is not implemented by Groundplane; leave it out.", path);
        });
    }
}
